import type { RunningRegion } from '../../../src/demo/region.ts';

/** What remote text may hold to act on a terminal, or to break a screen. */
export const HOSTILE: readonly string[] = [
  'clears\x1b[2J\x1b[H\x1b[31mred',
  'titles\x1b]0;owned\x07 links\x1b]8;;https://example.com\x1b\\here',
  'asks\x1b[c\x1b[6n\x1bP$qm\x1b\\\x9b2J',
  'overwrites\rowned\b\b\b\x7f\0',
  'turns \u202eowned\u202c \u2066around\u2069 \u200fit\u061c',
  'wide 日本語のログ 한국어 👩‍👩‍👧‍👦 🇩🇪 ﷽',
  `combining ${'e\u0301\u0327\u0330'.repeat(30)} z\u0335\u0322\u030a`,
  `long ${'x'.repeat(5_000)} owned`,
  'several\nlines\r\nof\x0b\x0cone\u2028text\u2029',
  'tabs\tand\u00a0spaces\u3000of\u200bmany\ufeffkinds owned',
  'lone \ud800 halves \udc00',
  '',
];

const LOG_GROUPS = ['/ecs/openmetadata-ingestion', 'airflow-data-prod-Task', 'airflow-data-prod-Scheduler'];

/** Fills a region with hostile text wherever an owner, or somebody who got in, may write it. */
export function makeHostile({ region }: RunningRegion): void {
  const { ecs, logs, mwaa, s3, clock } = region;
  const batch = ecs.cluster('batch');
  for (const [at, text] of HOSTILE.entries()) {
    if (batch !== undefined && text !== '') {
      ecs.addCluster({ ...batch, name: text, capacityProviders: [text], tags: new Map([[text, text]]) });
    }
    for (const group of LOG_GROUPS) {
      const events = [{ timestamp: clock.now() - 1000, message: text }];
      logs.write(group, `${group}/${text}`, events, { delay: 0 });
    }
    if (text !== '') logs.createGroup(text);
    s3.put(
      'mwaa-data-prod-123456789012',
      `dags/broken_${at}.py`,
      `from airflow import DAG\nraise ValueError("${text}")\n`,
    );
  }
  for (const cluster of ecs.clusters()) {
    for (const [at, task] of ecs.tasksOf(cluster.name).entries()) {
      const text = HOSTILE[at % HOSTILE.length] ?? '';
      task.tags.set(text, text);
      if (task.stoppedReason !== undefined) task.stoppedReason = text;
      for (const container of task.containers) container.reason = text;
    }
  }
  for (const environment of mwaa.environments()) {
    for (const text of HOSTILE) environment.tags.set(text, text);
    const { lastUpdate } = environment;
    if (lastUpdate?.error === undefined) continue;
    const message = HOSTILE.slice(0, 6).join(' ');
    environment.lastUpdate = { ...lastUpdate, error: { ...lastUpdate.error, message } };
  }
}

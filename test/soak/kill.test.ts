import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { type KilledRuns, killedRuns } from '../e2e/killed-runs.ts';
import { CANARY } from '../support/pipelines.ts';

let runs: KilledRuns;
beforeEach(async () => {
  runs = await killedRuns(inject('program'));
});
afterEach(() => runs?.close());

interface Step {
  readonly id: string;
  readonly kind: string;
  readonly resource: string;
}

const FRESH = [
  ...['--cluster', 'killed', '--log-group', '/ecs/killed', '--execution-role', 'killed-start'],
  ...['--task-role', 'killed-task'],
];

/** What a run says as it begins with a step; `resume` names it by its id. */
function begins(word: 'running' | 'undoing', { id, kind, resource }: Step): RegExp {
  return new RegExp(`${word} +(${id}|${kind} +${resource.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')})\\n`);
}

test.each([
  { mode: 'ecs', name: 'data-prod', options: FRESH },
  { mode: 'python', name: 'data-prod', options: [] },
  { mode: 'virtualenv', name: 'legacy', options: [] },
])(
  'a deployment in $mode mode, killed by SIGKILL in every step, and its undo as well',
  {
    timeout: 900_000,
  },
  async ({ mode, name, options }) => {
    const wanted = [name, '--mode', mode, '--pipeline', runs.pipeline, ...options];
    const planned = async () => {
      const { out, err } = await runs.run(['plan', ...wanted, '-o', 'json']);
      expect(out, err).not.toBe('');
      return (JSON.parse(out) as { steps: Step[] }).steps;
    };
    const steps = await planned();
    const deploy = ['deploy', ...wanted, '--yes', '--confirm', name];
    const killedAt = async (argv: readonly string[], word: 'running' | 'undoing', step: Step) => {
      const { killed, err } = await runs.run(argv, begins(word, step));
      expect(killed, `${word} ${step.id}: ${err}`).toBe(true);
    };
    const [first, ...others] = steps;
    if (first === undefined) throw new Error('Nothing is to be done.');
    // Its configuration may not have been stored: then it is closed, and whoever has the pipeline begins anew.
    await killedAt(deploy, 'running', first);
    const closed = await runs.run(['resume', name, '-o', 'json']);
    expect(['done', 'undone'], closed.err).toContain(JSON.parse(closed.out).state);
    if (JSON.parse(closed.out).state === 'done') await runs.run(['undo', name, '--yes', '--confirm', name]);
    for (const [at, step] of others.entries()) {
      await killedAt(at === 0 ? deploy : ['resume', name], 'running', step);
    }
    const resumed = await runs.run(['resume', name, '-o', 'json']);
    expect(resumed.code, resumed.err).toBe(0);
    expect(JSON.parse(resumed.out)).toMatchObject({ state: 'done' });
    expect(await planned()).toEqual([]);

    const { out: preview } = await runs.run(['deployments', name, '-o', 'json']);
    const [journal] = JSON.parse(preview) as { steps: Step[] }[];
    for (const [at, step] of (journal?.steps ?? []).toReversed().entries()) {
      const argv = at === 0 ? ['undo', name, '--yes', '--confirm', name] : ['resume', name];
      await killedAt(argv, 'undoing', step);
    }
    const undone = await runs.run(['resume', name, '-o', 'json']);
    expect(JSON.parse(undone.out), undone.err).toMatchObject({ state: 'undone' });
    expect((await planned()).map(({ id }) => id)).toEqual(steps.map(({ id }) => id));
    expect(runs.everything().filter((text) => text.includes(CANARY))).toEqual([]);
  },
);

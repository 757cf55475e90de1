import { expect } from 'vitest';
import type { VirtualRegion } from '../support/virtual-region.ts';

/** What no undo can take back and `worldOf` does not tell, by the words that name it in a preview. */
export type Traces = ReadonlyMap<string, string>;

export function tracesIn({ running }: VirtualRegion, environment = 'data-prod'): Traces {
  const { ecs, secrets, mwaa } = running.region;
  const inactive = ecs.definitions().filter(({ status }) => status !== 'ACTIVE');
  const scheduled = secrets.all().filter(({ deletion }) => deletion !== undefined);
  const dags = (mwaa.airflow(environment)?.dags() ?? []).filter(({ active }) => !active);
  return new Map([
    ...inactive.map(({ family, revision }) => [`${family}:${revision}, which ECS keeps`, 'inactive'] as const),
    ...scheduled.map(({ name }) => [`the secret ${name}`, 'scheduled for deletion'] as const),
    ...dags.map(({ definition }) => [`what Airflow remembers of ${definition.dagId} `, 'inactive'] as const),
    [`${environment}'s last update`, String(mwaa.environment(environment)?.lastUpdate?.createdAt)],
  ]);
}

/** That a preview has said, entry by entry, what an undo left: neither more nor less, beside the history itself. */
export function expectSaid(remains: readonly string[], before: Traces, after: Traces): void {
  const left = [...after].filter(([name, state]) => before.get(name) !== state).map(([name]) => name);
  expect(remains.at(-1)).toBe("the deployment's journal, and the earlier versions that S3 keeps");
  expect(
    remains
      .slice(0, -1)
      .map((text) => left.find((name) => text.includes(name)) ?? text)
      .sort(),
  ).toEqual(left.sort());
}

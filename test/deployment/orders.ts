import { expect } from 'vitest';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { apply, plan, settle, undo, type Wanted } from './bench.ts';

const BUCKET = 'mwaa-data-prod-123456789012';

/** Three ingestions that share an environment, each by an operator of its own. */
const INGESTIONS: Readonly<Record<string, Wanted>> = {
  one: { mode: 'ecs', options: { dagId: 'one', cluster: 'shared', logGroup: '/ecs/shared' } },
  two: { mode: 'python', options: { dagId: 'two' } },
  three: { mode: 'virtualenv', options: { dagId: 'three' } },
};
const NAMES = Object.keys(INGESTIONS);

type Order = readonly [number, number, number];

/** Every order of three. */
export const ORDERS: readonly Order[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** Everything that an ingestion owns. */
function own({ running }: VirtualRegion, dagId: string): string {
  const { s3, secrets, iam, ecs, mwaa } = running.region;
  const text = (key: string, version?: string) => s3.object(BUCKET, key, version)?.body.toString('utf8');
  const environment = mwaa.environment('data-prod');
  const dag = environment?.airflow?.dag(dagId);
  const requirements = text('requirements.txt', environment?.settings.requirements?.version) ?? '';
  return JSON.stringify([
    text(`dags/${dagId}.py`),
    text(`mwaa-console/data-prod/ingestions/${dagId}.json`),
    secrets.value(`mwaa-console/data-prod/${dagId}`),
    iam.roles().map((role) => [...role.inline].filter(([name]) => name === `mwaa-console-${dagId}`)),
    ecs
      .definitions()
      .filter(({ family, status }) => family === `data-prod-${dagId}` && status === 'ACTIVE')
      .map(({ arn }) => arn),
    dag?.active === true && !dag.paused,
    requirements.split('\n').filter((line) => line.startsWith(`# ${dagId} needs`)),
  ]);
}

/** Deploys the three in one order and takes them back in another; none of it touches what the others own. */
export async function inOrder(region: VirtualRegion, deployed: Order, undone: Order): Promise<void> {
  const session = await region.open();
  const ids = new Map<string, string>();
  const untouched = new Map(NAMES.map((name) => [name, own(region, name)]));
  const alone = async (name: string, act: () => Promise<void>) => {
    const rest = NAMES.filter((each) => each !== name);
    const before = rest.map((each) => own(region, each));
    await act();
    await settle(region);
    expect(
      rest.map((each) => own(region, each)),
      `${name} in ${deployed}, ${undone}`,
    ).toEqual(before);
  };
  for (const at of deployed) {
    const name = NAMES[at] ?? '';
    await alone(name, async () => {
      const { outcome } = await apply(await plan(session, region, INGESTIONS[name]));
      expect(outcome.failure?.stack).toBeUndefined();
      ids.set(name, outcome.deployment);
    });
    expect(own(region, name)).not.toBe(untouched.get(name));
  }
  for (const at of undone) {
    const name = NAMES[at] ?? '';
    await alone(name, async () => {
      expect((await undo(session, 'data-prod', ids.get(name))).outcome.failure?.stack).toBeUndefined();
    });
    expect(own(region, name)).toBe(untouched.get(name));
  }
}

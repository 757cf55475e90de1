import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAirflow } from '../../src/airflow/airflow.ts';
import { type TestRegion, testRegion } from '../support/region.ts';
import { openDemo, SIZES, select } from './support/scenario.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await testRegion(30);
});
afterAll(() => region.close());

describe('a DAG run', () => {
  const size = SIZES[0];
  test.each([
    ['data-prod', '2.10.3', 'snowflake_metadata'],
    ['analytics', '3.2.1', 'dbt_metadata'],
  ] as const)('of %s (Airflow %s) leads to its ECS task, and back', async (environment, airflowVersion, dagId) => {
    const runId = `manual__${size.columns}`;
    const session = await region.open();
    const airflow = openAirflow(session, { name: environment, airflowVersion });
    await airflow.setPaused(dagId, false, AbortSignal.timeout(30_000));
    await airflow.trigger(dagId, { runId }, AbortSignal.timeout(30_000));
    const screen = await openDemo(region, { ...size, route: { kind: 'dag', environment, airflowVersion, dagId } });
    await screen.sees(new RegExp(`${runId} +\\w+ +(provisioning|pending|activating|running|exit)`));
    await select(screen, runId);
    await screen.press('x');
    await screen.sees(/task \w{4}…\w{4}/);
    await screen.sees('provisioning');
    await screen.press('x');
    await screen.sees(`Runs of ${dagId}`);
    await screen.sees(`Started by the run ${runId}`);
    await screen.until(() => screen.selected()?.includes(runId) === true, 'that run is selected');
    expect(await screen.close()).toBe(0);
  });
});

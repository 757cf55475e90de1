import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestRegion, testRegion } from '../support/region.ts';
import { openDemo, openEnvironment, SIZES, select } from './support/scenario.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await testRegion(1);
});
afterAll(() => region.close());

describe.each(SIZES)("an environment's tabs at $columns x $rows", (size) => {
  test('overview, ingestion, DAGs, log groups, connection, history', async () => {
    const screen = await openDemo(region, size);
    await openEnvironment(screen, 'data-prod');
    await screen.sees('mwaa-data-prod-role');
    await screen.sees('AVAILABLE');
    await screen.press('G');
    await screen.sees('airflow-data-prod-Task');
    await screen.press('/');
    await screen.type('plugins');
    await screen.press('enter');
    await screen.sees('the newest');

    await screen.press('2');
    await screen.sees('Ingestions of data-prod 4');
    await select(screen, 'snowflake_metadata');
    await screen.sees('as it was deployed');
    await screen.sees('active, next run in');

    await screen.press('3');
    await screen.sees('DAGs of data-prod');
    await select(screen, 'kafka_metadata');
    await screen.press('enter');
    await screen.sees('Runs of kafka_metadata');
    await screen.sees('Tasks of ');
    await screen.press('escape', '4');
    await screen.sees('/ecs/openmetadata-ingestion');
    await screen.sees('30 days');

    await screen.press('5');
    await screen.sees('AirflowMetadata');
    await screen.press('6');
    await screen.sees(/Deployments into data-prod/);
    await screen.press('escape');
    await screen.sees('ECS clusters');
    expect(await screen.close()).toBe(0);
  });

  test('a failed update shows its error, and what installing the requirements logged', async () => {
    const screen = await openDemo(region, size);
    await openEnvironment(screen, 'legacy');
    await screen.sees('INCORRECT_CONFIGURATION');
    await screen.press('e');
    await screen.sees('streams requirements_install');
    await screen.sees('Installing Python dependencies');
    await screen.press('e');
    await screen.until(() => /^>.*ERROR: pip/m.test(screen.text()), 'the cursor is on the newest error');
    expect(await screen.close()).toBe(0);
  });

  test('what a key can not do here it says, and wrong names are told', async () => {
    const screen = await openDemo(region, size);
    await openEnvironment(screen, 'data-prod');
    await screen.sees('AVAILABLE');
    await screen.press('R');
    await screen.sees('Select an ingestion first');
    await screen.press('T');
    await screen.sees('Select a DAG first');
    await screen.press('e');
    await screen.sees('Its last update has not failed');
    await screen.run('env', 'nowhere');
    await screen.sees(/nowhere/);
    await screen.sees(/not found|does not exist|no environment/i);
    await screen.press('escape');
    await screen.sees('data-prod › overview');
    expect(await screen.close()).toBe(0);
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyView } from '../../src/console/views/apply.tsx';
import type { Progress } from '../../src/console/views/apply-progress.ts';
import { type TestRegion, testRegion } from '../support/region.ts';
import { fakeSession } from './support/fake-session.ts';
import { openDemo, openEnvironment, select } from './support/scenario.ts';
import { openScreen, type Screen } from './support/screen.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await testRegion(20);
  // Airflow finds no new file by itself, so that there is time to look around.
  const { settings } = region.running.region.mwaa.environment('data-prod') ?? {};
  Object.assign(settings?.options ?? {}, { 'scheduler.dag_dir_list_interval': '1000000000' });
});
afterAll(() => region.close());

async function deploy(screen: Screen): Promise<void> {
  await screen.run('env', 'data-prod');
  await screen.sees('AVAILABLE');
  await screen.press('I');
  await screen.sees('recommended');
  await screen.press('enter');
  await screen.sees('What should be ingested?');
  await screen.press('2');
  await screen.sees('OpenMetadata server');
  await screen.press('ctrl+s');
  await screen.sees('No fault was found');
  await screen.press('enter');
  await screen.sees('Where should it run, and when?');
  await screen.press('ctrl+s');
  await screen.sees(/\d+ to create/);
  // What the screen is there for stays in the footer, however narrow it is.
  await screen.sees('I deploy');
  await screen.press('I');
  await screen.sees('deploy it');
  await screen.press('y');
  await screen.sees('redshift_ingestion to data-prod');
}

test('a deployment goes on when its screen is left; quitting asks, and the journal keeps how far it came', async () => {
  const screen = await openDemo(region, { columns: 80, rows: 24 });
  await deploy(screen);
  await screen.sees(/running .* Airflow/);
  await screen.press('escape', 'escape');
  await screen.sees('ECS clusters');
  // Work under way leaves the keys' hints their room.
  await screen.sees(/I ingest .* deploy redshift_inges\w*… $/m);
  await screen.run('env', 'data-prod');
  await screen.press('2');
  await screen.sees('deploying, 6 of 7: redshift');
  const later = await openDemo(region, { columns: 80, rows: 24 });
  await openEnvironment(later, 'data-prod', '6');
  await later.sees(/applying at \d of 7/);
  await select(later, 'redshift_ingestion');
  await later.press('enter');
  await later.sees('Not finished');
  await screen.press('escape');
  await screen.press('q');
  await screen.sees('Work is under way');
  await screen.sees('stops after the current request');
  await screen.press('n');
  await screen.gone('Work is under way');
  await screen.press('q');
  await screen.press('y');
  expect(await screen.ended).toBe(0);

  await later.sees('Nobody carries it on');
  await later.sees(/paused +· Airflow/);
  await later.sees(/done .*secret/);
  region.running.region.mwaa.environment('data-prod')?.airflow?.folder.reload();
  await later.press('C');
  await later.sees('go on with it');
  await later.press('y');
  await later.sees(/done +\S+ +~ unpause/);
  await later.sees('Deployed. R runs it now');
  await later.press('C');
  await later.sees('There is nothing to resume in data-prod');
  await later.press('U');
  await later.sees('Remains:');
  await later.press('y');
  await later.sees(/undone +\S+ +- secret/);
  await later.sees('Taken back.');
  expect(await later.close()).toBe(0);
});

test('a deployment that fails says at which step, why, and what to do; it is taken back from there', async () => {
  const message = 'User: x is not authorized to perform: iam:PassRole on resource: y';
  const denied = { kind: 'error', status: 400, code: 'AccessDeniedException', message };
  await region.fault({ service: 'ecs', operation: 'RegisterTaskDefinition', fault: denied });
  const screen = await openDemo(region, { columns: 60, rows: 20 });
  await deploy(screen);
  await screen.sees(/failed at \d of \d/);
  await screen.sees(/> failed +\S+ +\+ task definition/);
  await screen.sees('Not allowed: iam:PassRole on y.');
  await screen.sees('Ask for this permission');
  await screen.sees(/C goes on where it stopped, U +│/);
  await screen.press('U');
  await screen.sees('Remains:');
  await screen.press('y');
  await screen.sees('Taken back.');
  expect(await screen.close()).toBe(0);
});

test('the step under way stays in sight as others become it, until somebody has moved away from it', async () => {
  const steps = Array.from({ length: 30 }, (_, index) => ({
    id: `${index}`,
    kind: 'role-policy' as const,
    action: 'create' as const,
    resource: `policy-${index}`,
  }));
  const at = (index: number): Progress['progress'] =>
    Object.fromEntries(steps.slice(0, index + 1).map(({ id }, of) => [id, { state: of < index ? 'done' : 'running' }]));
  const screen = await openScreen({ session: async () => fakeSession(), views: [applyView], columns: 60, rows: 20 });
  const { jobs, router } = screen.console;
  const goOn = Promise.withResolvers<(change: (data: Progress) => Progress) => void>();
  const end = Promise.withResolvers<{ text: string; tone: 'ok' }>();
  const names = { environment: 'data-prod', dagId: 'dbt', deployment: '20261129T0921-3673' };
  const initial: Progress = { ...names, direction: 'forward', steps, progress: at(0) };
  const job = jobs.start<Progress>({
    title: 'deploy dbt',
    onQuit: 'it stops',
    initial,
    work: ({ update }) => {
      goOn.resolve(update);
      return end.promise;
    },
  });
  router.push({ kind: 'apply', environment: 'data-prod', job: job.id });
  await screen.sees(/> running .* policy-0/);
  const update = await goOn.promise;
  for (const step of [12, 21, 29]) {
    update((data) => ({ ...data, progress: at(step) }));
    await screen.sees(new RegExp(`> running .* policy-${step}`));
  }
  await screen.press('home');
  await screen.sees(/> done .* policy-0/);
  update((data) => ({ ...data, progress: at(15) }));
  await screen.sees('16 of 30');
  await screen.sees(/> done .* policy-0/);
  end.resolve({ text: 'done', tone: 'ok' });
  expect(await screen.close()).toBe(0);
});

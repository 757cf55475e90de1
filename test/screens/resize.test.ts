import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Route } from '../../src/console/routes.ts';
import { type TestRegion, testRegion } from '../support/region.ts';
import { openDemo } from './support/scenario.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await testRegion(1);
});
afterAll(() => region.close());

const ROUTES: readonly (readonly [route: Route, content: string])[] = [
  [{ kind: 'dashboard' }, 'data-prod'],
  [{ kind: 'environment', name: 'data-prod', tab: 'overview' }, 'AVAILABLE'],
  [{ kind: 'environment', name: 'data-prod', tab: 'ingestion' }, 'kafka_metadata'],
  [{ kind: 'environment', name: 'data-prod', tab: 'connection' }, 'AirflowMetadata'],
  [{ kind: 'deploy', environment: 'data-prod' }, 'recommended'],
  [{ kind: 'dag', environment: 'data-prod', airflowVersion: '2.10.3', dagId: 'kafka_metadata' }, 'Tasks of '],
  [{ kind: 'cluster', name: 'platform', tab: 'tasks' }, 'running'],
  [{ kind: 'logs', groups: ['/ecs/openmetadata-ingestion'], since: '1d' }, 'following'],
];
const SIZES = [
  [60, 15],
  [200, 50],
  [80, 24],
  [61, 40],
  [160, 16],
  [120, 40],
] as const;

test.each(ROUTES)('%j keeps within the screen at every size', async (route, content) => {
  const screen = await openDemo(region, { columns: 120, rows: 40, route });
  await screen.sees(content);
  for (const [columns, rows] of SIZES) {
    await screen.resize(columns, rows);
    await screen.until(
      () => (screen.lines().at(-1) ?? '').includes('? help'),
      `the footer stands at ${columns}x${rows}`,
    );
    await screen.until(() => screen.row('123456789012') !== undefined, 'the header stands');
    for (const line of screen.lines()) expect(line.length, screen.framed()).toBeLessThanOrEqual(columns);
    // A panel's right border is in the last column: nothing in it is longer or shorter than the panel.
    for (const line of screen.lines().filter((each) => each.startsWith('│'))) {
      expect(line.length, screen.framed()).toBe(columns);
      expect(line.endsWith('│'), screen.framed()).toBe(true);
    }
    expect(screen.stdout.terminal.buffer.active.baseY).toBe(0);
  }
  await screen.resize(59, 14);
  await screen.sees('Too small: 59x14');
  expect(await screen.close()).toBe(0);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Route } from '../../src/console/routes.ts';
import { type TestRegion, testRegion } from '../support/region.ts';
import { openDemo } from './support/scenario.ts';
import type { Screen } from './support/screen.ts';

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

/** Header and footer stand in their rows, and each panel ends in the last column. */
function fits(screen: Screen): boolean {
  const lines = screen.lines();
  const panels = lines.filter((line) => /^[│┌└]/.test(line));
  return (
    (lines[0] ?? '').includes('123456789012') &&
    (lines.at(-1) ?? '').includes('? help') &&
    panels.every((line) => line.length === screen.stdout.columns && /[│┐┘]$/.test(line))
  );
}

test.each(ROUTES)('%j keeps within the screen at every size', async (route, content) => {
  const screen = await openDemo(region, { columns: 120, rows: 40, route });
  await screen.sees(content);
  for (const [columns, rows] of SIZES) {
    await screen.resize(columns, rows);
    // The first frame after a resize may still be the former one, cut off.
    await screen.until(() => fits(screen), `a frame of ${columns}x${rows} stands`);
    expect(screen.stdout.terminal.buffer.active.baseY).toBe(0);
  }
  await screen.resize(59, 14);
  await screen.sees('Too small: 59x14');
  expect(await screen.close()).toBe(0);
});

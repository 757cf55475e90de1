import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openEnvironment, select } from './support/scenario.ts';
import { openScreen, type Screen } from './support/screen.ts';
import { type StillRegion, stillRegion } from './support/still-region.ts';
import { pictureOf } from './support/svg.ts';

/**
 * The pictures of README and docs/screens, made by the console itself on a region whose time stands still.
 * `npm run docs` makes them anew.
 */
const SIZE = { columns: 110, rows: 30 };

// What a machine without a resolver says differs; the picture is that of one that asked and found nothing.
vi.mock('node:dns/promises', () => ({
  lookup: async (host: string) => {
    throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' });
  },
}));

let still: StillRegion;

beforeAll(async () => {
  still = await stillRegion();
});
afterAll(() => still.region.close());

/** The console on the dashboard, with all that the dashboard reads. */
async function open(): Promise<Screen> {
  const screen = await openScreen({
    ...SIZE,
    ...still.console(),
  });
  await screen.sees('3 need attention');
  return screen;
}

/**
 * Holds the screen, once everything that it waits for has come, against its picture. The region's port, another each
 * time, is told as the one that `demo` takes.
 */
async function picture(screen: Screen, name: string, title: string): Promise<void> {
  const { host, port } = new URL(still.region.url);
  const drawn = () =>
    pictureOf(screen.stdout, title).replaceAll(host, `127.0.0.1:${'4599'.padEnd(port.length, '\u00a0')}`);
  const file = new URL(`../../docs/screens/${name}.svg`, import.meta.url);
  const kept = await readFile(file, 'utf8').catch(() => '');
  // Where it never looks so, the comparison says what differs.
  await screen.until(() => drawn() === kept, `the screen looks like ${name}.svg`).catch(() => {});
  await expect(drawn()).toMatchFileSnapshot(fileURLToPath(file));
  expect(await screen.close()).toBe(0);
}

test('the dashboard', async () => {
  const screen = await open();
  for (const name of ['analytics', 'data-prod', 'openmetadata-ingestion']) await screen.sees(name);
  await select(screen, 'legacy');
  await screen.sees('Requirements could not be installed');
  await screen.sees('4, 1 failed');
  await screen.sees(/ok \d\d:\d\d in/);
  await picture(screen, 'dashboard', 'The dashboard: environments, clusters, and what is wrong with the selected one');
});

test('a plan before it is applied', async () => {
  const screen = await open();
  await select(screen, 'data-prod');
  await screen.press('I');
  await screen.sees('How should ingestion run in data-prod?');
  await screen.press('enter');
  await screen.sees('What should be ingested?');
  await screen.press('down', 'enter');
  await screen.sees('The server that the ingestion reports to');
  await screen.press('ctrl+s');
  await screen.sees('No fault was found');
  await screen.press('enter');
  await screen.sees('Where should it run, and when?');
  await screen.press('ctrl+s');
  await screen.sees(/\d+ to create/);
  await picture(screen, 'plan', 'A plan: steps, the diff of the selected one, checks');
});

test('the metadata database', async () => {
  const screen = await open();
  await openEnvironment(screen, 'data-prod', '5');
  await screen.sees('vpce-');
  await picture(screen, 'connection', 'The connection of a metadata database');
});

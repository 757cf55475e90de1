import { expect, test } from 'vitest';
import { dialogHints } from '../../src/console/dialog-hints.ts';
import { clusterTabs, environmentTabs } from '../../src/console/routes.ts';
import { views } from '../../src/console/views/index.ts';
import { play, scenarios } from './support/play.ts';

const looked = new Set<string>();

/** Each at three sizes, in colour, with the lines and marks of Unicode. */
test.each(await scenarios())('%s: %s', async (_name, _shows, scenario) => {
  for (const screen of await play(scenario, 'colour')) looked.add(screen);
});

test('together the scenarios look at every screen, tab and dialog', () => {
  const tabs: Readonly<Record<string, readonly string[]>> = { environment: environmentTabs, cluster: clusterTabs };
  const screens = views.flatMap(({ kind }) => tabs[kind]?.map((tab) => `${kind} ${tab}`) ?? [kind]);
  const dialogs = ['form', ...Object.keys(dialogHints)].map((kind) => `dialog ${kind}`);
  expect([...screens, ...dialogs].filter((each) => !looked.has(each))).toEqual([]);
});

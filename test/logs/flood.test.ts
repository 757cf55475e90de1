import { expect, test, vi } from 'vitest';
import { scaledClock } from '../../src/aws/clock.ts';
import { sessionAt } from '../aws/wire.ts';
import { openScreen } from '../screens/support/screen.ts';
import { flood } from './flood.ts';
import { localContainer } from './local-container.ts';

vi.setConfig({ testTimeout: 300_000 });

test('a container that floods, writes junk, lines of 300 KB and no end to its last line: all of it is printed', () =>
  flood(5_000, 1));

test.each([
  [80, 24],
  [160, 48],
])('the same in the view at %i x %i tears no screen', async (columns, rows) => {
  const container = await localContainer(2_000, 1);
  const answer = await fetch(`${container.url}/_demo/clock`);
  const { now, speed } = (await answer.json()) as { now: number; speed: number };
  const session = () => sessionAt(container.url, { clock: scaledClock(speed, now) });
  const route = { kind: 'logs', groups: [container.group], since: '1h' } as const;
  const screen = await openScreen({ session, route, columns, rows });
  try {
    await screen.sees('the end');
    await screen.sees(/2,005 lines/);
    await screen.press('w');
    for (const key of ['k', 'k', 'k', 'k', 'k', 'p', 'p', 'p', 'w', 'k', 'g', 'G']) {
      await screen.press(key);
      const shown = screen.lines();
      expect(shown).toHaveLength(rows);
      // The frame is where it belongs, whatever the lines hold.
      expect(shown[1]).toMatch(/^ Logs\b/);
      expect(shown[2]).toMatch(/^ \/ecs\/flood · since 1h/);
      expect(shown[rows - 1]).toContain('Enter open');
      for (const line of shown) expect([...line].length).toBeLessThanOrEqual(columns);
    }
    await screen.press('g', '/');
    await screen.type('torn');
    await screen.press('enter');
    await screen.sees('␛␛torn␇');
  } finally {
    await screen.close();
    await container.close();
  }
});

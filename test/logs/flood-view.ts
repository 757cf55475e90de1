import { expect } from 'vitest';
import { scaledClock } from '../../src/aws/clock.ts';
import { sessionAt } from '../aws/wire.ts';
import { openScreen } from '../screens/support/screen.ts';
import { localContainer } from './local-container.ts';

/** Lines that the view holds at most, as it says. */
const HELD = 200_000;
/** What the container writes after its lines: junk, a torn one, a long one in two, and one without its end. */
const OTHERS = 5;

/** Follows a container's flood in the console's view: it holds every line, or tells how many went, and tears no screen. */
export async function floodView(lines: number, seconds: number, columns: number, rows: number): Promise<void> {
  const container = await localContainer(lines, seconds);
  const answer = await fetch(`${container.url}/_demo/clock`);
  const { now, speed } = (await answer.json()) as { now: number; speed: number };
  const session = () => sessionAt(container.url, { clock: scaledClock(speed, now) });
  const route = { kind: 'logs', groups: [container.group], since: '1h' } as const;
  const screen = await openScreen({ session, route, columns, rows });
  try {
    await screen.sees('the end');
    const over = Math.max(0, lines + OTHERS - HELD);
    const held = `${(lines + OTHERS - over).toLocaleString('en-US')} lines`;
    await screen.sees(over === 0 ? held : `${over} oldest let go · ${held}`);
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
}

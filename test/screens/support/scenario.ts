import type { TestRegion } from '../../support/region.ts';
import { openScreen, type Screen, type ScreenOptions } from './screen.ts';

/** The sizes that every screen has to serve: the smallest terminal that is common, and an ordinary one. */
export const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
] as const;

/** The console on an embedded region, as `--demo` starts it. */
export function openDemo(
  region: TestRegion,
  {
    accessKeyId,
    readOnly = false,
    ...more
  }: Partial<ScreenOptions> & { accessKeyId?: string; readOnly?: boolean } = {},
): Promise<Screen> {
  return openScreen({
    session: () => region.open({ ...(accessKeyId === undefined ? {} : { accessKeyId }), readOnly }),
    ...more,
    options: {
      openmetadata: () => ({ url: `${region.url}/openmetadata/api`, token: 'embedded.demo-token.unsigned' }),
      readOnly,
      ...more.options,
    },
  });
}

/** Moves the selection of the focused table to the row that holds a text. */
export async function select(screen: Screen, text: string): Promise<void> {
  await screen.sees(text);
  await screen.until(() => screen.selected() !== undefined, 'a row is selected');
  await screen.press('home');
  for (let steps = 0; screen.selected()?.includes(text) !== true; steps += 1) {
    if (steps > 100) throw new Error(`No row has ${text}\n${screen.framed()}`);
    await screen.press('down');
  }
}

/** Opens an environment's tab by the palette and the tab's digit. */
export async function openEnvironment(screen: Screen, name: string, digit = '1'): Promise<void> {
  await screen.run('env', name);
  await screen.sees(/1 +overview/);
  await screen.press(digit);
}

/** Takes the choice of a list that matches. */
export async function choose(screen: Screen, wanted: (line: string) => boolean): Promise<void> {
  const marked = () => screen.lines().find((line) => line.startsWith(' > '));
  await screen.until(() => marked() !== undefined, 'a choice is marked');
  for (let steps = 0; !wanted(marked() ?? ''); steps += 1) {
    if (steps > 100) throw new Error(`There is no such choice\n${screen.framed()}`);
    await screen.press('down');
  }
  await screen.press('enter');
}

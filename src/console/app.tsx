import { Box, useApp, useInput, usePaste, useStdout, useWindowSize } from 'ink';
import { useEffect, useLayoutEffect, useMemo } from 'react';
import type { Console } from './console.ts';
import { createDispatcher } from './dispatcher.ts';
import { ConsoleContext, ThemeContext, useConsole, useStore } from './hooks.ts';
import { keyOf } from './keys.ts';
import { DialogLayer } from './widgets/dialogs.tsx';
import { Breadcrumb, Footer, Header } from './widgets/frame.tsx';
import { Rows } from './widgets/text.tsx';

/*
 * How to add a view: write src/console/views/<name>.tsx, give it a route in routes.ts if it needs a new one,
 * and add it to views/index.ts. A view is
 *
 *   export const clusterView = defineView<'cluster', ClusterState>({
 *     kind: 'cluster',
 *     crumbs: ({ name }) => [name],
 *     Component: ClusterScreen,            // gets { route, width, height } and takes exactly that many cells
 *     initialState: { task: undefined },   // what commands get before the component has told a state
 *     commands: [{ id: 'stop', title: 'Stop the task', keys: ['S'], where: 'cluster', writes: true, … }],
 *   });
 *
 * Its component reads with `useResource` or `useRead`, lists with `useTable` or `useResourceTable` and
 * `<TablePanel>`, shows text with `useTextPane` and `<Panel>` or `<Rows>`, asks with `<Select>` and `<Form>`,
 * and tells its commands what they act on by `useViewState`. Commands get that as `state`, and the console:
 * `console.router.push(route)`, `console.dialogs.confirm(…)`, `console.jobs.start(…)`, `console.openSession()`,
 * `console.notices.flash(…)`. What a command throws is told in the footer and kept in `!`.
 */

/** Below this a frame can't be read. */
const SMALLEST = { width: 60, height: 15 };
/** Header, breadcrumb and footer. */
const FRAME_ROWS = 3;

/**
 * Focus is reported, and no row goes on in the next: when the terminal gets narrower, Ink's first frame still has
 * the former width, and rows that wrap would push all others down.
 */
const MODES_ON = '\x1b[?1004h\x1b[?7l';
const MODES_OFF = '\x1b[?1004l\x1b[?7h';

/** The whole console: frame, the view of the route, the top dialog. */
export function App({ console }: { console: Console }) {
  return (
    <ConsoleContext.Provider value={console}>
      <ThemeContext.Provider value={console.theme}>
        <Screen />
      </ThemeContext.Provider>
    </ConsoleContext.Provider>
  );
}

function Screen() {
  const console = useConsole();
  const { columns, rows } = useWindowSize();
  const place = useStore(console.router, ({ places, position }) => places[position]);
  const view = useStore(console.views, (views) => views.find(({ kind }) => kind === place?.route.kind));
  useKeys(console);
  useTerminal(console);
  if (columns < SMALLEST.width || rows < SMALLEST.height) return <TooSmall width={columns} height={rows} />;
  const height = rows - FRAME_ROWS;
  return (
    <Box width={columns} height={rows} flexDirection="column">
      <Header width={columns} />
      <Breadcrumb width={columns} />
      <Box width={columns} height={height} flexShrink={0}>
        {view === undefined || place === undefined ? (
          <Rows rows={[' Loading…']} width={columns} />
        ) : (
          <view.Component key={place.id} route={place.route} width={columns} height={height} />
        )}
        <DialogLayer area={{ width: columns, height }} />
      </Box>
      <Footer width={columns} />
    </Box>
  );
}

/** The only listener for keys beside ink-select-input: mounted first, it hears each key first. */
function useKeys(console: Console): void {
  const dispatcher = useMemo(() => createDispatcher(console), [console]);
  useInput((input, inkKey) => {
    const key = keyOf(input, inkKey);
    if (key !== undefined) dispatcher.onKey(key);
  });
  usePaste(dispatcher.onPaste);
}

/** Gives the console the terminal's ways out and back, and sets the terminal's modes. */
function useTerminal(console: Console): void {
  const { exit, suspendTerminal } = useApp();
  const { stdout } = useStdout();
  useLayoutEffect(() => {
    console.exit = () => exit();
    console.suspend = async (borrow) => {
      stdout.write(MODES_OFF);
      await suspendTerminal(borrow);
      stdout.write(MODES_ON);
    };
  }, [console, exit, suspendTerminal, stdout]);
  useEffect(() => {
    stdout.write(MODES_ON);
    return () => {
      stdout.write(MODES_OFF);
    };
  }, [stdout]);
}

function TooSmall({ width, height }: { width: number; height: number }) {
  const needed = `${SMALLEST.width}x${SMALLEST.height}`;
  return (
    <Box width={width} height={height}>
      <Rows rows={[`Too small: ${width}x${height}.`, `The console needs ${needed}.`]} width={width} />
    </Box>
  );
}

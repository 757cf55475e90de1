import {
  createContext,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Session } from '../aws/session.ts';
import type { Resource } from '../fleet/resource.ts';
import type { Console } from './console.ts';
import type { Key } from './keys.ts';
import type { KeyLayer, LayerHint } from './stores/panes.ts';
import type { Polled, Poller } from './stores/poller.ts';
import type { Theme } from './theme.ts';

export const ConsoleContext = createContext<Console | undefined>(undefined);
export const ThemeContext = createContext<Theme>({ color: true, unicode: true });

/** The console that a view or widget is in. */
export function useConsole(): Console {
  const console = useContext(ConsoleContext);
  if (console === undefined) throw new Error('This component is not inside the console');
  return console;
}

export function useTheme(): Theme {
  return useContext(ThemeContext);
}

/**
 * A part of a store; the component is painted again when that part changes. `select` must give the same
 * object for the same state: take members, don't build.
 */
export function useStore<State, Part>(store: StoreApi<State>, select: (state: State) => Part): Part {
  const read = () => select(store.getState());
  return useSyncExternalStore(store.subscribe, read, read);
}

/** The time for ages, ms since the epoch; it moves once a second. */
export function useNow(): number {
  const { ticker } = useConsole();
  return useSyncExternalStore(ticker.subscribe, ticker.shown, ticker.shown);
}

/** Tells the view's commands what they act on; see view.ts. */
export function useViewState(state: unknown): void {
  const { viewState, router } = useConsole();
  // The place that this view was opened for: another may have taken over before an effect runs.
  const [place] = useState(() => router.place().id);
  useLayoutEffect(() => {
    const told = viewState.getState();
    if (told.place !== place || !isSame(told.state, state)) viewState.setState({ place, state });
  });
}

/**
 * Takes all keys while it is mounted: for inputs and dialogs. The footer tells `hints`: keep the same array while they
 * are the same.
 */
export function useKeyLayer(
  hints: readonly LayerHint[],
  onKey: (key: Key) => void,
  onPaste?: (text: string) => void,
): void {
  const { layers } = useConsole();
  const latest = useRef<KeyLayer>({ onKey });
  const told = useRef(hints);
  useLayoutEffect(() => {
    latest.current = onPaste === undefined ? { onKey } : { onKey, onPaste };
  });
  useLayoutEffect(() => {
    return layers.push({
      get hints() {
        return told.current;
      },
      onKey: (key) => latest.current.onKey(key),
      onPaste: (text) => latest.current.onPaste?.(text),
    });
  }, [layers]);
  // The layer keeps its place below those that came after it.
  useLayoutEffect(() => {
    told.current = hints;
    layers.setState(({ layers: all }) => ({ layers: [...all] }));
  }, [hints, layers]);
}

const NOTHING: StoreApi<Polled<never>> = createStore<Polled<never>>()(() => ({
  phase: 'loading',
  data: undefined,
  failure: undefined,
  readAt: undefined,
  reading: false,
}));

/** What `usePolled` gives: what is known, and how to read it again. */
export interface Watched<Data> extends Polled<Data> {
  readonly refresh: () => void;
  /** As `refresh`, and more often for a while: something was just changed. */
  readonly hurry: () => void;
}

function useWatched<Data>(poller: Poller<Data> | undefined): Watched<Data> {
  const { session } = useConsole();
  const failure = useStore(session, (state) => (state.session === undefined ? state.failure : undefined));
  useEffect(() => poller?.watch(), [poller]);
  const polled = useStore<Polled<Data>, Polled<Data>>(poller?.store ?? NOTHING, (state) => state);
  return useMemo(
    () => ({
      ...polled,
      ...(failure === undefined ? {} : { phase: 'failed', failure }),
      refresh: () => poller?.refresh(),
      hurry: () => poller?.hurry(),
    }),
    [polled, poller, failure],
  );
}

/** The rows of a resource, read again and again while this component is mounted. */
export function useResource<Row, Scope>(resource: Resource<Row, Scope>, scope: Scope): Watched<Row[]> {
  const { session } = useConsole();
  const pollers = useStore(session, (state) => state.pollers);
  return useWatched(pollers?.resource(resource, scope));
}

/**
 * Anything else that is read for the session: `key` names what is read with all its parameters, `every` is
 * in ms of the session's clock (Infinity: once, and on demand). `read` is taken when the key is new.
 */
export function useRead<Data>(
  key: string,
  read: (session: Session, signal: AbortSignal) => AsyncIterable<Data> | Promise<Data>,
  every: number,
): Watched<Data> {
  const { session } = useConsole();
  const open = useStore(session, (state) => state.session);
  const pollers = useStore(session, (state) => state.pollers);
  return useWatched(open === undefined ? undefined : pollers?.value<Data>(key, (signal) => read(open, signal), every));
}

/** The place of this component's pane among those of the screen, for `panes.set`. */
export function usePanePlace(): number {
  const { panes } = useConsole();
  return useState(() => panes.nextPlace())[0];
}

/** Whether a pane of the screen has the focus. */
export function useFocused(id: string): boolean {
  const console = useConsole();
  const focus = useStore(console.router, ({ places, position }) => places[position]?.focus);
  const first = useStore(console.panes, ({ panes }) => panes[0]?.id);
  const exists = useStore(console.panes, ({ panes }) => panes.some((pane) => pane.id === focus));
  return (exists ? focus : (first ?? id)) === id;
}

/** Whether two values are the same, or objects whose members are. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const members = Object.entries(one);
  const others = new Map(Object.entries(other));
  return members.length === others.size && members.every(([name, value]) => Object.is(others.get(name), value));
}

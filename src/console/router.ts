import { isDeepStrictEqual } from 'node:util';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Route } from './routes.ts';

/** What a pane remembers while its screen is in the history. */
export interface PaneMemory {
  /** Key of the selected row. */
  readonly cursor?: string | undefined;
  readonly filter?: string;
  readonly sort?: { readonly column: string; readonly descending: boolean } | undefined;
  /** Keys of the marked rows. */
  readonly marked?: readonly string[];
  /** Only rows that need attention. */
  readonly attention?: boolean;
}

/** One place in the history: the route, and what its panes remember. */
export interface Place {
  readonly id: number;
  readonly route: Route;
  readonly panes: Readonly<Record<string, PaneMemory>>;
  /** The pane with the focus; the first one when absent. */
  readonly focus?: string | undefined;
}

export interface RouterState {
  readonly places: readonly Place[];
  readonly position: number;
}

/** Where the console is and was. Going back finds cursor, filter and sort as they were left. */
export interface Router extends StoreApi<RouterState> {
  place(): Place;
  /** Goes to a route; places ahead are forgotten. */
  push(route: Route): void;
  /** Goes back to a route that is the place before, as far as both are told; else goes to it as `push` does. */
  goTo(route: Route): void;
  /** Changes the route of this place, such as its tab; panes keep their memory. */
  replace(route: Route): void;
  /** False at the root. */
  back(): boolean;
  forward(): boolean;
  /** Forgets the history and starts again at a route. */
  reset(route: Route): void;
  /** Changes what a pane of this place remembers. */
  remember(pane: string, change: PaneMemory): void;
  focus(pane: string): void;
}

/** More than anybody goes back; the oldest places but the root are forgotten. */
const LONGEST = 100;

export function createRouter(initial: Route): Router {
  let lastId = 0;
  const place = (route: Route): Place => {
    lastId += 1;
    return { id: lastId, route, panes: {} };
  };
  const store = createStore<RouterState>()(() => ({ places: [place(initial)], position: 0 }));
  const current = (): Place => {
    const { places, position } = store.getState();
    const found = places[position];
    if (found === undefined) throw new Error('The history has no place at its position');
    return found;
  };
  const change = (changed: Partial<Place>) => {
    const { places, position } = store.getState();
    store.setState({ places: places.with(position, { ...current(), ...changed }) });
  };
  const move = (by: number): boolean => {
    const { places, position } = store.getState();
    const next = position + by;
    if (next < 0 || next >= places.length) return false;
    store.setState({ position: next });
    return true;
  };
  const push = (route: Route) => {
    const { places, position } = store.getState();
    const kept = places.slice(0, position + 1);
    if (kept.length >= LONGEST) kept.splice(1, 1);
    store.setState({ places: [...kept, place(route)], position: kept.length });
  };
  return {
    ...store,
    place: current,
    push,
    goTo: (route) => {
      const { places, position } = store.getState();
      const before = places[position - 1]?.route;
      if (before === undefined || !agree(before, route)) push(route);
      else move(-1);
    },
    replace: (route) => change({ route }),
    back: () => move(-1),
    forward: () => move(1),
    reset: (route) => store.setState({ places: [place(route)], position: 0 }),
    remember: (pane, changed) => {
      const { panes } = current();
      change({ panes: { ...panes, [pane]: { ...panes[pane], ...changed } } });
    },
    focus: (pane) => change({ focus: pane }),
  };
}

/** Whether two routes lead to the same screen: one may know more of it, such as the ingestion that a task runs. */
function agree(one: Route, other: Route): boolean {
  const known = new Map<string, unknown>(Object.entries(other));
  return Object.entries(one).every(([key, value]) => !known.has(key) || isDeepStrictEqual(known.get(key), value));
}

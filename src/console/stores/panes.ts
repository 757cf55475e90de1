import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Key } from '../keys.ts';
import type { Choice } from './dialogs.ts';

/** What a pane offers to be copied. */
export interface PaneCopy {
  readonly id?: string | undefined;
  readonly arn?: string | undefined;
  readonly forms?: readonly Choice<string>[] | undefined;
}

/**
 * A part of a screen that can have the focus, and what it offers: the keys that every list and text share
 * (pane-commands.ts) act on the focused one. What it lacks, its keys say so.
 */
export interface Pane {
  readonly id: string;
  readonly move: (rows: number) => void;
  readonly page: (pages: number) => void;
  readonly first: () => void;
  readonly last: () => void;
  /** Enter. */
  readonly open?: (() => void) | undefined;
  /** `/`: rows that match, or the places where a text does. Set as it is typed; `done` when it has been. */
  readonly find?: {
    readonly text: string;
    readonly set: (text: string) => void;
    readonly by: 'filter' | 'search';
    readonly done?: (() => void) | undefined;
  };
  /** `n` and `N`. */
  readonly next?: ((direction: 1 | -1) => void) | undefined;
  /** Space: rows that are marked for what takes several. */
  readonly mark?: { readonly count: number; readonly toggle: () => void; readonly clear: () => void } | undefined;
  readonly sort?: {
    readonly columns: readonly { readonly id: string; readonly title: string }[];
    readonly by: { readonly column: string; readonly descending: boolean } | undefined;
    readonly set: (by: { readonly column: string; readonly descending: boolean } | undefined) => void;
  };
  /** What `y` and `Y` copy of the selection; where there are `forms`, `y` asks which. */
  readonly copy?: PaneCopy | undefined;
  /** `d` and `J`: everything known of the selection, as plain data. */
  readonly inspect?: { readonly title: string; readonly load: (signal: AbortSignal) => Promise<unknown> } | undefined;
  /** Ctrl-Z: only rows that need attention. */
  readonly attention?: { readonly only: boolean; readonly toggle: () => void } | undefined;
  readonly refresh?: (() => void) | undefined;
}

/** The panes of the screen that is shown, from top to bottom. */
export interface Panes extends StoreApi<{ readonly panes: readonly Pane[] }> {
  /**
   * A place for a pane that is painted for the first time: they stand in the order of their places. Effects run from
   * the inside out, so a screen's own pane would else come after those that it holds.
   */
  nextPlace(): number;
  /**
   * Adds a pane at its place, or replaces the one with its id. Only a pane that comes or offers something
   * else is told to subscribers: one is set again by each painting.
   */
  set(pane: Pane, place: number): void;
  remove(id: string): void;
}

export function createPanes(): Panes {
  let panes: Pane[] = [];
  let lastPlace = 0;
  const places = new Map<string, number>();
  const store = createStore<{ readonly panes: readonly Pane[] }>()(() => ({ panes }));
  return {
    ...store,
    nextPlace: () => {
      lastPlace += 1;
      return lastPlace;
    },
    set: (pane, place) => {
      const at = panes.findIndex((each) => each.id === pane.id);
      const before = panes[at];
      if (before === undefined) {
        places.set(pane.id, place);
        panes = [...panes, pane].sort((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
      } else if (offers(before) === offers(pane)) {
        panes[at] = pane;
        return;
      } else panes = panes.with(at, pane);
      store.setState({ panes });
    },
    remove: (id) => {
      panes = panes.filter((each) => each.id !== id);
      store.setState({ panes });
    },
  };
}

/** What a pane offers, without how it does it. */
function offers(pane: Pane): string {
  const members = Object.entries(pane).filter(([, value]) => value !== undefined);
  return `${members.map(([name]) => name).join()} ${pane.copy?.id === undefined} ${pane.copy?.arn === undefined}`;
}

/** A key and what it does, for the footer. */
export type LayerHint = readonly [key: string, word: string];

/** Somebody who takes keys: a dialog or an input. Commands get what no layer takes. */
export interface KeyLayer {
  /** What its keys do, for the footer. */
  readonly hints?: readonly LayerHint[];
  /** Which keys it takes; all when absent. The others go to what is below. */
  readonly takes?: (key: Key) => boolean;
  readonly onKey: (key: Key) => void;
  readonly onPaste?: (text: string) => void;
}

/** The layers, the top one last; a key goes to the uppermost that takes it. */
export interface KeyLayers extends StoreApi<{ readonly layers: readonly KeyLayer[] }> {
  /** Puts a layer on top; the answer takes it away. */
  push(layer: KeyLayer): () => void;
}

export function createKeyLayers(): KeyLayers {
  const store = createStore<{ readonly layers: readonly KeyLayer[] }>()(() => ({ layers: [] }));
  return {
    ...store,
    push: (layer) => {
      store.setState({ layers: [...store.getState().layers, layer] });
      return () => store.setState({ layers: store.getState().layers.filter((each) => each !== layer) });
    },
  };
}

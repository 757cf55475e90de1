import type { ReactNode } from 'react';
import type { Command } from './command.ts';
import type { Route, RouteOf } from './routes.ts';

/** What a view's component gets: its route, and the cells it has. It must take exactly as many rows. */
export interface ViewProps<Kind extends Route['kind'] = Route['kind']> {
  readonly route: RouteOf<Kind>;
  readonly width: number;
  readonly height: number;
}

/** A screen: its route's kind, its part of the breadcrumb, its component, and its commands. */
export interface View {
  readonly kind: Route['kind'];
  readonly crumbs: (route: Route) => readonly string[];
  readonly Component: (props: ViewProps) => ReactNode;
  readonly initialState: unknown;
  readonly commands: readonly Command[];
}

/** What a view module gives to `defineView`. `State` is what its component tells by `useViewState`. */
export interface ViewDefinition<Kind extends Route['kind'], State> {
  readonly kind: Kind;
  /** One for each level that the screen adds to the breadcrumb. */
  readonly crumbs: (route: RouteOf<Kind>) => readonly string[];
  readonly Component: (props: ViewProps<Kind>) => ReactNode;
  /** What commands get until the component has told a state. */
  readonly initialState: State;
  readonly commands: readonly Command<State>[];
}

/** A view as the console's list takes it. */
export function defineView<Kind extends Route['kind'], State = undefined>(
  definition: ViewDefinition<Kind, State>,
): View {
  // The app gives a view only routes of its kind, and its commands only the state that its component told.
  return definition as unknown as View;
}

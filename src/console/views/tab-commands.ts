import type { Command } from '../command.ts';
import type { RouteOf } from '../routes.ts';

/** One command a tab: its digit opens it. The tab that is open stays in the place, so that Esc leaves the screen. */
export function tabCommands<Kind extends 'environment' | 'cluster', State>(
  kind: Kind,
  tabs: readonly RouteOf<Kind>['tab'][],
  title: (tab: RouteOf<Kind>['tab']) => string,
): readonly Command<State>[] {
  return tabs.map((tab, at) => ({
    id: `tab-${tab}`,
    title: `Show ${title(tab)}`,
    keys: [String(at + 1)],
    where: kind,
    run: ({ console, route }) => {
      if (route.kind === kind) console.router.replace({ ...route, tab } as RouteOf<Kind>);
    },
  }));
}

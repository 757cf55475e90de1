import type { Command } from '../command.ts';
import type { Route } from '../routes.ts';

/** The key that leads to the revisions of the task definition that `of` finds in the view's state. */
export function revisionsCommand<State>(
  where: Route['kind'],
  of: (state: State) => string | undefined,
): Command<State> {
  return {
    id: 'revisions',
    title: 'Show the revisions of its task definition, and what changed between them',
    keys: ['v'],
    where,
    hint: 'revisions',
    hinted: ({ state }) => of(state) !== undefined,
    disabled: ({ state }) => (of(state) === undefined ? 'Nothing is selected that has a task definition' : undefined),
    run: ({ console, state }) => {
      const family = (of(state)?.split('/').at(-1) ?? '').replace(/:\d+$/, '');
      console.router.push({ kind: 'task-definition', family });
    },
  };
}

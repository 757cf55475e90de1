import { consoleLink } from '../reference/console-links.ts';
import { jsonText } from '../text/json.ts';
import type { Command, CommandContext } from './command.ts';
import { describeRows } from './describe.ts';
import type { Pane } from './stores/panes.ts';
import { browserCommand, openAddress } from './terminal/browser.ts';
import { suspendToShell } from './terminal/handover.ts';

/** A reason where the focused pane lacks what a key needs. */
function lacks(what: (pane: Pane) => unknown, reason: string): (context: CommandContext) => string | undefined {
  return ({ pane }) => (pane === undefined || what(pane) === undefined ? reason : undefined);
}

const nothingToMove = lacks((pane) => pane, 'There is nothing to move in here');

/** What is moved through: a pane's rows, or the text of a dialog. */
type Moved = Pick<Pane, 'move' | 'page' | 'first' | 'last'>;

const movements: readonly (Pick<Command, 'id' | 'title' | 'keys'> & { readonly move: (moved: Moved) => void })[] = [
  { id: 'down', title: 'Down', keys: ['j', 'down'], move: (moved) => moved.move(1) },
  { id: 'up', title: 'Up', keys: ['k', 'up'], move: (moved) => moved.move(-1) },
  { id: 'page-down', title: 'A page down', keys: ['pagedown', 'ctrl+f', 'ctrl+d'], move: (moved) => moved.page(1) },
  { id: 'page-up', title: 'A page up', keys: ['pageup', 'ctrl+b', 'ctrl+u'], move: (moved) => moved.page(-1) },
  { id: 'first', title: 'To the start', keys: ['g', 'home'], move: (moved) => moved.first() },
  { id: 'last', title: 'To the end', keys: ['G', 'end'], move: (moved) => moved.last() },
];

/** Moves by a key, also where no command is heard, as in a dialog; false where the key moves nothing. */
export function moveBy(key: string, moved: Moved): boolean {
  const movement = movements.find(({ keys }) => keys.includes(key));
  movement?.move(moved);
  return movement !== undefined;
}

/** The keys that every list and text share; they act on the pane with the focus. */
export const paneCommands: readonly Command[] = [
  {
    id: 'open',
    title: 'Open what is selected',
    keys: ['enter'],
    where: 'pane',
    hint: 'open',
    disabled: lacks((pane) => pane.open, 'Nothing is selected that opens'),
    run: ({ pane }) => pane?.open?.(),
  },
  ...movements.map(
    ({ move, ...line }): Command => ({
      ...line,
      where: 'pane',
      keyOnly: true,
      disabled: nothingToMove,
      run: ({ pane }) => {
        if (pane !== undefined) move(pane);
      },
    }),
  ),
  {
    id: 'mark',
    title: 'Mark the row, for what takes several: copying, log groups, tasks',
    keys: ['space'],
    where: 'pane',
    yields: true,
    keyOnly: true,
    disabled: lacks((pane) => pane.mark, 'There are no rows to mark here'),
    run: ({ pane }) => pane?.mark?.toggle(),
  },
  {
    id: 'next-pane',
    title: 'Next pane',
    keys: ['tab'],
    where: 'pane',
    disabled: ({ console }) => (console.panes.getState().panes.length < 2 ? 'This screen has one pane' : undefined),
    run: (context) => movePaneFocus(context, 1),
  },
  {
    id: 'previous-pane',
    title: 'Pane before',
    keys: ['shift+tab'],
    where: 'pane',
    disabled: ({ console }) => (console.panes.getState().panes.length < 2 ? 'This screen has one pane' : undefined),
    run: (context) => movePaneFocus(context, -1),
  },
  {
    id: 'find',
    title: 'Filter a table (!x inverse, column:x), or search a text',
    keys: ['/'],
    where: 'pane',
    hint: ({ pane }) => (pane?.find?.by === 'search' ? 'search' : 'filter'),
    disabled: lacks((pane) => pane.find, 'There is nothing to filter or search here'),
    run: ({ console }) => void console.dialogs.show('find'),
  },
  {
    id: 'next',
    title: 'Next place that matches',
    keys: ['n'],
    where: 'pane',
    disabled: lacks((pane) => pane.next, 'Only a text is searched: press / first'),
    run: ({ pane }) => pane?.next?.(1),
  },
  {
    id: 'previous',
    title: 'Place before that matches',
    keys: ['N'],
    where: 'pane',
    disabled: lacks((pane) => pane.next, 'Only a text is searched: press / first'),
    run: ({ pane }) => pane?.next?.(-1),
  },
  {
    id: 'sort',
    title: 'Sort by a column',
    keys: ['O'],
    where: 'pane',
    disabled: lacks((pane) => pane.sort, 'There are no columns to sort by here'),
    run: sort,
  },
  {
    id: 'attention',
    title: 'Show only what needs attention (elsewhere: suspend the console)',
    keys: ['ctrl+z'],
    where: 'pane',
    run: async ({ console, pane }) => {
      if (pane?.attention !== undefined) pane.attention.toggle();
      else await suspendToShell(console.suspend);
    },
  },
  {
    id: 'copy',
    title: 'Copy the id or name, those of the marked rows, or choose what',
    keys: ['y'],
    where: 'pane',
    hint: 'copy as',
    hinted: ({ pane }) => pane?.copy?.forms !== undefined,
    disabled: lacks((pane) => pane.copy?.forms ?? pane.copy?.id, 'Nothing is selected that can be copied'),
    run: async ({ console, pane }) => {
      const { id, forms } = pane?.copy ?? {};
      const text = forms === undefined ? id : await console.dialogs.select({ title: 'Copy as', choices: forms });
      if (text !== undefined) await console.copy(text);
    },
  },
  {
    id: 'copy-arn',
    title: 'Copy the ARN',
    keys: ['Y'],
    where: 'pane',
    disabled: lacks((pane) => pane.copy?.arn, 'Nothing is selected that has an ARN'),
    run: async ({ console, pane }) => {
      if (pane?.copy?.arn !== undefined) await console.copy(pane.copy.arn);
    },
  },
  {
    id: 'web',
    title: 'Open the page of the AWS web console',
    keys: ['o'],
    where: 'pane',
    yields: true,
    disabled: lacks((pane) => selectedLink(pane), 'Nothing is selected that the AWS web console has a page of'),
    run: async ({ console, pane }) => {
      const address = pane === undefined ? undefined : selectedLink(pane);
      if (address === undefined) return;
      const command = browserCommand(console.options.environment);
      if (command === undefined) await console.copy(address);
      else {
        await openAddress(command, address);
        console.notices.flash('The AWS web console opens in the browser');
      }
    },
  },
  {
    id: 'describe',
    title: 'Describe what is selected',
    keys: ['d'],
    where: 'pane',
    disabled: lacks((pane) => pane.inspect, 'Nothing is selected that can be described'),
    run: ({ console, pane }) => {
      const { inspect } = pane ?? {};
      if (inspect === undefined) return;
      void console.dialogs.document({
        title: inspect.title,
        load: async (signal) => describeRows(await inspect.load(signal)),
      });
    },
  },
  {
    id: 'json',
    title: 'Show what is selected as JSON',
    keys: ['J'],
    where: 'pane',
    disabled: lacks((pane) => pane.inspect, 'Nothing is selected that can be shown as JSON'),
    run: ({ console, pane }) => {
      const { inspect } = pane ?? {};
      if (inspect === undefined) return;
      void console.dialogs.document({
        title: `${inspect.title} as JSON`,
        load: async (signal) => jsonText(await inspect.load(signal), 2).split('\n'),
      });
    },
  },
];

/** The page of what is selected; of one row, not of several that are marked. */
function selectedLink({ copy }: Pane): string | undefined {
  return copy?.arn === undefined ? undefined : consoleLink(copy.arn);
}

function movePaneFocus({ console, pane }: CommandContext, by: 1 | -1): void {
  const { panes } = console.panes.getState();
  const at = panes.findIndex((each) => each.id === pane?.id);
  const next = panes[(at + by + panes.length) % panes.length];
  if (next !== undefined) console.router.focus(next.id);
}

async function sort({ console, pane }: CommandContext): Promise<void> {
  const { sort } = pane ?? {};
  if (sort === undefined) return;
  const { by } = sort;
  const arrow = (column: string) => (by?.column !== column ? '' : by.descending ? '▼' : '▲');
  const chosen = await console.dialogs.select<string>({
    title: 'Sort by',
    choices: [
      ...sort.columns.map(({ id, title }) => ({ label: title, value: id, hint: arrow(id) })),
      { label: 'as listed', value: '' },
    ],
    initial: Math.max(
      0,
      sort.columns.findIndex((column) => column.id === by?.column),
    ),
  });
  if (chosen === undefined) return;
  if (chosen === '') sort.set(undefined);
  else sort.set({ column: chosen, descending: by?.column === chosen && !by.descending });
}

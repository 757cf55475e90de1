import type { Command } from './command.ts';
import { commandsOf } from './commands.ts';
import { shownKey } from './keys.ts';
import type { View } from './view.ts';

/** What the screens are called on the page of keys, in the order of the page. */
const TITLES: Readonly<Record<View['kind'], string>> = {
  dashboard: 'Dashboard',
  environment: 'Environment',
  dag: 'DAG',
  timeline: 'Timeline of an ingestion',
  deploy: 'Deploy',
  apply: 'Apply',
  cluster: 'Cluster',
  run: 'Run and follow',
  'task-definition': 'Task definition',
  logs: 'Logs',
  profiles: 'Profiles',
};

/** docs/KEYS.md: every command of every screen with its keys, from the one table that binds them. */
export function keyPage(views: readonly View[]): string {
  const shared = commandsOf(undefined);
  const sections: readonly (readonly [string, readonly Command[]])[] = [
    ['Lists and texts', shared.filter(({ where }) => where === 'pane')],
    ['Everywhere', shared.filter(({ where }) => where === 'everywhere')],
    ...Object.entries(TITLES).flatMap(([kind, title]): (readonly [string, readonly Command[]])[] => {
      const commands = views.find((view) => view.kind === kind)?.commands ?? [];
      return commands.length === 0 ? [] : [[title, commands]];
    }),
  ];
  const intro = [
    '# Keys and commands',
    '',
    'Made from the console’s own table by `npm run docs`: `?` shows the same for the screen you are on, with why a key can’t',
    'act there now. What has no key is entered by its name after `:`. **Writes** always ask before they act.',
  ];
  return `${[...intro, ...sections.flatMap(sectionLines)].join('\n').replaceAll('’', "'")}\n`;
}

function sectionLines([title, commands]: readonly [string, readonly Command[]]): readonly string[] {
  const rows = commands.map(({ id, keys, title: what, writes, arguments: words = [] }) => {
    const shown = keys.map((key) => code(shownKey(key))).join(' ');
    const named = [
      `:${id}`,
      ...words.map(({ name, optional, rest }) => {
        const word = rest === true ? `${name.toUpperCase()}…` : name.toUpperCase();
        return optional === true ? `[${word}]` : word;
      }),
    ].join(' ');
    return `| ${shown} | ${code(named)} | ${what.replaceAll('|', '\\|')}${writes === true ? ' **writes**' : ''} |`;
  });
  return ['', `## ${title}`, '', '| Keys | Command | What it does |', '| --- | --- | --- |', ...rows];
}

/** A code span in a table, whatever it holds. */
function code(text: string): string {
  return text === '|' ? '`\\|`' : `\`${text}\``;
}

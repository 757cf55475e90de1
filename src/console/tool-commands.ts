import { printable } from '../text/printable.ts';
import { verdictTones } from '../text/verdict.ts';
import type { Command } from './command.ts';
import type { Console } from './console.ts';
import type { Row } from './row.ts';

/** What looks after the console itself. */
export const toolCommands: readonly Command[] = [
  {
    id: 'doctor',
    title: 'Check Node, terminal, credentials, permissions and what was left behind',
    keys: [],
    where: 'everywhere',
    run: ({ console }) => {
      void console.dialogs.document({ title: 'Doctor', load: (signal) => examination(console, signal) });
    },
  },
  {
    id: 'settings',
    title: 'Show the settings, and change one in the file',
    keys: [],
    where: 'everywhere',
    disabled: ({ console }) =>
      console.options.embedded === true ? 'The embedded region knows nothing of your settings' : undefined,
    run: ({ console }) => changeSetting(console),
  },
];

async function examination(console: Console, signal: AbortSignal): Promise<readonly Row[]> {
  const { stdout, environment } = console.options;
  const { columns, rows } = stdout as { readonly columns?: number; readonly rows?: number };
  const terminal = { isTTY: stdout.isTTY === true, columns, rows, term: environment.TERM };
  const { examineAll } = await import('../deployment/examination.ts');
  const { findings } = await examineAll(async () => console.openSession(), terminal, console.temporary, signal);
  return findings.flatMap(({ verdict, evidence, advice }): Row[] => [
    [{ text: `${verdict.padEnd(8)} `, tone: verdictTones[verdict] }, { text: evidence }],
    ...(advice === '' ? [] : [[{ text: `         ${advice}`, tone: 'dim' } as const]]),
  ]);
}

/** The file is made when something is set, and not before; what else it holds stays as it is. */
async function changeSetting(console: Console): Promise<void> {
  const { environment } = console.options;
  // What reads YAML is only loaded for those who ask for it.
  const [{ fields }, { settingsPath }, { readSettings, readText }, { writeSettings }, { readTyped, typedOf }] =
    await Promise.all([
      import('../settings/fields.ts'),
      import('../settings/path.ts'),
      import('../settings/read.ts'),
      import('../settings/write.ts'),
      import('../settings/value.ts'),
    ]);
  const path = settingsPath(environment);
  const [settings, text] = await Promise.all([readSettings(environment), readText(path)]);
  const keys = Object.keys(fields) as (keyof typeof fields)[];
  const key = await console.dialogs.select({
    title: 'Settings',
    lines: [`${path}${text === undefined ? '   is not there yet: setting something makes it' : ''}`, ''],
    choices: keys.map((each) => ({ label: each, value: each, hint: typedOf(settings[each]) || '-' })),
  });
  if (key === undefined) return;
  const answer = await console.dialogs.form({
    title: `Set ${key}`,
    fields: [
      {
        id: 'value',
        label: key,
        value: typedOf(settings[key]),
        help: `${fields[key].purpose.replaceAll('`', '')}, such as ${fields[key].example}`,
        check: (typed) => {
          const read = readTyped(key, typed);
          return 'problem' in read ? printable(`It ${read.problem}.`) : undefined;
        },
      },
    ],
    submit: 'write it',
  });
  if (answer === undefined) return;
  const read = readTyped(key, answer.value ?? '');
  if ('problem' in read) return;
  await writeSettings({ [key]: read.value }, environment);
  console.notices.flash(`${key} is set; it holds from the next start`);
}

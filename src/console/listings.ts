import { asCommandLine } from '../aws/command-line.ts';
import { policyForDenials } from '../aws/denied.ts';
import { age, clockTime } from '../text/ages.ts';
import { jsonText } from '../text/json.ts';
import type { Command } from './command.ts';
import { commandsOf, currentContext, currentView, whyDisabled } from './commands.ts';
import type { Console } from './console.ts';
import { shownKey } from './keys.ts';
import type { Row } from './row.ts';
import type { Choice } from './stores/dialogs.ts';

/** The rows of `?`: each command of the screen with its keys; writes in red, what can't act now with why. */
export function helpRows(console: Console): readonly Row[] {
  const context = currentContext(console);
  const commands = commandsOf(currentView(console));
  const groups: readonly (readonly [string, (command: Command) => boolean])[] = [
    ['This screen', ({ where }) => where !== 'pane' && where !== 'everywhere'],
    ['Lists and texts', ({ where }) => where === 'pane'],
    ['Everywhere', ({ where }) => where === 'everywhere'],
  ];
  const rows: Row[] = [];
  for (const [title, belongs] of groups) {
    const members = commands.filter(belongs);
    if (members.length === 0) continue;
    if (rows.length > 0) rows.push('');
    rows.push([{ text: title, bold: true }]);
    for (const command of members) {
      const reason = whyDisabled(command, context);
      const keys = command.keys.map(shownKey).join(' ') || `:${command.id}`;
      rows.push([
        { text: `  ${keys.padEnd(18)} `, tone: command.writes === true ? 'error' : 'accent' },
        { text: command.title, tone: reason === undefined ? 'plain' : 'dim' },
        { text: command.writes === true ? '  writes' : '', tone: 'error' },
        { text: reason === undefined ? '' : `  (${reason})`, tone: 'dim' },
      ]);
    }
  }
  rows.push('', [{ text: '  Ctrl-C Ctrl-C      ', tone: 'accent' }, { text: 'Quit' }]);
  return rows;
}

/** The choices of `a`: the view's own commands. */
export function actionChoices(console: Console): readonly Choice<Command>[] {
  const context = currentContext(console);
  const own = currentView(console)?.commands ?? [];
  const shared = commandsOf(undefined).filter(({ id }) =>
    ['open', 'copy', 'copy-arn', 'describe', 'json'].includes(id),
  );
  return [...own, ...shared].map((command) => {
    const disabled = whyDisabled(command, context);
    return {
      label: command.title,
      value: command,
      tone: command.writes === true ? 'error' : 'plain',
      hint: disabled ?? command.keys.map(shownKey).join(' '),
      disabled,
    };
  });
}

/** The rows of `!`: what went wrong, newest first, with time, full text and advice. */
export function errorRows(console: Console): readonly Row[] {
  const { errors } = console.notices.getState();
  if (errors.length === 0) return ['Nothing went wrong so far.'];
  return [...errors].reverse().flatMap(({ at, failure, about, times }) => {
    const { message, advice, action, code, cause } = failure;
    const stack = cause instanceof Error && advice?.startsWith('This is a bug') ? (cause.stack ?? '').split('\n') : [];
    const details: Row[] = [
      [
        { text: `${clockTime(at)} `, tone: 'dim' },
        { text: about === undefined ? '' : `${about}: `, bold: true },
        { text: message.replaceAll('\n', ' '), tone: 'error' },
        { text: times > 1 ? ` (${times} times)` : '', tone: 'dim' },
      ],
    ];
    if (action !== undefined) details.push(`         missing permission: ${action}`);
    const policy = policyForDenials([failure]);
    if (policy !== undefined) details.push(`         ${jsonText(policy.Statement[0])}`);
    if (code !== undefined) details.push([{ text: `         ${code}`, tone: 'dim' }]);
    if (advice !== undefined) details.push(`         ${advice}`);
    for (const line of stack) details.push([{ text: `         ${line}`, tone: 'dim' }]);
    return details;
  });
}

/** The rows of `@`: the AWS calls made, newest first, each as a line for the aws client. */
export function callRows(console: Console): readonly Row[] {
  const { session } = console.session.getState();
  if (session === undefined || session.calls.length === 0) return ['No call to AWS was made so far.'];
  const { profile, region, endpoint } = session;
  return [...session.calls]
    .reverse()
    .flatMap((call): Row[] => [
      [
        { text: `# ${clockTime(call.at)} `, tone: 'dim' },
        call.duration === undefined
          ? { text: 'under way', tone: 'running' }
          : { text: call.duration < 1000 ? `${Math.round(call.duration)} ms` : age(call.duration), tone: 'dim' },
        { text: (call.attempts ?? 1) > 1 ? ` ${call.attempts} attempts` : '', tone: 'warn' },
        { text: call.error === undefined ? '' : ` ${call.error}`, tone: 'error' },
      ],
      commandLineRow(asCommandLine(call, { profile, region, endpoint })),
    ]);
}

/** A command line, with what has to be filled in marked. */
function commandLineRow(line: string): Row {
  return line
    .split(/((?:file|fileb):\/\/[\w.-]+)/)
    .map((text, at) => (at % 2 === 0 ? { text } : { text, tone: 'warn', underline: true }));
}

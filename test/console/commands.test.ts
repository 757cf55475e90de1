import { describe, expect, test } from 'vitest';
import type { Command, CommandContext } from '../../src/console/command.ts';
import { clashes, commandsOf } from '../../src/console/commands.ts';
import { missingArgument, readEntered } from '../../src/console/completion.ts';
import { defineView } from '../../src/console/view.ts';
import { applyView } from '../../src/console/views/apply.tsx';
import { views } from '../../src/console/views/index.ts';

const command = (id: string, keys: string[], more: Partial<Command> = {}): Command => ({
  id,
  title: `Do ${id}`,
  keys,
  where: 'dashboard',
  run: () => {},
  ...more,
});
const nothing = () => null;
const viewOf = (...commands: Command[]) =>
  defineView<'dashboard', unknown>({
    kind: 'dashboard',
    crumbs: () => [],
    Component: nothing,
    initialState: undefined,
    commands,
  });

describe('the command table', () => {
  test('has no clash', () => {
    expect(clashes(views)).toEqual([]);
  });

  test('has titles that read as short sentences', () => {
    for (const view of [undefined, ...views]) {
      for (const { id, title, hint } of commandsOf(view)) {
        expect(title, id).toMatch(/^[A-Z].*[^.]$/);
        expect(title.length, id).toBeLessThanOrEqual(80);
        expect(typeof hint === 'string' ? hint : 'word', id).toMatch(/^(?:[A-Z]{2,}|[a-z]+)( [a-z]+)?$/);
        expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
      }
    }
  });

  test('a key bound twice, a word used twice, a write beside a read, a wrong place are found', () => {
    expect(clashes([viewOf(command('mine', ['?']))])).toEqual(['dashboard: ? is bound by mine and help']);
    expect(clashes([viewOf(command('help', []))])).toEqual(['dashboard: two commands are called help']);
    expect(clashes([viewOf(command('stop', ['S'], { writes: true }), command('show', ['s']))])).toEqual([
      'dashboard: stop and show differ only by Shift, and one writes',
    ]);
    expect(clashes([viewOf(command('far', [], { where: 'logs' }))])).toEqual([
      'dashboard: far says that it works in logs',
    ]);
  });
});

describe('the palette', () => {
  const commands = [
    command('logs', []),
    command('log-groups', []),
    command('profile', [], { arguments: [{ name: 'profile' }] }),
    command('run', [], { writes: true, title: 'Start the ingestion' }),
  ];

  test('names a command exactly, or by its start', () => {
    expect(readEntered('logs', commands, []).command?.id).toBe('logs');
    expect(readEntered('log', commands, []).command?.id).toBe('logs');
    expect(readEntered('LOG-', commands, []).command?.id).toBe('log-groups');
    expect(readEntered('zzz', commands, []).command).toBeUndefined();
  });

  test('completes commands by word and by title, and arguments by their choices', () => {
    expect(readEntered('lo', commands, []).completions.map(({ line }) => line)).toEqual(['logs', 'log-groups']);
    expect(readEntered('ingest', commands, []).completions).toEqual([
      { line: 'run', title: 'Start the ingestion', writes: true },
    ]);
    const profiles = ['dev', 'prod-eu', 'prod-us'];
    const entered = readEntered('profile prod', commands, profiles);
    expect(entered.completions.map(({ line }) => line)).toEqual(['profile prod-eu', 'profile prod-us']);
    expect(entered).toMatchObject({ command: { id: 'profile' }, words: ['prod'] });
  });

  test('says which argument lacks', () => {
    const [, , profile] = commands;
    if (profile === undefined) throw new Error('commands');
    expect(missingArgument(profile, [])).toBe('profile');
    expect(missingArgument(profile, ['dev'])).toBeUndefined();
  });
});

test('the log of an update is offered where it is the step that failed', () => {
  const command = applyView.commands?.find(({ id }) => id === 'update-log');
  const refused = (kind: string, state: string) => {
    const job = { steps: [{ id: '1', kind }], progress: { 1: { state } } };
    return command?.disabled?.({ state: { job } } as unknown as CommandContext<never>);
  };
  expect(refused('environment-update', 'failed')).toBeUndefined();
  expect(refused('environment-update', 'running')).toBe('No update of the environment has failed here');
  expect(refused('dag', 'failed')).toBe('No update of the environment has failed here');
});

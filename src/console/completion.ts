import type { Command } from './command.ts';
import type { Console } from './console.ts';

/** What a palette line means so far. */
export interface Entered {
  /** The command that the first word names: exactly, else the first that begins so. */
  readonly command: Command | undefined;
  readonly words: readonly string[];
  /** Lines that would complete this one, best first. */
  readonly completions: readonly { readonly line: string; readonly title: string; readonly writes: boolean }[];
}

/** Reads a palette line; `values` are the choices of the argument that is being entered. */
export function readEntered(line: string, commands: readonly Command[], values: readonly string[]): Entered {
  const [word = '', ...rest] = line.trimStart().split(/\s+/);
  const wanted = word.toLowerCase();
  const exact = commands.find(({ id }) => id === wanted);
  const starting = commands.filter(({ id, keyOnly }) => id.startsWith(wanted) && (wanted !== '' || keyOnly !== true));
  const words = rest.filter((each) => each !== '');
  if (rest.length === 0) {
    const titled = commands.filter(
      ({ id, title }) => wanted !== '' && !id.startsWith(wanted) && title.toLowerCase().includes(wanted),
    );
    return {
      command: exact ?? starting[0],
      words,
      completions: [...starting, ...titled].map(({ id, title, writes }) => ({
        line: id,
        title,
        writes: writes === true,
      })),
    };
  }
  const last = rest.at(-1) ?? '';
  const before = [word, ...rest.slice(0, -1)].join(' ');
  return {
    command: exact,
    words,
    completions: values
      .filter((value) => value.toLowerCase().startsWith(last.toLowerCase()))
      .map((value) => ({ line: `${before} ${value}`, title: '', writes: false })),
  };
}

/** The choices of the argument that a line is at; none where it has none. */
export async function argumentChoices(
  line: string,
  commands: readonly Command[],
  console: Console,
): Promise<readonly string[]> {
  const [word = '', ...rest] = line.trimStart().split(/\s+/);
  if (rest.length === 0) return [];
  const all = commands.find(({ id }) => id === word.toLowerCase())?.arguments ?? [];
  const argument = all[rest.length - 1] ?? (all.at(-1)?.rest === true ? all.at(-1) : undefined);
  const choices = (await argument?.choices?.(console)) ?? [];
  return recentFirst(choices, word.toLowerCase(), console.entered.getState().lines);
}

/** What a command was given before comes first, the newest at the head; only what may still be chosen. */
function recentFirst(choices: readonly string[], command: string, entered: readonly string[]): readonly string[] {
  const recent = entered.flatMap((line) => {
    const [id, ...words] = line.split(' ');
    return id === command ? words : [];
  });
  const known = new Set(choices);
  return [...new Set([...recent.reverse().filter((word) => known.has(word)), ...choices])];
}

/** The name of an argument that a command needs and a line lacks; undefined when it has all. */
export function missingArgument(command: Command, words: readonly string[]): string | undefined {
  const needed = (command.arguments ?? []).filter(({ optional }) => optional !== true);
  return needed[words.length]?.name;
}

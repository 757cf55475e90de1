import { shellWords } from '../../images/words.ts';
import type { Program, ProgramOptions } from './program.ts';
import { playTimeline, type TimelineLine } from './timeline.ts';

/** What a run of a few simple commands comes to. */
interface Outcome {
  readonly lines: readonly TimelineLine[];
  readonly ends: number;
  readonly exitCode: number;
}

const MOST_STEPS = 1_000;

/**
 * A container that isn't an ingestion: without a command it serves until it is stopped; `echo`, `sleep`,
 * `true`, `false`, `exit`, `env`, `printenv` and `sh -c` of them do what they say; anything else isn't in the image.
 */
export function commandProgram(options: ProgramOptions, command: readonly string[]): Program {
  const { container, environment, task, exited } = options;
  if (command.length === 0) {
    return playTimeline(options, { lines: [], ends: Number.POSITIVE_INFINITY, exitCode: 0, heeds: true });
  }
  const outcome = run(command, environment);
  if (outcome === undefined) {
    const reason = `CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "${command[0]}": executable file not found in $PATH: unknown`;
    options.region.clock.after(0, () => exited(undefined, reason));
    return { terminate: () => {}, kill: () => {} };
  }
  const heeds = container.initProcess || task.group.startsWith('service:');
  return playTimeline(options, { ...outcome, heeds });
}

/** Runs one command line; undefined when the image has no such executable. */
function run(command: readonly string[], environment: Readonly<Record<string, string>>): Outcome | undefined {
  const [executable = '', ...words] = command;
  const name = executable.split('/').at(-1) ?? '';
  if ((name === 'sh' || name === 'bash') && /^-\w*c$/.test(words[0] ?? '')) return shell(words[1] ?? '', environment);
  const outcome = simple(name, words, environment);
  return outcome === undefined
    ? undefined
    : {
        lines: outcome.text === undefined ? [] : [{ after: 50, text: outcome.text }],
        ends: 60 + outcome.takes,
        exitCode: outcome.exitCode,
      };
}

interface Step {
  readonly text?: string;
  readonly takes: number;
  readonly exitCode: number;
}

function simple(
  name: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Step | undefined {
  switch (name) {
    case 'echo':
      return { text: words.join(' '), takes: 0, exitCode: 0 };
    case 'sleep':
      return words[0] === 'infinity'
        ? { takes: Number.POSITIVE_INFINITY, exitCode: 0 }
        : { takes: Number(words[0] ?? 0) * 1000 || 0, exitCode: 0 };
    case 'true':
    case ':':
      return { takes: 0, exitCode: 0 };
    case 'false':
      return { takes: 0, exitCode: 1 };
    case 'exit':
      return { takes: 0, exitCode: Number(words[0] ?? 0) & 255 };
    case 'env':
      return {
        text: Object.entries(environment)
          .map(([key, value]) => `${key}=${value}`)
          .join('\n'),
        takes: 0,
        exitCode: 0,
      };
    case 'printenv': {
      const value = environment[words[0] ?? ''];
      return value === undefined ? { takes: 0, exitCode: 1 } : { text: value, takes: 0, exitCode: 0 };
    }
    default:
      return undefined;
  }
}

/** A script of simple commands with `;`, `&&`, `||`, new lines and `$VARIABLES`. */
function shell(script: string, environment: Readonly<Record<string, string>>): Outcome {
  const lines: TimelineLine[] = [];
  let at = 50;
  let exitCode = 0;
  let steps = 0;
  let joint = ';';
  for (const part of script.split(/(;|&&|\|\||\n)/)) {
    if (/^(?:;|&&|\|\||\n)$/.test(part)) {
      joint = part;
      continue;
    }
    if (part.trim() === '' || (joint === '&&' && exitCode !== 0) || (joint === '||' && exitCode === 0)) continue;
    if (++steps > MOST_STEPS) break;
    const words = shellWords(part.replace(/\$\{?(\w+)\}?/g, (_, name: string) => environment[name] ?? ''));
    const [name = '', ...rest] = words;
    const outcome = simple(name, rest, environment);
    if (outcome === undefined) {
      lines.push({ after: at, text: `sh: 1: ${name}: not found` });
      exitCode = 127;
      continue;
    }
    if (outcome.text !== undefined) for (const text of outcome.text.split('\n')) lines.push({ after: at, text });
    at += outcome.takes;
    exitCode = outcome.exitCode;
    if (name === 'exit') break;
  }
  return { lines, ends: at + 10, exitCode };
}

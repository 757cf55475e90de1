import type { Command, Option } from 'commander';
import { listProfiles } from '../aws/profiles.ts';
import { regions } from '../reference/regions.ts';
import type { Verb } from './program.ts';

/**
 * `completion SHELL`: the script that completes verbs, options and their values, made from the program's own
 * definitions; `completion profiles`: the names that the scripts offer for `--profile`.
 */
export function completion(root: Command): Verb {
  return async ({ print, process: { env } }, [what = '']) => {
    if (what === 'profiles') for (const { name } of await listProfiles(env)) print.line(name);
    else print.lines(scripts[what]?.({ verbs: root.commands, everywhere: root.options }) ?? '');
    return 0;
  };
}

interface Definitions {
  readonly verbs: readonly Command[];
  readonly everywhere: readonly Option[];
}

/** A shell's script from the definitions. */
const scripts: Readonly<Record<string, (definitions: Definitions) => string>> = { bash, zsh, fish };

/** Values known by name alone; a list for the shell, or a command that prints it. */
function valuesOf({ long, argChoices }: Option): string | undefined {
  if (argChoices !== undefined) return argChoices.join(' ');
  if (long === '--output') return 'table json yaml';
  if (long === '--region') return regions.join(' ');
  if (long === '--profile') return '$(mwaa-console completion profiles 2>/dev/null)';
  return undefined;
}

/** How a single quote is written inside single quotes. */
const ZSH_QUOTE = "'\\''";
const FISH_QUOTE = "\\'";

/** Options whose value is a file or a folder. */
const FILES = new Set(['--pipeline', '--out', '--debug', '--config']);

function flagsOf(options: readonly Option[]): string[] {
  return options.flatMap(({ short, long }) => [...(long ? [long] : []), ...(short ? [short] : [])]);
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

/** The options of all verbs, each once: a name means the same wherever it stands. */
function everyOption({ verbs, everywhere }: Definitions): Option[] {
  const known = new Map(
    [...everywhere, ...verbs.flatMap((verb) => verb.options)].map((option) => [option.long, option]),
  );
  return [...known.values()];
}

function bash(definitions: Definitions): string {
  const { verbs, everywhere } = definitions;
  const names = verbs.map((verb) => verb.name());
  const global = flagsOf(everywhere);
  const valued = everyOption(definitions).filter(takesValue);
  return `# bash completion of mwaa-console: source <(mwaa-console completion bash)
_mwaa_console() {
  local word verb= cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${names.join('|')}) verb=$word; break ;; esac
  done
  case $prev in
${valued.map((option) => `    ${flagsOf([option]).join('|')}) ${bashValues(option)}; return ;;`).join('\n')}
  esac
  case $verb in
    '') COMPREPLY=($(compgen -W "${[...names, ...global].join(' ')}" -- "$cur")) ;;
${verbs.map((verb) => `    ${verb.name()}) COMPREPLY=($(compgen -W "${[...flagsOf(verb.options), ...global].join(' ')}" -- "$cur")) ;;`).join('\n')}
  esac
}
complete -F _mwaa_console mwaa-console
`;
}

function bashValues(option: Option): string {
  const values = valuesOf(option);
  if (values !== undefined) return `COMPREPLY=($(compgen -W "${values}" -- "$cur"))`;
  return FILES.has(option.long ?? '') ? 'COMPREPLY=($(compgen -f -- "$cur"))' : 'COMPREPLY=()';
}

function zsh(definitions: Definitions): string {
  const { verbs, everywhere } = definitions;
  const spec = (options: readonly Option[]) =>
    options
      .flatMap((option) => flagsOf([option]).map((flag) => `      ${quoted(zshOption(flag, option), ZSH_QUOTE)} \\`))
      .join('\n');
  return `#compdef mwaa-console
# zsh completion of mwaa-console: source <(mwaa-console completion zsh)
_mwaa_console() {
  local -a verbs
  local word verb=
  verbs=(
${verbs.map((verb) => `    ${quoted(`${verb.name()}:${verb.description()}`, ZSH_QUOTE)}`).join('\n')}
  )
  for word in "\${(@)words[2,CURRENT-1]}"; do
    (( \${verbs[(I)$word:*]} )) && { verb=$word; break; }
  done
  case $verb in
    '') _arguments -S \\
${spec(everywhere)}
      '1:command:{ _describe command verbs }' ;;
${verbs.map((verb) => `    ${verb.name()}) _arguments -S \\\n${spec([...verb.options, ...everywhere])}\n      '*: :' ;;`).join('\n')}
  esac
}
compdef _mwaa_console mwaa-console
`;
}

function zshOption(flag: string, option: Option): string {
  const described = `${flag}[${option.description.replace(/[[\]\\:]/g, '\\$&')}]`;
  if (!takesValue(option)) return described;
  const values = valuesOf(option);
  if (values !== undefined) return `${described}:value:(${values})`;
  return `${described}:value:${FILES.has(option.long ?? '') ? '_files' : ' '}`;
}

function fish({ verbs, everywhere }: Definitions): string {
  const lines = (options: readonly Option[], condition: string) =>
    options.map((option) => {
      const { short, long } = option;
      const values = valuesOf(option)?.replace(/^\$(\(.*\))$/, '$1');
      return [
        `complete -c mwaa-console${condition}`,
        ...(short ? [`-s ${short.slice(1)}`] : []),
        ...(long ? [`-l ${long.slice(2)}`] : []),
        ...(takesValue(option) ? [FILES.has(long ?? '') ? '-r -F' : '-x'] : []),
        ...(values === undefined ? [] : [`-a "${values}"`]),
        `-d ${quoted(option.description, FISH_QUOTE)}`,
      ].join(' ');
    });
  return [
    '# fish completion of mwaa-console: mwaa-console completion fish | source',
    'complete -c mwaa-console -f',
    ...lines(everywhere, ''),
    ...verbs.flatMap((verb) => [
      `complete -c mwaa-console -n __fish_use_subcommand -a ${verb.name()} -d ${quoted(verb.description(), FISH_QUOTE)}`,
      ...lines(verb.options, ` -n '__fish_seen_subcommand_from ${verb.name()}'`),
    ]),
    '',
  ].join('\n');
}

/** In single quotes; `quote` is how the shell writes one inside. */
function quoted(text: string, quote: string): string {
  return `'${text.replaceAll("'", quote)}'`;
}

import { readFile } from 'node:fs/promises';
import { text as streamText } from 'node:stream/consumers';
import type { DeploymentOptions } from '../deployment/options.ts';
import { Failure } from '../text/failure.ts';
import type { Context } from './context.ts';
import type { VerbOptions } from './program.ts';

/** The workflow file that an option (`--pipeline`, `--config`) names; `-` is standard input. */
export async function readPipelineFile(
  context: Context,
  options: VerbOptions,
): Promise<{ text: string; file: string }> {
  const file = String(options.pipeline);
  if (file === '-') return { text: await streamText(context.process.stdin), file: 'standard input' };
  return { text: await readText(file, 'Name an OpenMetadata workflow YAML, or - for standard input.'), file };
}

/** A text file that an option names. Failure `invalid-input`, with the advice, where it can't be read. */
export async function readText(file: string, advice: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    const why =
      { ENOENT: 'there is no such file', EISDIR: 'it is a folder', EACCES: 'it may not be read' }[code] ?? code;
    throw new Failure('invalid-input', `${file}: ${why}.`, { advice, resource: file, cause });
  }
}

/** The deployment options as commander read them. */
export function deploymentOptions(options: VerbOptions): DeploymentOptions {
  const { subnet, securityGroup, extra, ...rest } = options as DeploymentOptions & {
    readonly extra?: string[];
    readonly subnet?: string[];
    readonly securityGroup?: string[];
  };
  return { ...rest, extras: extra, subnets: subnet, securityGroups: securityGroup };
}

import { spawn } from 'node:child_process';
import { printableLines } from '../../text/printable.ts';

/** Runs a program with a text as its input; resolves with its exit code, rejects if it can't start. */
export type RunWithInput = (command: string, args: readonly string[], input: string) => Promise<number>;

/** Where a copy goes and what decides it. */
export interface ClipboardOptions {
  readonly stdout: { readonly isTTY?: boolean; write(text: string): unknown };
  readonly environment: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly run?: RunWithInput;
}

/** What became of a copy. `sent` alone means that the terminal was asked, which gives no answer. */
export interface CopyReport {
  readonly ok: boolean;
  /** One sentence for the reader, true in every case. */
  readonly message: string;
}

/** Terminals drop OSC 52 sequences above about 100,000 bytes; base64 makes 4 of 3. */
const TERMINAL_LIMIT = 74_000;
const NATIVE_LIMIT = 1_000_000;
const SCREEN_CHUNK = 700;
const RUN_LIMIT = 3000;

/**
 * Copies a text over the terminal (OSC 52, which also works over SSH) and with the machine's own tool where
 * one can reach the user's clipboard. The text loses whatever could act on a terminal it is pasted into.
 */
export async function copyText(text: string, options: ClipboardOptions): Promise<CopyReport> {
  const clean = printableLines(text).join('\n').trimEnd();
  const bytes = Buffer.byteLength(clean);
  if (clean === '') return { ok: false, message: 'Nothing to copy' };
  if (bytes > NATIVE_LIMIT) return { ok: false, message: `Not copied: ${bytes} bytes are too many for a clipboard` };
  const native = await copyNatively(clean, options);
  const sent = options.stdout.isTTY === true && bytes <= TERMINAL_LIMIT;
  if (sent) options.stdout.write(clipboardSequence(clean, options.environment));
  if (native.tool !== undefined) {
    return { ok: true, message: `Copied with ${native.tool}${sent ? ', and sent to the terminal (OSC 52)' : ''}` };
  }
  if (sent) return { ok: true, message: 'Sent to the terminal (OSC 52), which does not say whether it took it' };
  const why = options.stdout.isTTY === true ? 'it is too long for the terminal (OSC 52)' : 'there is no terminal';
  return { ok: false, message: `Not copied: ${why}${native.failure === undefined ? '' : `, and ${native.failure}`}` };
}

/** OSC 52 for a text, wrapped as tmux and screen want it. */
function clipboardSequence(text: string, environment: NodeJS.ProcessEnv): string {
  const sequence = `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`;
  if (environment.TMUX !== undefined) {
    // tmux takes it itself (set-clipboard on) or passes it through (allow-passthrough on): ask both ways.
    return `${sequence}\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\`;
  }
  if (environment.STY !== undefined) {
    let chunks = '';
    for (let at = 0; at < sequence.length; at += SCREEN_CHUNK) {
      chunks += `\x1bP${sequence.slice(at, at + SCREEN_CHUNK)}\x1b\\`;
    }
    return chunks;
  }
  return sequence;
}

async function copyNatively(
  text: string,
  { environment, platform, run = runWithInput }: ClipboardOptions,
): Promise<{ tool?: string; failure?: string }> {
  const tool = nativeTool(environment, platform);
  if (tool === undefined) return {};
  const [command = '', ...args] = tool;
  try {
    const code = await run(command, args, text);
    return code === 0 ? { tool: command } : { failure: `${command} ended with ${code}` };
  } catch (error) {
    return { failure: `${command} could not be run (${error instanceof Error ? error.message : String(error)})` };
  }
}

/** The tool that reaches the user's own clipboard; over SSH it would be another machine's. */
function nativeTool(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): readonly string[] | undefined {
  if (environment.SSH_CONNECTION !== undefined || environment.SSH_TTY !== undefined) return undefined;
  if (platform === 'darwin') return ['pbcopy'];
  if (platform === 'win32' || environment.WSL_DISTRO_NAME !== undefined) return ['clip.exe'];
  if (environment.WAYLAND_DISPLAY !== undefined) return ['wl-copy'];
  if (environment.DISPLAY !== undefined) return ['xclip', '-selection', 'clipboard'];
  return undefined;
}

function runWithInput(command: string, args: readonly string[], input: string): Promise<number> {
  return new Promise((resolve, reject) => {
    // xclip and wl-copy stay behind to serve the clipboard: they must not hold our output or our exit.
    const child = spawn(command, [...args], { stdio: ['pipe', 'ignore', 'ignore'], timeout: RUN_LIMIT });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
    child.stdin.once('error', reject);
    child.stdin.end(input);
  });
}

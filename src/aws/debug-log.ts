import { closeSync, fchmodSync, fstatSync, openSync, writeSync } from 'node:fs';
import { Failure } from '../text/failure.ts';
import { jsonText } from '../text/json.ts';
import type { CallRecord } from './session.ts';

/** Where `--debug FILE` writes. */
export interface DebugLog {
  /** One ended call. */
  call(record: CallRecord): void;
  /** Anything else worth knowing later; must hold no secret. */
  note(text: string, details?: Readonly<Record<string, unknown>>): void;
  close(): void;
}

/**
 * Opens the file of `--debug`: one JSON object a line, appended, readable by its owner alone (mode 0600),
 * without secrets. Fails with 'invalid-input' when it cannot be opened; a disk that fills up later loses
 * lines, never the session.
 */
export function debugLog(file: string): DebugLog {
  const descriptor = open(file);
  const write = (entry: object) => {
    try {
      writeSync(descriptor, `${jsonText(entry)}\n`);
    } catch {
      // Nothing may fail because its own trace could not be written.
    }
  };
  return {
    call: ({ at, duration = 0, ...record }) =>
      write({ time: new Date(at).toISOString(), type: 'call', ...record, durationMs: Math.round(duration) }),
    note: (text, details = {}) => write({ time: new Date().toISOString(), type: 'note', text, ...details }),
    close: () => closeSync(descriptor),
  };
}

function open(file: string): number {
  try {
    const descriptor = openSync(file, 'a', 0o600);
    // The mode above is for a new file only.
    if (fstatSync(descriptor).isFile()) fchmodSync(descriptor, 0o600);
    return descriptor;
  } catch (cause) {
    throw new Failure('invalid-input', `The debug file ${file} cannot be written.`, {
      advice: 'Give --debug a path in a folder that exists and that you may write to.',
      resource: file,
      cause,
    });
  }
}

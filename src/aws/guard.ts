import { accessOf, type Operation } from '../reference/operations.ts';
import { Failure } from '../text/failure.ts';
import type { Guard } from './session.ts';

/**
 * Lets a call pass or throws a Failure 'refused'. In read-only mode an allow-list decides: only what the
 * table of operations names as a read goes out, whatever asked for it.
 */
export function checkGuard(guard: Guard, operation: Operation, input: object): void {
  if (!guard.readOnly || accessOf(operation, input) === 'read') return;
  const { Method: method, Path: path } = input as { readonly Method?: unknown; readonly Path?: unknown };
  const what =
    operation.access === 'by-request'
      ? `${operation.actions[0]} (${String(method)} ${String(path)})`
      : operation.actions[0];
  throw new Failure('refused', `Read-only: ${what} would change something.`, {
    advice: 'Unlock the console, or run without --read-only, if you mean it.',
    ...(operation.actions[0] === undefined ? {} : { action: operation.actions[0] }),
  });
}

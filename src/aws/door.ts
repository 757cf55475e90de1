import type { Operation } from '../reference/operations.ts';
import { Failure } from '../text/failure.ts';
import { attempts } from './attempts.ts';
import { bufferBody } from './buffered-body.ts';
import { isWebPage, notAws } from './error-facts.ts';
import { checkGuard } from './guard.ts';
import type { Door } from './send.ts';
import { rememberServerDate } from './server-date.ts';
import type { CallRecord } from './session.ts';

type Next = (step: object) => Promise<object>;
type Middleware = (next: Next) => Next;

interface Stack {
  add(middleware: Middleware, options: { step: 'initialize'; priority: 'high'; name: string }): void;
  addRelativeTo(
    middleware: Middleware,
    options: { relation: 'before'; toMiddleware: 'retryMiddleware'; name: string },
  ): void;
}

/** Middleware for one command. */
export interface Plugin {
  applyToStack(stack: Stack): void;
  /** Notes the call's end when it failed; the error is what its caller gets. */
  failed(error: unknown): void;
}

/** One call at the door to AWS. */
export interface DoorCall {
  readonly operation: Operation;
  readonly input: object;
  readonly signal: AbortSignal;
  readonly door: Door;
}

/**
 * The one point that every request passes. When the call begins, the guard refuses what it does not
 * allow and the call is recorded; around the SDK's own retry step (which signs each attempt, and is set
 * to one) the attempts are made, each with a token of the shared budget.
 */
export function doorPlugin({ operation, input, signal, door }: DoorCall): Plugin {
  let record: CallRecord | undefined;
  let made = 0;
  const end = (error: string | undefined) => {
    if (record !== undefined) door.calls.end(record, made, error);
    record = undefined;
  };
  return {
    applyToStack(stack) {
      stack.add(
        (next) => async (step) => {
          checkGuard(door.guard(), operation, input);
          record = door.calls.begin(operation.service, operation.name, input);
          const answer = await next(step);
          noteDate(answer);
          end(undefined);
          return answer;
        },
        { step: 'initialize', priority: 'high', name: 'mwaaConsoleGuard' },
      );
      stack.addRelativeTo(
        (next) => (step) =>
          attempts(() => answerOf(operation, next(step)), {
            operation,
            input,
            signal,
            clock: door.clock,
            bucket: door.budget.bucket(operation.family, input),
            began: (attempt) => {
              made = attempt;
            },
          }),
        { relation: 'before', toMiddleware: 'retryMiddleware', name: 'mwaaConsoleBudget' },
      );
    },
    failed: (error) => end(error instanceof Failure ? (error.code ?? error.kind) : signal.aborted ? 'aborted' : 'bug'),
  };
}

/** What the middleware hands back: the output and the HTTP answer that it was read from. */
interface Answer {
  readonly output?: object;
  readonly response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
}

/** An attempt's answer, complete: with its body read and no page of somebody else's. */
async function answerOf(operation: Operation, answering: Promise<Answer>): Promise<Answer> {
  const answer = await answering;
  const { output, response } = answer;
  if (output !== undefined) await bufferBody(output);
  const isObject = operation.service === 's3' && operation.name.endsWith('Object');
  if (!isObject && response !== undefined && isWebPage(response.headers ?? {})) throw notAws(response);
  return answer;
}

function noteDate({ output, response }: Answer): void {
  if (output !== undefined) rememberServerDate(output, response?.headers?.date);
}

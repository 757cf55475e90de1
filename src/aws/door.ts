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
  /** See `CallOptions`. */
  readonly again?: (() => Promise<unknown>) | undefined;
}

/**
 * The one point that every request passes. When the call begins, the guard refuses what it does not
 * allow and the call is recorded; around the SDK's own retry step (which signs each attempt, and is set
 * to one) the attempts are made, each with a token of the shared budget.
 */
export function doorPlugin({ operation, input, signal, door, again }: DoorCall): Plugin {
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
            again,
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
  if (response !== undefined && isForeign(operation, output, response.headers ?? {})) throw notAws(response);
  return answer;
}

/** Services whose answers are XML, of which the SDK's reader takes any page. */
const XML_SERVICES: ReadonlySet<string> = new Set(['s3', 'sts', 'iam', 'ec2']);

/**
 * Whether an answer that was read without complaint is a page of somebody else's. JSON that was read is none,
 * whatever it is labelled as (moto's server calls much of its JSON a page); where a JSON service has nothing to
 * say, its body was not read at all.
 */
function isForeign(
  { service, name }: Operation,
  output: object | undefined,
  headers: Readonly<Record<string, string>>,
): boolean {
  if (!isWebPage(headers) || (service === 's3' && name.endsWith('Object'))) return false;
  if (XML_SERVICES.has(service)) return true;
  const empty = Object.keys(output ?? {}).every((member) => member === '$metadata');
  return empty && Number(headers['content-length'] ?? Number.POSITIVE_INFINITY) > '{}'.length;
}

function noteDate({ output, response }: Answer): void {
  if (output !== undefined) rememberServerDate(output, response?.headers?.date);
}

import type { ApplyEvent, ApplyOutcome } from '../deployment/carry-out.ts';
import { clockTime } from '../text/ages.ts';
import type { Tone } from '../text/columns.ts';
import { Failure } from '../text/failure.ts';
import type { Context } from './context.ts';

const TONES: Readonly<Record<Extract<ApplyEvent, { type: 'step' }>['state'], Tone>> = {
  running: 'plain',
  done: 'ok',
  failed: 'error',
  undoing: 'plain',
  undone: 'ok',
};

/** One line of progress for each event, beside the data. */
export function teller({ print }: Pick<Context, 'print'>): (event: ApplyEvent) => void {
  let steps: Extract<ApplyEvent, { type: 'begun' }>['steps'] = [];
  return (event) => {
    const time = clockTime(event.at, 'utc');
    if (event.type === 'begun') {
      ({ steps } = event);
      print.note(`${time} deployment ${event.deployment}`, 'dim');
    } else if (event.type === 'waiting') print.note(`${time} ${event.text}`, 'dim');
    else if (event.type === 'note') print.note(`${time}   ${event.text}`, 'dim');
    else if (event.type === 'log') print.note(`${time}   ${event.line.component}: ${event.line.text}`, 'dim');
    else {
      const step = steps.find(({ id }) => id === event.id);
      const detail = event.detail === undefined ? '' : `: ${event.detail}`;
      const what = step === undefined ? event.id : `${step.kind} ${step.resource}`;
      print.note(`${time} ${event.state.padEnd(7)} ${what}${detail}`, TONES[event.state]);
    }
  };
}

/** Runs the engine to its end and passes on what it tells. */
export async function followed<Outcome extends ApplyOutcome | undefined>(
  run: AsyncGenerator<ApplyEvent, Outcome>,
  onEvent: (event: ApplyEvent) => void,
): Promise<Outcome> {
  for (;;) {
    const next = await run.next();
    if (next.done) return next.value;
    onEvent(next.value);
  }
}

/**
 * Asks before something is changed. What restarts workers is confirmed by the environment's name, which `--yes` does
 * not answer. Failure 'refused' where it is not confirmed.
 */
export async function agree(
  context: Context,
  question: string,
  restart: { readonly environment: string; readonly restartsWorkers: boolean; readonly confirmed: unknown },
): Promise<void> {
  const { environment, restartsWorkers, confirmed } = restart;
  if (!restartsWorkers) {
    if (await context.confirm(question)) return;
    throw new Failure('refused', 'Nothing was changed.');
  }
  if (confirmed === environment) return;
  if (confirmed !== undefined) {
    throw new Failure(
      'refused',
      `--confirm names ${String(confirmed)}, and this restarts the workers of ${environment}.`,
    );
  }
  const answer = await context.ask(
    `${question} This restarts its workers: tasks that run fail. Type its name to go on:`,
  );
  if (answer === undefined) {
    throw new Failure('refused', `This restarts the workers of ${environment}, and there is no terminal to ask on.`, {
      advice: `Pass --confirm ${environment}.`,
    });
  }
  if (answer.trim() !== environment) throw new Failure('refused', 'Nothing was changed.');
}

import { expect } from 'vitest';
import { openSession } from '../../src/aws/open.ts';
import { kindWords } from '../../src/deployment/step-words.ts';
import { deploymentSummary } from '../../src/deployment/summary.ts';
import { openScreen } from '../screens/support/screen.ts';
import type { Ended } from '../support/command.ts';
import { HandClock } from '../support/hand-clock.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { journals } from './bench.ts';

/** Where a deployment failed, as all that tell of it have it. */
export interface ToldFailure {
  /** The step's id. */
  readonly id: string;
  readonly why: string;
  /** What to do. */
  readonly advice: string;
  /** What the command ends with. */
  readonly code: number;
}

/**
 * Where and why the newest deployment failed, and what to do: from its journal, and held against what the command has
 * printed, what the ticket's summary says, and what its screen shows to whoever opens it afterwards.
 */
export async function toldFailure(region: VirtualRegion, { code, stderr }: Ended): Promise<ToldFailure> {
  const [journal] = await journals(await region.open());
  const step = journal?.steps.find(({ state }) => state === 'failed');
  if (journal === undefined || step === undefined) throw new Error(`Nothing has failed:\n${stderr}`);
  expect(journal.state).toBe('failed');
  const { error: why = '', advice = '' } = step;
  expect(advice).toMatch(/\w/);

  const lines = stderr.trimEnd().split('\n');
  expect(lines.find((line) => / failed /.test(line))).toContain(` failed  ${step.kind} ${step.resource}: `);
  const error = lines.findIndex((line) => line.startsWith('Error: '));
  expect(lines.slice(error).join('\n').replaceAll('\n  ', '\n')).toBe(`Error: ${why}\n${advice}`);

  const summary = deploymentSummary(journal).replaceAll('\\', '');
  expect(summary).toContain(`**Failed at ${step.id}:**`);
  expect(summary).toContain(words(advice).join(' '));
  const next = [...summary.matchAll(/^Next: `mwaa-console (.*)`$/gm)].map(([, command]) => command);
  const both = ['resume', 'undo'].map((verb) => `${verb} data-prod ${journal.id}`);
  expect(next).toEqual(advice.includes('Take the deployment back') ? both.reverse() : both);

  await onScreen(region, journal.id, [
    `failed at ${journal.steps.indexOf(step) + 1} of ${journal.steps.length}`,
    kindWords(step.kind),
    ...words(why),
    ...words(advice),
    'C goes on where it stopped, U takes it back.',
  ]);
  return { id: step.id, why, advice, code };
}

/** Opens the deployment's screen at a time that stands still, and waits until it shows each text. */
async function onScreen({ url, time }: VirtualRegion, deployment: string, texts: readonly string[]): Promise<void> {
  const clock = new HandClock(time.region.now(), { passing: 1_000 });
  const screen = await openScreen({
    session: () =>
      openSession({
        endpoint: url,
        region: 'eu-west-1',
        credentials: { accessKeyId: 'AKIADEMOADMIN0000000', secretAccessKey: 'demo' },
        clock,
      }),
    route: { kind: 'apply', environment: 'data-prod', deployment },
    columns: 200,
    rows: 50,
  });
  for (const text of texts) await screen.sees(text);
  await screen.close();
}

/** Its words: lines break between them, and long ones anywhere. */
function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '' && word.length < 60);
}

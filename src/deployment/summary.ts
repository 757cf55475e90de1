import { age, isoTime } from '../text/ages.ts';
import type { Journal, JournalStep } from './journal.ts';

const HEADINGS: Readonly<Record<Journal['state'], string>> = {
  applying: 'under way',
  failed: 'failed',
  done: 'done',
  undoing: 'being taken back',
  'undo-failed': 'could not be taken back whole',
  undone: 'taken back',
};

/** A deployment told in Markdown, for the ticket: what was done to what, by whom, when, and what to do next. */
export function deploymentSummary(journal: Journal): string {
  const { id, environment, dagId, request, startedAt, startedBy, endedAt, undo } = journal;
  const took = endedAt === undefined ? '' : ` (${age(Math.max(0, endedAt - (undo?.startedAt ?? startedAt)))})`;
  const version = provenVersion(journal);
  const facts: readonly (readonly [string, string])[] = [
    ['Environment', `${environment}, Airflow ${request.airflowVersion}`],
    ['Ingestion', `${dagId}, ${request.mode} mode, OpenMetadata ${request.openmetadataVersion}`],
    ['Began', `${isoTime(startedAt)}, by ${startedBy}`],
    ...(undo === undefined ? [] : [['Taken back', `${isoTime(undo.startedAt)}, by ${undo.startedBy}`] as const]),
    ...(version === undefined ? [] : [['Proven', `a worker imports openmetadata-ingestion ${version}`] as const]),
    ['Ended', endedAt === undefined ? 'not yet' : `${isoTime(endedAt)}${took}`],
  ];
  const failed = journal.steps.find((step) => step.error !== undefined);
  const remains = journal.steps.flatMap((step) => (step.remains === undefined ? [] : [step.remains]));
  return [
    `## Deployment ${code(id)}: ${HEADINGS[journal.state]}`,
    '',
    ...facts.map(([name, value]) => `- **${name}:** ${escaped(value)}`),
    '',
    '| Step | Action | Resource | State | Took |',
    '| --- | --- | --- | --- | --- |',
    ...journal.steps.map(row),
    ...(failed === undefined ? [] : ['', `**Failed at ${escaped(failed.id)}:** ${escaped(failed.error ?? '')}`]),
    ...(failed?.advice === undefined ? [] : ['', escaped(failed.advice)]),
    ...(remains.length === 0 ? [] : ['', 'Remains:', '', ...remains.map((text) => `- ${escaped(text)}`)]),
    ...next(journal).flatMap((command) => ['', `Next: ${code(command)}`]),
    '',
  ].join('\n');
}

function row({ id, action, resource, state, startedAt, endedAt }: JournalStep): string {
  const took = startedAt === undefined || endedAt === undefined ? '' : age(Math.max(0, endedAt - startedAt));
  return `| ${escaped(id)} | ${action} | ${code(resource)} | ${state} | ${took} |`;
}

/** What the probe has found on a worker. */
function provenVersion({ steps }: Journal): string | undefined {
  const found = steps.find(({ kind, state }) => kind === 'probe' && state === 'done')?.after;
  return (found as { readonly version?: string } | undefined)?.version;
}

/** What can be done, first what is advised. */
function next({ state, environment, id, steps }: Journal): string[] {
  if (state === 'done' || state === 'undone') return [];
  const resume = `mwaa-console resume ${environment} ${id}`;
  if (state !== 'failed') return [resume];
  const undo = `mwaa-console undo ${environment} ${id}`;
  const isAdvised = steps.some(({ advice }) => advice?.includes('Take the deployment back'));
  return isAdvised ? [undo, resume] : [resume, undo];
}

/** Remote text in a cell: nothing of it is Markdown, and no line ends in it. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>|#]/g, (sign) => `\\${sign}`);
}

function code(text: string): string {
  return `\`${text.replace(/[\s`|]+/g, ' ')}\``;
}

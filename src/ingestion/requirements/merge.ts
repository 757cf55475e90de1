import { undeclaredPackages } from '../../reference/ingestion-needs.ts';
import { ingestionRequirement } from '../../reference/openmetadata-versions.ts';
import { compareVersions } from '../../reference/version.ts';
import { checkRequirements, type RequirementsFinding } from './check.ts';
import { ownIndex, type Statement, statementsOf } from './file.ts';

/** What one ingestion needs of an environment's requirements.txt. */
export interface RequirementsNeed {
  readonly dagId: string;
  /** Extras of openmetadata-ingestion. */
  readonly extras: readonly string[];
  readonly openmetadataVersion: string;
  readonly airflowVersion: string;
  /** Path on the workers of the constraint file to install under, where Airflow's own excludes OpenMetadata. */
  readonly constraint?: string;
  /** Install from what plugins.zip brings, and from nowhere else. */
  readonly offline?: boolean;
}

/** A requirements.txt with the needs of the environment's ingestions in it. */
export interface MergedRequirements {
  readonly text: string;
  /** What stands in the file for whom, sorted by DAG id; empty when nothing of ours is left. */
  readonly needs: readonly { readonly dagId: string; readonly extras: readonly string[] }[];
  /** What to know before it is installed; errors mean that it would not be. */
  readonly findings: readonly RequirementsFinding[];
  /** Statements of others that can't stand beside ours, and are kept as comments until ours are gone. */
  readonly replaced: readonly string[];
}

const BEGIN = '# mwaa-console: begin. What its ingestions need: change their workflow files, not these lines.';
const END = '# mwaa-console: end';
const REPLACED = '# mwaa-console replaced: ';
const PACKAGE = 'openmetadata-ingestion';

/** Where MWAA unpacks plugins.zip, and with it the wheels of an installation without an index. */
export const PLUGINS_FOLDER = '/usr/local/airflow/plugins';

/** Our lines of a file, and what is around them. */
interface Sections {
  readonly before: string;
  readonly block: readonly string[];
  readonly after: string;
}

/**
 * Adds an ingestion's need to a requirements.txt, or brings it up to date: the rest of the file stays as it is to the
 * byte, but for what can't stand beside it (see `replaced`). Ours is a block at the top, where MWAA wants `--constraint`
 * (docs.aws.amazon.com/mwaa/latest/userguide/connections-packages.html); one package line serves all ingestions, since
 * an environment has one Python. Merging twice changes nothing more; a new version changes one line.
 */
export function mergeRequirements(existing: string, need: RequirementsNeed): MergedRequirements {
  const sections = sectionsOf(existing);
  const needs = needsOf(sections.block).filter(({ dagId }) => dagId !== need.dagId);
  needs.push({ dagId: need.dagId, extras: [...new Set(need.extras)].sort() });
  needs.sort((a, b) => (a.dagId < b.dagId ? -1 : 1));
  const outside = { before: setAside(sections.before, need), after: setAside(sections.after, need) };
  const whole = outside.before + outside.after;
  const lines = [
    BEGIN,
    ...(need.offline === true && ownIndex(statementsOf(whole)) === undefined ? offlineLines(whole) : []),
    ...(need.constraint === undefined || hasConstraint(whole) ? [] : [`--constraint "${need.constraint}"`]),
    ...needs.map(({ dagId, extras }) => `# ${dagId} needs [${extras.join(',')}]`),
    ingestionRequirement(need.openmetadataVersion, [
      ...needs.flatMap(({ extras }) => extras),
      ...setAsideExtras(whole),
    ]),
    ...undeclaredPackages(need.openmetadataVersion).filter((name) => !namesPackage(whole, name)),
    END,
  ];
  // What is set aside is judged by what it was, its lines counted in the file as it was given.
  const findings = [...checkRequirements(blankedBlock(existing, sections), need), ...moved(sections, need)];
  return merged(outside, needs, lines, endOfLine(existing), findings);
}

/** The DAG ids of the ingestions that a requirements.txt names as needing something of it, sorted. */
export function neededBy(text: string): string[] {
  return needsOf(sectionsOf(text).block).map(({ dagId }) => dagId);
}

/** Takes an ingestion's need out again; with the last one the file is, to the byte, what it was without us. */
export function withdrawRequirements(existing: string, dagId: string): MergedRequirements {
  const sections = sectionsOf(existing);
  const needs = needsOf(sections.block);
  const left = needs.filter((each) => each.dagId !== dagId);
  if (left.length === needs.length) return { text: existing, needs, findings: [], replaced: replacedIn(existing) };
  if (left.length === 0) {
    const text = putBack(sections.before) + putBack(sections.after);
    return { text, needs: [], findings: [], replaced: [] };
  }
  const extras = [...left.flatMap((each) => each.extras), ...setAsideExtras(sections.before + sections.after)];
  const lines = sections.block
    .filter((line) => needOf(line)?.dagId !== dagId)
    .map((line) => (isOurs(line) ? withExtras(line, extras) : line));
  return merged(sections, left, lines, endOfLine(existing));
}

/**
 * Puts back what an ingestion needed of `earlier`, an older text of the file, after it was withdrawn; under the release
 * that the file has now, where others hold it.
 */
export function restoreRequirements(
  existing: string,
  earlier: string,
  { dagId, airflowVersion }: Pick<RequirementsNeed, 'dagId' | 'airflowVersion'>,
): string {
  const { block } = sectionsOf(earlier);
  const extras = needsOf(block).find((need) => need.dagId === dagId)?.extras;
  const openmetadataVersion = releaseIn(sectionsOf(existing).block) ?? releaseIn(block);
  if (extras === undefined || openmetadataVersion === undefined) return existing;
  const [, constraint] = block.flatMap((line) => /^--constraint "(.+)"$/.exec(line) ?? []);
  return mergeRequirements(existing, {
    dagId,
    extras,
    openmetadataVersion,
    airflowVersion,
    ...(constraint === undefined ? {} : { constraint }),
    ...(block.includes('--no-index') ? { offline: true } : {}),
  }).text;
}

/** The release of OpenMetadata that a block of ours installs. */
function releaseIn(block: readonly string[]): string | undefined {
  return /~=(.*)\.\d+$/.exec(block.find(isOurs) ?? '')?.[1];
}

function merged(
  { before, after }: Pick<Sections, 'before' | 'after'>,
  needs: MergedRequirements['needs'],
  lines: readonly string[],
  eol: string,
  findings: readonly RequirementsFinding[] = [],
): MergedRequirements {
  const text = before + lines.map((line) => line + eol).join('') + after;
  return { text, needs, findings, replaced: replacedIn(before + after) };
}

/** Other ingestions that this one takes along to another release: an environment has one Python. */
function moved({ before, block }: Sections, need: RequirementsNeed): RequirementsFinding[] {
  const at = block.findIndex(isOurs);
  const version = releaseIn(block);
  const others = needsOf(block).filter(({ dagId }) => dagId !== need.dagId);
  if (version === undefined || others.length === 0 || compareVersions(need.openmetadataVersion, version) === 0)
    return [];
  return [
    {
      severity: 'warning',
      line: before.split('\n').length + at,
      text: `${others.map(({ dagId }) => dagId).join(', ')} of this environment moves from OpenMetadata ${version} to ${need.openmetadataVersion} with it.`,
      remedy: 'Deploy it again for that release afterwards.',
      source: 'docs.open-metadata.org: deployment/ingestion/external, which has ingestion and server match',
    },
  ];
}

/** The file with our own block blanked and what is set aside put back, line by line. */
function blankedBlock(existing: string, { before, block }: Sections): string {
  const lines = existing.split('\n');
  const begin = before === '' ? 0 : before.split('\n').length - 1;
  return putBack(lines.map((line, at) => (at >= begin && at < begin + block.length ? '' : line)).join('\n'));
}

/** A byte order mark stays first; else the block is at the top, and what is after it needs no line end added. */
function sectionsOf(text: string): Sections {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const bare = lines.map((line) => line.replace(/\r?\n$/, '').replace(/^\uFEFF/, ''));
  const begin = bare.findIndex((line) => line.startsWith('# mwaa-console: begin'));
  const end = bare.indexOf(END, begin);
  if (begin < 0 || end < 0) {
    const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
    return { before: mark, block: [], after: text.slice(mark.length) };
  }
  const mark = begin === 0 && text.startsWith('\uFEFF') ? '\uFEFF' : '';
  return {
    before: mark + lines.slice(0, begin).join(''),
    block: bare.slice(begin, end + 1),
    after: lines.slice(end + 1).join(''),
  };
}

function needOf(line: string): { dagId: string; extras: string[] } | undefined {
  const [, dagId, extras = ''] = /^# (\S+) needs \[([^\]]*)\]$/.exec(line) ?? [];
  if (dagId === undefined) return undefined;
  return { dagId, extras: extras.split(',').filter((extra) => extra !== '') };
}

function needsOf(block: readonly string[]): { dagId: string; extras: string[] }[] {
  return block.flatMap((line) => needOf(line) ?? []);
}

function isOurs(line: string): boolean {
  return line.startsWith(PACKAGE);
}

function withExtras(line: string, extras: readonly string[]): string {
  const version = /~=(.*)$/.exec(line)?.[1] ?? '';
  return ingestionRequirement(version, extras);
}

/**
 * Comments out what can't stand beside our lines: another line for the same package, and Airflow's own constraint file
 * where it excludes the package.
 */
function setAside(text: string, need: RequirementsNeed): string {
  return statementsOf(text)
    .map((statement) =>
      isSamePackage(statement) || (need.constraint !== undefined && isAirflowsConstraint(statement))
        ? statement.text.replace(/^(?=.)/gm, REPLACED)
        : statement.text,
    )
    .join('');
}

function putBack(text: string): string {
  return text.replaceAll(new RegExp(`^${REPLACED}`, 'gm'), '');
}

function replacedIn(text: string): string[] {
  return [...text.matchAll(new RegExp(`^${REPLACED}(.*?)\\r?$`, 'gm'))].map(([, line = '']) => line);
}

/** The extras of a line of somebody else's for the same package: whoever wrote it needs them still. */
function setAsideExtras(text: string): string[] {
  return statementsOf(replacedIn(text).join('\n')).flatMap(({ requirement }) =>
    requirement?.name === PACKAGE ? requirement.extras : [],
  );
}

function isSamePackage({ requirement }: Statement): boolean {
  return requirement?.name === PACKAGE;
}

/** Airflow publishes its constraints under `constraints-<version>/constraints-<python>.txt`. */
function isAirflowsConstraint({ constraint }: Statement): boolean {
  return constraint !== undefined && /constraints-[\w.]+\/constraints-[\d.]+\.txt$/.test(constraint);
}

function namesPackage(text: string, name: string): boolean {
  return statementsOf(text).some(({ requirement }) => requirement?.name === name);
}

function hasConstraint(text: string): boolean {
  return statementsOf(text).some(({ constraint }) => constraint !== undefined);
}

function offlineLines(text: string): string[] {
  const options = new Set(statementsOf(text).map(({ option }) => option));
  return [
    ...(options.has('--find-links') || options.has('-f') ? [] : [`--find-links ${PLUGINS_FOLDER}`]),
    ...(options.has('--no-index') ? [] : ['--no-index']),
  ];
}

function endOfLine(text: string): string {
  return /\r\n/.test(text) ? '\r\n' : '\n';
}

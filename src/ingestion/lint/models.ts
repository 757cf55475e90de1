import { openmetadataVersions } from '../../reference/openmetadata-versions.ts';
import { inSpan, type Span, spanOf, spansOf } from '../../reference/span.ts';
import { compareVersions, minorLine } from '../../reference/version.ts';
import { workflowChoices, workflowModels } from '../../reference/workflow-models.ts';
import type { Mapping } from '../values.ts';
import { mapping } from '../values.ts';
import type { Path } from '../yaml-source.ts';
import type { Findings } from './findings.ts';
import { nearestWord } from './nearest-word.ts';

/** The keys of a model; `*` among them means that further ones are taken. */
function modelKeys(model: string): Span[] {
  const keys = workflowModels[model];
  if (keys === undefined) throw new Error(`there is no model ${model}`);
  return spansOf(keys);
}

/** Checks a mapping against a model, and the mappings in it against theirs. */
export function checkModel(findings: Findings, model: string, value: unknown, path: Path): void {
  const members = mapping(value);
  if (members === undefined) {
    findings.add('wrong-shape', path, { message: 'has to be a mapping.', advice: 'Indent its keys below it.' });
    return;
  }
  const keys = modelKeys(model);
  checkKeys(findings, keys, members, path);
  for (const key of keys) {
    const inner = members[key.name];
    if (inner === undefined || inner === null) continue;
    if (key.model !== undefined) checkModel(findings, key.model, inner, [...path, key.name]);
    checkChoice(findings, `${model}.${key.name}`, inner, [...path, key.name]);
  }
}

/** Checks which keys a mapping has: none unknown to the target's release, none missing that is required. */
export function checkKeys(findings: Findings, keys: readonly Span[], members: Mapping, path: Path): void {
  const open = keys.some(({ name }) => name === '*');
  for (const name of Object.keys(members)) {
    const here = [...path, name];
    const key = keys.find((each) => each.name === name);
    if (key !== undefined) checkRelease(findings, key, here);
    else if (!open) unknownKey(findings, keys, name, here);
  }
  for (const { name, required, ...span } of keys) {
    const release = findings.target.openmetadataVersion;
    if (required === undefined || (members[name] !== undefined && members[name] !== null)) continue;
    if (release !== undefined && !inSpan({ name, ...span }, release)) continue;
    findings.add('missing-key', [...path, name], { message: 'is missing.', advice: `Add ${name} there.` });
  }
}

function unknownKey(findings: Findings, keys: readonly Span[], name: string, path: Path): void {
  const likely = nearestWord(
    name,
    keys.map((key) => key.name),
  );
  const release = findings.target.openmetadataVersion;
  findings.add('unknown-key', path, {
    severity: isNewerThanKnown(release) ? 'warning' : 'error',
    message: isNewerThanKnown(release)
      ? `is a key that OpenMetadata ${newestLine()} does not know; ${release} may.`
      : 'is a key that OpenMetadata does not know there, and it refuses the whole file for it.',
    advice: likely === undefined ? 'Remove it, or mend its indentation.' : `Did you mean ${likely}?`,
  });
}

function checkRelease(findings: Findings, key: Span, path: Path): void {
  const release = findings.target.openmetadataVersion;
  if (release === undefined || inSpan(key, release)) return;
  if (key.until !== undefined && compareVersions(release, key.until) >= 0) {
    findings.add('unknown-key', path, {
      message: `is gone since OpenMetadata ${key.until}; the server has ${release}.`,
      advice: 'Remove it; the release notes name what replaces it.',
    });
    return;
  }
  // The tables are read from few releases of each line: a patch of the line before may know the key already.
  const maybe = key.since !== undefined && isLineBefore(release, key.since);
  findings.add('unknown-key', path, {
    severity: maybe ? 'warning' : 'error',
    message: maybe
      ? `is known to every OpenMetadata from ${key.since} on; ${release} may refuse it.`
      : `came with OpenMetadata ${key.since}; ${release} refuses the whole file for it.`,
    advice: 'Remove it, or upgrade OpenMetadata.',
  });
}

function checkChoice(findings: Findings, name: string, value: unknown, path: Path): void {
  const choices = workflowChoices[name];
  if (choices === undefined || value === undefined) return;
  const release = findings.target.openmetadataVersion;
  const spans = choices.split(' ').map(spanOf);
  const taken = spans.filter((choice) => release === undefined || inSpan(choice, release)).map((choice) => choice.name);
  if (taken.includes(String(value)) && typeof value === 'string') return;
  if (isNewerThanKnown(release)) return;
  const likely = typeof value === 'string' ? nearestWord(value, taken) : undefined;
  findings.add('wrong-choice', path, {
    message: `has to be one of ${taken.join(', ')}.`,
    advice: likely === undefined ? `Write ${taken[0]}, or leave the key out.` : `Did you mean ${likely}?`,
  });
}

/** Whether a release came out after the tables were written. */
export function isNewerThanKnown(release: string | undefined): boolean {
  return release !== undefined && compareVersions(minorLine(release), newestLine()) > 0;
}

/** The newest release line of the tables. */
export function newestLine(): string {
  return openmetadataVersions.at(-1)?.line ?? '';
}

function isLineBefore(release: string, since: string): boolean {
  // A first release given to the patch is exact.
  if (since.split('.').length > 2) return false;
  const at = openmetadataVersions.findIndex((row) => row.line === minorLine(since));
  return at > 0 && openmetadataVersions[at - 1]?.line === minorLine(release);
}

import {
  mergeRequirements,
  neededBy,
  restoreRequirements,
  withdrawRequirements,
} from '../../ingestion/requirements/merge.ts';
import { requirementsNeed } from '../../ingestion/requirements/need.ts';
import { unifiedDiff } from '../../text/diff.ts';
import { type EnvironmentFileKind, environmentFileStep } from './environment-file.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array | undefined) => (bytes === undefined ? '' : Buffer.from(bytes).toString('utf8'));

/** The environment's requirements.txt with what an ingestion by the Python operator needs merged into it. */
export const requirementsFile: EnvironmentFileKind = {
  member: 'requirements',
  kind: 'requirements',
  defaultPath: 'requirements.txt',
  contentType: 'text/plain',
  empty: new Uint8Array(),
  reason: ({ request }) =>
    request.mode === 'python'
      ? "OpenMetadata's package is merged into what is in force"
      : `${request.dagId} needs nothing of it any more; what others need stays`,
  // What the file itself says is looked at, whatever a record tells.
  concerns: () => true,
  want: (existing, { request }) => {
    const need = requirementsNeed(request);
    if (need !== undefined) return encode(mergeRequirements(decode(existing), need).text);
    return existing && encode(withdrawRequirements(decode(existing), request.dagId).text);
  },
  unwant: (existing, { request }, earlier) =>
    encode(
      request.mode === 'python'
        ? withdrawRequirements(decode(existing), request.dagId).text
        : restoreRequirements(decode(existing), decode(earlier), request),
    ),
  suffices: (earlier, left) => {
    const named = neededBy(decode(earlier));
    return neededBy(decode(left)).every((dagId) => named.includes(dagId));
  },
  // Each has a line of its own.
  neededByOthers: () => false,
  significant: (content) => statements(decode(content)),
  diff: (before, after, path) =>
    unifiedDiff(before === undefined ? undefined : masked(decode(before)), masked(decode(after)), path),
};

export const requirements = environmentFileStep(requirementsFile);

/** What pip reads: no comments, but those that MWAA itself looks into for a constraint (user_requirements.py). */
function statements(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && (!line.startsWith('#') || /-c |--constraint /.test(line)))
    .join('\n');
}

/** An index may be named with its password. */
function masked(text: string): string {
  return text.replace(/(:\/\/)[^/@\s]+@/g, '$1********@');
}

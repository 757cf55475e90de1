import { pages } from '../../aws/pages.ts';
import type { Session } from '../../aws/session.ts';
import { describeRevision, type Registered, registrable } from '../../fleet/registrable.ts';
import { canonicalJson } from '../../text/canonical-json.ts';

/** The ARNs of a family's revisions that can be run, the oldest first. */
export async function activeRevisions({ ecs }: Session, family: string, signal: AbortSignal): Promise<string[]> {
  const arns: string[] = [];
  const listed = pages(
    (nextToken) =>
      ecs.listTaskDefinitions(
        { familyPrefix: family, status: 'ACTIVE', sort: 'ASC', maxResults: 100, ...(nextToken && { nextToken }) },
        { signal },
      ),
    (page) => page.nextToken,
  );
  for await (const { taskDefinitionArns = [] } of listed) arns.push(...taskDefinitionArns);
  return arns;
}

/** What a revision says, in canonical form: two that say the same run the same. */
export function wordsOf(definition: Registered): string {
  return canonicalJson(registrable(definition));
}

/**
 * The revision that stands for `arn` now: itself while it is active, else the newest active one of its family that says
 * the same, as a deregistered one that was registered again does. Undefined where there is none.
 */
export async function liveRevision(session: Session, arn: string, signal: AbortSignal): Promise<string | undefined> {
  const found = await describeRevision(session, arn, signal);
  if (found === undefined || found.status === 'ACTIVE') return found?.taskDefinitionArn;
  const wanted = wordsOf(found);
  for (const each of (await activeRevisions(session, found.family ?? '', signal)).reverse()) {
    const twin = await describeRevision(session, each, signal);
    if (twin?.status === 'ACTIVE' && wordsOf(twin) === wanted) return each;
  }
  return undefined;
}

/** A text with each revision in it replaced by the one that stands for it now. */
export async function withLiveRevisions(session: Session, text: string, signal: AbortSignal): Promise<string> {
  const pinned = new Set(text.match(/arn:[\w-]+:ecs:[\w-]+:\d{12}:task-definition\/[\w-]+:\d+/g) ?? []);
  let lively = text;
  for (const arn of pinned) {
    const live = await liveRevision(session, arn, signal);
    if (live !== undefined && live !== arn) lively = lively.replaceAll(new RegExp(`${arn}(?!\\d)`, 'g'), live);
  }
  return lively;
}

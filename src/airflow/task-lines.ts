import { pages } from '../aws/pages.ts';
import type { Session } from '../aws/session.ts';

/**
 * The lines of a DAG's tasks that hold a mark, from CloudWatch: a task's stream is named by its DAG
 * (`dag_id=<dag>/run_id=…`), and each line may have anything before the mark.
 */
export async function markedLines(
  session: Session,
  group: string,
  dagId: string,
  mark: string,
  signal: AbortSignal,
): Promise<string[]> {
  const found: string[] = [];
  const read = pages(
    (nextToken) =>
      session.logs.filterLogEvents(
        { logGroupName: group, logStreamNamePrefix: `dag_id=${dagId}/`, ...(nextToken && { nextToken }) },
        { signal },
      ),
    (page) => page.nextToken,
  );
  for await (const { events = [] } of read) {
    for (const { message = '' } of events) {
      const at = message.indexOf(mark);
      if (at >= 0) found.push(message.slice(at + mark.length).trim());
    }
  }
  return found;
}

import description from '../../package.json' with { type: 'json' };
import { printableLines } from '../text/printable.ts';

/**
 * What to print about an error that nobody expected: message, stack, those of its causes, and where to report it.
 * Nothing else of the error, which may hold a request with its secrets.
 */
export function bugReport(error: unknown): string[] {
  const lines: string[] = [];
  const told = new Set<unknown>();
  for (let each = error; each !== undefined && !told.has(each); each = each instanceof Error ? each.cause : undefined) {
    const text = each instanceof Error ? (each.stack ?? each.message) : String(each);
    lines.push(...printableLines(told.size === 0 ? text : `Caused by: ${text}`));
    told.add(each);
  }
  return [
    ...lines,
    `This is a bug of mwaa-console ${description.version} (Node ${process.versions.node}, ${process.platform}).`,
    `Please report it with the lines above: ${description.bugs.url}`,
  ];
}

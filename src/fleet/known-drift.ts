import type { Session } from '../aws/session.ts';

const found = new WeakMap<Session, Map<string, readonly string[]>>();

/** Keeps what of an ingestion was found to differ, for the dashboard, which does not look itself. */
export function rememberDrift(session: Session, environment: string, dagId: string, what: readonly string[]): void {
  const known = found.get(session) ?? new Map<string, readonly string[]>();
  found.set(session, known);
  if (what.length === 0) known.delete(`${environment}/${dagId}`);
  else known.set(`${environment}/${dagId}`, what);
}

/** Ingestions of an environment that were found to differ from what was deployed, when they were last looked at. */
export function knownDrift(session: Session, environment: string): readonly string[] {
  const prefix = `${environment}/`;
  const known = [...(found.get(session) ?? [])].filter(([key]) => key.startsWith(prefix));
  return known.map(([key, what]) => `${key.slice(prefix.length)}: ${what.join(' and ')}`);
}

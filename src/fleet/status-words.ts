/**
 * An AWS status as words: `UPDATE_FAILED` is `update failed`. A status that AWS has added since is shown as it
 * came; none at all is `?`.
 */
export function words(status: string, known: ReadonlySet<string>): string {
  if (status === '') return '?';
  return known.has(status) ? status.toLowerCase().replaceAll('_', ' ') : status;
}

import { isoTime } from '../text/ages.ts';

/** A time for JSON output: ISO 8601, or null where it is not known. */
export function isoOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : isoTime(ms);
}

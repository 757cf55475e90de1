const dates = new WeakMap<object, number>();

/** Keeps the `Date` header of the answer that an output was read from; the door to AWS calls it. */
export function rememberServerDate(output: object, header: string | undefined): void {
  const date = header === undefined ? Number.NaN : Date.parse(header);
  if (!Number.isNaN(date)) dates.set(output, date);
}

/**
 * The service's own time when it made this answer, ms since the epoch, to the second. Leases are judged by it,
 * since clocks of two machines may differ by hours.
 */
export function serverDate(output: object): number | undefined {
  return dates.get(output);
}

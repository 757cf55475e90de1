/**
 * Characters that take one cell each and join with nothing beside them, and are in nearly every row: ASCII, Latin
 * letters, and the lines and signs that widgets draw. To measure others costs a hundred times more.
 */
const RANGES: readonly (readonly [number, number])[] = [
  [0x20, 0x7e],
  [0xb7, 0xb7],
  [0xc0, 0xff],
  [0x2022, 0x2022],
  [0x2026, 0x2026],
  [0x203a, 0x203a],
  [0x2190, 0x2193],
  [0x2400, 0x2426],
  [0x2500, 0x259f],
  [0x25b2, 0x25b2],
  [0x25bc, 0x25bc],
];

const common = new Uint8Array(0x2600);
for (const [from, to] of RANGES) common.fill(1, from, to + 1);

/** Whether a UTF-16 code unit is a common character: one cell, joining with nothing. */
export function isCommon(code: number): boolean {
  return common[code] === 1;
}

/** Whether a text holds common characters alone, so that its length is its width in cells. */
export function isAllCommon(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (common[text.charCodeAt(at)] !== 1) return false;
  return true;
}

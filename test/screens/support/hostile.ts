/** What remote text may hold to act on a terminal, or to break a screen. */
export const HOSTILE: readonly string[] = [
  'clears\x1b[2J\x1b[H\x1b[31mred',
  'titles\x1b]0;owned\x07 links\x1b]8;;https://example.com\x1b\\here',
  'asks\x1b[c\x1b[6n\x1bP$qm\x1b\\\x9b2J',
  'overwrites\rowned\b\b\b\x7f\0',
  'turns \u202eowned\u202c \u2066around\u2069 \u200fit\u061c',
  'wide 日本語のログ 한국어 👩‍👩‍👧‍👦 🇩🇪 ﷽',
  `combining ${'e\u0301\u0327\u0330'.repeat(30)} z\u0335\u0322\u030a`,
  `long ${'x'.repeat(5_000)} owned`,
  'several\nlines\r\nof\x0b\x0cone\u2028text\u2029',
  'tabs\tand\u00a0spaces\u3000of\u200bmany\ufeffkinds owned',
  'lone \ud800 halves \udc00',
  '',
];

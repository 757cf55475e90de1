import { Failure } from '../text/failure.ts';

/** What a filter or a search looks for in a line. */
export interface LineMatcher {
  /** As typed. */
  readonly text: string;
  /** It wants what does not match. */
  readonly inverse: boolean;
  test(message: string): boolean;
  /** Start and end (excluded) of each hit in a text, for highlighting; none for an inverse matcher. */
  ranges(message: string): readonly (readonly [number, number])[];
}

/**
 * Reads what a user typed: plain text is looked for as it is, without regard to case unless it has a capital;
 * `/…/` is a regular expression (`/…/i` without regard to case); a leading `!` turns it round. Undefined for nothing
 * typed. Throws a Failure `usage` for a bad regular expression.
 */
export function lineMatcher(text: string): LineMatcher | undefined {
  const inverse = text.startsWith('!') && text.length > 1;
  const wanted = inverse ? text.slice(1) : text;
  if (wanted === '') return undefined;
  const pattern = expression(wanted);
  const matches = matcherOf(wanted, pattern);
  return {
    text,
    inverse,
    test: inverse ? (message) => !matches(message) : matches,
    ranges: inverse ? () => [] : (message) => rangesOf(pattern, message),
  };
}

/** Plain ASCII text in one case is found faster by `includes` than by any expression. */
function matcherOf(wanted: string, pattern: RegExp): (message: string) => boolean {
  if (/[A-Z]/.test(wanted) && !isExpression(wanted)) return (message) => message.includes(wanted);
  const single = new RegExp(pattern.source, pattern.flags.replace('g', ''));
  return (message) => single.test(message);
}

function isExpression(wanted: string): boolean {
  return /^\/.+\/i?$/.test(wanted);
}

function expression(wanted: string): RegExp {
  if (!isExpression(wanted)) {
    const escaped = wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return new RegExp(escaped, /\p{Lu}/u.test(wanted) ? 'g' : 'gi');
  }
  const end = wanted.lastIndexOf('/');
  try {
    return new RegExp(wanted.slice(1, end), wanted.endsWith('i') ? 'gi' : 'g');
  } catch (error) {
    throw new Failure('usage', `Not a regular expression: ${wanted}`, {
      advice: error instanceof Error ? error.message : 'Leave the slashes away to look for the text itself.',
    });
  }
}

function rangesOf(pattern: RegExp, message: string): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  for (const match of message.matchAll(pattern)) {
    if (match[0] !== '') found.push([match.index, match.index + match[0].length]);
  }
  return found;
}

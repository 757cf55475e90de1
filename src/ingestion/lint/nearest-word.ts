/**
 * The word that somebody most likely meant: the same but for case, dashes and a prefix or ending, or two keystrokes
 * away at most. Undefined when none is near.
 */
export function nearestWord(word: string, words: readonly string[]): string | undefined {
  const wanted = plain(word);
  const scored = words
    .map((candidate) => ({ candidate, distance: distanceOf(wanted, plain(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = scored;
  return best !== undefined && best.distance <= Math.min(2, Math.floor(wanted.length / 3)) ? best.candidate : undefined;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function distanceOf(a: string, b: string): number {
  if (a === b) return 0;
  if (a.length >= 4 && (b.startsWith(a) || a.startsWith(b)) && b.length >= 4) return 1;
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const changed = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(changed, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? b.length;
}

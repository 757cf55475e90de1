/** Compares a field's text with what a pattern wants; `*` stands for anything, numbers compare as numbers. */
export function comparison(operator: string, wanted: string): (found: string) => boolean {
  const number = wanted === '' ? Number.NaN : Number(wanted);
  switch (operator) {
    case '<':
      return (found) => Number(found) < number;
    case '<=':
      return (found) => Number(found) <= number;
    case '>':
      return (found) => Number(found) > number;
    case '>=':
      return (found) => Number(found) >= number;
    default: {
      const parts = wanted.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
      const whole = new RegExp(`^${parts.join('.*')}$`, 's');
      const equal = (found: string): boolean =>
        whole.test(found) || (!Number.isNaN(number) && Number(found) === number);
      return operator === '!=' ? (found) => !equal(found) : equal;
    }
  }
}

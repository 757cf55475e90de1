import { describe, expect, it } from 'vitest';
import { shellWords } from '../../../src/demo/images/words.ts';

describe('a command line', () => {
  it.each([
    ['node main.js', ['node', 'main.js']],
    ['  a   b\tc ', ['a', 'b', 'c']],
    ['sh -c "echo \\"a b\\"; exit 3"', ['sh', '-c', 'echo "a b"; exit 3']],
    ["printf '%s\\n' 'it is'", ['printf', '%s\\n', 'it is']],
    ['a\\ b c""d ""', ['a b', 'cd', '']],
    ['\'a\'"b"c', ['abc']],
    ['"a\\nb"', ['a\\nb']],
    ['', []],
  ])('%j has the words %j', (line, words) => {
    expect(shellWords(line)).toEqual(words);
  });
});

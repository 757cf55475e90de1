import { expect, inject, test } from 'vitest';
import { againstRegion, againstServer } from '../logs/hostile-process.ts';

test.each([
  ['a server that does all that CloudWatch Logs is known to do', againstServer],
  ['the embedded region', againstRegion],
])('logs -f prints each line once, within the budget, and ends on Ctrl-C, on %s', async (_, follow) => {
  const { printed, truth, beyondBudget, ended, stderr } = await follow(inject('program'), 1);
  expect(printed).toEqual(truth);
  expect(beyondBudget).toBe(0);
  expect(ended.code).toBe(130);
  // SIGUSR1 is Node's own way to its debugger.
  expect(stderr).not.toContain('Debugger');
});

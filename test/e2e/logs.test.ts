import { expect, inject, test } from 'vitest';
import { againstRegion, againstServer } from '../logs/hostile-process.ts';

test('logs -f prints each line once, within the budget, and ends on Ctrl-C, on a server that does all that CloudWatch Logs is known to do and on the embedded region', async () => {
  // At the same time: they wait more than they work.
  const followed = await Promise.all([againstServer(inject('program'), 1), againstRegion(inject('program'), 1)]);
  for (const { printed, truth, beyondBudget, ended, stderr } of followed) {
    expect(printed).toEqual(truth);
    expect(beyondBudget).toBe(0);
    expect(ended.code).toBe(130);
    // SIGUSR1 is Node's own way to its debugger.
    expect(stderr).not.toContain('Debugger');
  }
});

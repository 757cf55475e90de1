import { expect } from 'vitest';
import { openSession } from '../../../src/aws/open.ts';
import { applyPlan } from '../../../src/deployment/apply.ts';
import { plan } from '../../deployment/bench.ts';
import type { Scenario } from '../support/play.ts';
import { writes } from '../support/writes.ts';

export const scenario: Scenario = {
  shows: 'the dashboard offers to resume what a closed laptop left, and what restarts workers asks for the name',
  given: async (region, clock) => {
    const session = await openSession({
      endpoint: region.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKIADEMOADMIN0000000', secretAccessKey: 'demo' },
      clock,
    });
    const planned = await plan(session, region, { mode: 'python', options: { dagId: 'left' } });
    const run = applyPlan(planned.plan, planned.target, { who: 'nina' }, AbortSignal.timeout(60_000));
    // Its laptop is closed as the environment's update is about to begin; what ends the run lets go of the lock.
    for await (const event of run) if (event.type === 'step' && event.id === 'environment-update') break;
    session.close();
  },
  play: async (user) => {
    await user.selects('data-prod');
    await user.sees('nobody carries on the deployment of left', /paused at \d of \d: resume\s+or undo/);
    await user.misses('update finished');
    const before = await writes(user.region.url);
    await user.does('resume');
    await user.sees('Resume left in data-prod', 'It restarts the workers', 'Type data-prod to go on');
    await user.types('data-pro');
    await user.enters();
    await user.sees('> data-pro');
    expect(await writes(user.region.url)).toEqual(before);
    await user.types('d');
    await user.enters();
    await user.sees('left to data-prod', /running +\S+ +~ update/);
  },
};

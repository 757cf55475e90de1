import { lines, write } from '../support/lines.ts';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a role that needs no code is renewed before it ends: the log that is followed goes on, and nobody is asked',
  config: `[profile base]
aws_access_key_id = AKIADEMOADMIN0000000
aws_secret_access_key = demo
[profile on-call]
role_arn = arn:aws:iam::123456789012:role/OnCall
source_profile = base
duration_seconds = 900
`,
  at: { kind: 'logs', groups: ['/ecs/scenario'], since: '1h' },
  given: lines(5),
  play: async (user) => {
    await user.sees('session 15m', 'table 5 of 5');
    await user.sleeps('9m');
    await user.sees('session 6m');
    await user.waits('2m');
    await user.sees(/session 1[45]m/);
    await user.misses('The session ends in', 'session ended');
    write(user.region, user.clock, 'came with the new credentials');
    await user.comes('came with the new credentials', '1m');
    await user.sees('table 5 of 5', /following.* 6 lines/);
    await user.does('errors');
    await user.sees('Nothing went wrong');
  },
};

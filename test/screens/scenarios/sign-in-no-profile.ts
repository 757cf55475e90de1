import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'where there is no profile and no key at all the console says how to make one, and goes on once there is one',
  config: '',
  options: { choice: {} },
  play: async (user) => {
    await user.sees('not signed in', 'AWS profiles 0');
    await user.does('errors');
    await user.sees('aws sso login --profile NAME');
    await user.leaves();
    user.home?.configure(
      '',
      `[default]
aws_access_key_id = AKIADEMOADMIN0000000
aws_secret_access_key = demo
`,
    );
    await user.comes('data-prod', '1m');
    await user.sees('default · 123456789012');
    await user.misses('not signed in', 'AWS profiles');
  },
};

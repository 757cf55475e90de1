import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a role that may not be assumed is named with the permission that lacks, and another profile can be chosen',
  config: `[profile base]
aws_access_key_id = AKIADEMONOACCESS0000
aws_secret_access_key = demo
[profile on-call]
role_arn = arn:aws:iam::123456789012:role/OnCall
source_profile = base
`,
  play: async (user) => {
    await user.sees('not signed in');
    await user.does('errors');
    await user.sees('arn:aws:iam::123456789012:role/OnCall', 'missing permission: sts:AssumeRole', 'trust policy');
    await user.leaves();
    await user.does('profiles');
    await user.sees('AWS profiles 2', 'OnCall from base');
  },
};

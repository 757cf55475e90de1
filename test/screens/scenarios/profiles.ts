import type { Profile } from '../../../src/aws/profiles.ts';
import type { Scenario } from '../support/play.ts';

const of = (name: string, kind: Profile['kind']): Profile => ({
  name,
  kind,
  region: 'eu-west-1',
  mfa: false,
  roleArn: undefined,
  sourceProfile: undefined,
  ssoProfile: undefined,
  account: '123456789012',
});

export const scenario: Scenario = {
  shows: 'the profiles are listed, each with what it needs to sign in',
  options: {
    profiles: async () => [of('on-call', 'static'), of('night', 'none')],
  },
  play: async (user) => {
    await user.sees('OnCall');
    await user.does('profiles');
    await user.sees('AWS profiles 2', 'on-call', 'night');
    await user.selects('on-call');
    await user.does('sign-in');
    await user.sees('No command signs on-call in');
  },
};

import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows:
    'an SSO session that has ended is told apart from none, with the command that signs in; who does goes on by itself',
  config: `[profile on-call]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = OnCall
[sso-session corp]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
`,
  given: (_region, _clock, home) =>
    home?.token('corp', { accessToken: 'a token of yesterday', expiresAt: '2020-01-01T00:00:00Z' }),
  play: async (user) => {
    await user.sees('not signed in', 'AWS profiles 1', 'IAM Identity Center', 'aws sso login');
    await user.does('errors');
    await user.sees(/The\s+sign-in\s+of\s+profile\s+on-call\s+has\s+expired/, 'Run: aws sso login --profile on-call');
    await user.leaves();
    user.home?.configure(
      '[profile on-call]\n',
      `[on-call]
aws_access_key_id = AKIADEMOADMIN0000000
aws_secret_access_key = demo
`,
    );
    await user.comes('data-prod', '1m');
    await user.sees('on-call · 123456789012');
    await user.misses('not signed in', 'AWS profiles');
  },
};

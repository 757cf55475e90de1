import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a command that should give credentials and does not is said to, with what to do',
  config: `[profile on-call]
credential_process = /bin/false
`,
  play: async (user) => {
    await user.sees('not signed in', 'AWS profiles 1', 'a command of yours');
    await user.does('errors');
    await user.sees(/No credentials\s+of\s+profile\s+on-call/, /Run\s+the\s+credential_process/);
  },
};

import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'what is selected is described, shown as JSON, and both can be searched',
  play: async (user) => {
    await user.selects('data-prod');
    await user.does('describe');
    await user.sees('airflowVersion: 2.10.3', 'data-prod');
    await user.finds('kmsKey');
    await user.sees(/> kmsKey: arn:aws:kms/);
    // The search first, then the text.
    await user.leaves();
    await user.leaves();
    await user.does('json');
    await user.sees('data-prod as JSON', '{');
    await user.finds('"arn"');
    await user.sees(/> *"arn": "arn:aws:airflow:/);
  },
};

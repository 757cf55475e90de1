import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a run is triggered after its configuration is a JSON object, and a question',
  at: { kind: 'dag', environment: 'data-prod', airflowVersion: '2.10.3', dagId: 'finance_close' },
  play: async (user) => {
    await user.sees('Runs of finance_close');
    await user.does('trigger');
    await user.sees('Configuration');
    await user.types('x');
    await user.enters();
    await user.sees('That is no JSON');
    await user.edits('clear');
    await user.types('[1]');
    await user.enters();
    await user.sees('It has to be a JSON object');
    await user.edits('clear');
    await user.types('{"day":"2026-11-22"}');
    await user.enters();
    await user.sees('conf {"day":"2026-11-22"}', 'leave it');
    await user.answers('yes');
    await user.sees(/manual__/);
    await user.selects('manual__');
    await user.does('describe');
    await user.sees('2026-11-22');
  },
};

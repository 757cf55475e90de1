import { lines } from '../support/lines.ts';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'a log is filtered, and its errors are gone through',
  at: { kind: 'logs', groups: ['/ecs/scenario'], since: '1h' },
  given: lines(60, '[2026-11-23 10:22:19] ERROR    {metadata.Ingestion:workflow:75} - the source broke'),
  play: async (user) => {
    await user.sees('the source broke', 'ERROR');
    await user.does('filter');
    await user.types('source');
    await user.enters();
    await user.sees('only source', 'the source broke');
    await user.misses('table 60');
    await user.does('filter');
    await user.edits('clear');
    await user.types('nowhere');
    await user.enters();
    await user.sees('None of 61 lines read passes the filter nowhere', '& changes it');
    await user.does('filter');
    await user.edits('clear');
    await user.enters();
    await user.sees('table 60');
    await user.does('next-error');
    await user.sees(/^>.*the source broke/m);
    await user.does('open');
    await user.sees('ingested', 'metadata.Ingestion');
  },
};

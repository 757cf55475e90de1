import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'the clusters have the focus after next-pane, open, and keep their selection when one comes back',
  play: async (user) => {
    await user.sees('ECS clusters 3', 'openmetadata-ingestion');
    await user.does('next-pane');
    await user.selects('openmetadata-ingestion');
    await user.sees('RUNNING', 'ingest');
    await user.does('ingest');
    await user.sees('Select an environment first');
    await user.does('open');
    await user.sees('Tasks of openmetadata-ingestion', 'openmetadata-ingestion › tasks');
    await user.leaves();
    await user.screen.selects('openmetadata-ingestion');
  },
};

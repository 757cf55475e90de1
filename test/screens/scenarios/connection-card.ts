import { expect } from 'vitest';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'the connection names the database, the route that replaces it, and is copied in the form asked for',
  at: { kind: 'environment', name: 'data-prod', tab: 'connection' },
  play: async (user) => {
    await user.sees('Metadata database of data-prod', 'vpce-', ': 5432', 'AirflowMetadata', 'y copy as');
    await user.does('copy');
    await user.sees('Copy as', 'URI', 'psql');
    await user.chooses('URI');
    await user.sees('Sent to the terminal (OSC 52)');
    expect(user.copied[0]).toMatch(/^postgresql:\/\/USER:PASSWORD@vpce-.*:5432\/AirflowMetadata\?sslmode=require$/);
    await user.does('copy');
    await user.chooses('YAML');
    await user.sees('Sent to the terminal (OSC 52)');
    expect(user.copied[1]).toContain('mwaaEnvironmentName: data-prod');
  },
};

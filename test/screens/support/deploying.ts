import type { User } from './user.ts';

/** From the dashboard to the plan of a new ingestion of Redshift into data-prod, in a mode. */
export async function toPlan(user: User, mode: string): Promise<void> {
  await user.selects('data-prod');
  await user.does('ingest');
  await user.sees('How should ingestion run in data-prod?');
  await user.chooses(mode);
  await user.sees('What should be ingested?');
  await user.chooses('Redshift');
  await user.sees('OpenMetadata server', '••••');
  await user.enters('form');
  await user.sees('No fault was found', 'Go on');
  await user.chooses('Go on');
  await user.sees('Where should it run, and when?', 'Schedule');
  await user.enters('form');
  await user.sees(/\d+ to (create|change)/, /Checks: \d+ pass/);
}

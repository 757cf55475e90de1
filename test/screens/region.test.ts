import { expect, test } from 'vitest';
import { openSession } from '../../src/aws/open.ts';
import { testRegion } from '../support/region.ts';
import { openScreen } from './support/screen.ts';

test('the wrong region is said in both panels; :region leads to the right one', async () => {
  const region = await testRegion(60);
  const screen = await openScreen({
    columns: 80,
    rows: 24,
    session: ({ region: chosen }) =>
      openSession({
        endpoint: region.url,
        region: chosen ?? 'us-east-1',
        credentials: { accessKeyId: 'AKIADEMOADMIN0000000', secretAccessKey: 'demo' },
        clock: region.clock,
      }),
  });
  await screen.until(() => screen.text().split('does not serve us-east-1').length === 3, 'both panels say so');
  await screen.sees('--region or AWS_REGION');
  await screen.run('region', 'eu-west-1');
  await screen.sees('data-prod');
  await screen.sees('openmetadata-ingestion');
  expect(await screen.close()).toBe(0);
  await region.close();
});

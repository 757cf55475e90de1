import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoRegion, openRegion } from './support/demo-region.ts';
import { openScreen } from './support/screen.ts';

describe('the dashboard on the embedded region', () => {
  let region: DemoRegion;
  beforeAll(async () => {
    region = await openRegion();
  });
  afterAll(() => region.close());

  test.each([
    { columns: 80, rows: 24 },
    { columns: 120, rows: 40 },
    { columns: 200, rows: 50 },
  ])('lists environments and clusters at $columns x $rows', async (size) => {
    const screen = await openScreen({ session: region.session, ...size });
    await screen.sees('data-prod');
    expect(await screen.close()).toBe(0);
  });
});

import { expect } from 'vitest';
import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'names, ARNs and the page of the AWS web console are copied to the terminal where there is no browser',
  play: async (user) => {
    await user.selects('data-prod');
    await user.does('copy');
    await user.sees('Sent to the terminal (OSC 52)');
    await user.does('copy-arn');
    await user.does('web');
    await user.sees('Sent to the terminal (OSC 52)');
    const [name, arn, page] = user.copied;
    expect([name, arn]).toEqual(['data-prod', 'arn:aws:airflow:eu-west-1:123456789012:environment/data-prod']);
    expect(page).toMatch(/^https:\/\/eu-west-1\.console\.aws\.amazon\.com\/.*data-prod/);
  },
};

import type { Scenario } from '../support/play.ts';

export const scenario: Scenario = {
  shows: 'an endpoint that may not be looked up says which permission lacks',
  faults: [{ service: 'ec2', operation: 'DescribeVpcEndpoints', fault: 'denied' }],
  at: { kind: 'environment', name: 'legacy', tab: 'connection' },
  play: async (user) => {
    await user.sees('Metadata database of legacy', 'ec2:DescribeVpcEndpoints', 'not found');
  },
};

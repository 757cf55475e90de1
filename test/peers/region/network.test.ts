import { describe, expect, test } from 'vitest';
import { regionOfFile } from './bench.ts';

const bench = regionOfFile();

describe.each([
  ['describe-subnets', 'Subnets', 'SubnetId', '--subnet-ids', 'subnet-0123456789abcdef0', 'InvalidSubnetID.NotFound'],
  [
    'describe-security-groups',
    'SecurityGroups',
    'GroupId',
    '--group-ids',
    'sg-0123456789abcdef0',
    'InvalidGroup.NotFound',
  ],
  [
    ...['describe-vpc-endpoints', 'VpcEndpoints', 'VpcEndpointId', '--vpc-endpoint-ids', 'vpce-0123456789abcdef0'],
    'InvalidVpcEndpointId.NotFound',
  ],
  [
    ...['describe-route-tables', 'RouteTables', 'RouteTableId', '--route-table-ids', 'rtb-0123456789abcdef0'],
    'InvalidRouteTableID.NotFound',
  ],
  ['describe-vpcs', 'Vpcs', 'VpcId', '--vpc-ids', 'vpc-0123456789abcdef0', 'InvalidVpcID.NotFound'],
] as [operation: string, member: string, id: string, option: string, unknown: string, code: string][])(
  '%s',
  (operation, member, id, option, unknown, code) => {
    const read = async (...more: string[]) => {
      const answer = await bench.aws.json<Record<string, Record<string, string>[]>>('ec2', operation, ...more);
      return answer[member] ?? [];
    };

    test('all, one, by filter and by pages', async () => {
      const all = await read();
      expect(all.length).toBeGreaterThan(0);
      const one = all[0]?.[id] ?? '';
      // Addresses are taken and given back all the time: what is compared is which they are.
      const ids = (items: Record<string, string>[] | undefined) => items?.map((item) => item[id]);
      expect(ids(await read(option, one))).toEqual([one]);
      expect(await read('--filters', 'Name=vpc-id,Values=vpc-0a1b2c3d4e5f60001')).not.toEqual([]);
      expect(await read('--filters', 'Name=vpc-id,Values=vpc-0123456789abcdef0')).toEqual([]);
      const paged = await bench.aws.paged<Record<string, Record<string, string>[]>>(
        'ec2',
        operation,
        '--page-size',
        '5',
      );
      expect(ids(paged.answer[member])).toEqual(ids(all));
      expect(paged.requests).toBe(Math.ceil(all.length / 5));
    });

    test('refuses what it does not know', async () => {
      expect(await bench.aws.refusal('ec2', operation, option, unknown)).toContain(code);
      const filter = ['--filters', 'Name=no-such-filter,Values=a'];
      expect(await bench.aws.refusal('ec2', operation, ...filter)).toContain('InvalidParameterValue');
      expect(await bench.aws.as('AKIADEMONOACCESS0000').refusal('ec2', operation)).toContain('UnauthorizedOperation');
    });
  },
);

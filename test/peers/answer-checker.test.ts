import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AwsClient } from './aws-client.ts';

interface Canned {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
}

let server: Server;
let aws: AwsClient;
let canned: Canned = { body: '' };

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(canned.status ?? 200, { 'x-amzn-requestid': 'one', ...canned.headers }).end(canned.body);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  aws = new AwsClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterAll(() => {
  aws.dispose();
  server.close();
});

beforeEach(() => {
  aws.problems();
});

/** What the checker says when a command gets this answer, wherever the client itself then fails. */
async function said(command: string, answer: Canned): Promise<string[]> {
  canned = answer;
  const { answers, stderr } = await aws.run(...command.split(' '));
  expect(answers, stderr).toHaveLength(1);
  return aws.problems();
}

const json = (value: unknown) => ({ body: JSON.stringify(value) });
const listClusters = 'ecs list-clusters --no-paginate';
const getUser = (inside: string, action = 'GetUser') => ({
  body: `<${action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetUserResult><User>${inside}</User></GetUserResult><ResponseMetadata/></${action}Response>`,
});
const user =
  '<Path>/</Path><UserName>a</UserName><UserId>AIDAEXAMPLEEXAMPLE0</UserId><Arn>arn:aws:iam::1:user/a</Arn><CreateDate>2026-11-22T12:00:00Z</CreateDate>';
const vpcs = (inside: string) => ({
  body: `<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>one</requestId><vpcSet>${inside}</vpcSet></DescribeVpcsResponse>`,
});

describe('is content with', () => {
  test.each<[command: string, answer: Canned]>([
    [listClusters, json({ clusterArns: ['a'] })],
    ['mwaa list-environments --no-paginate', json({ Environments: [] })],
    ['iam get-user', getUser(user)],
    ['ec2 describe-vpcs --no-paginate', vpcs('<item><vpcId>vpc-1</vpcId><isDefault>false</isDefault></item>')],
    ['ecs describe-tasks --tasks a', { status: 400, ...json({ __type: 'ClusterNotFoundException', message: 'none' }) }],
  ])('%s', async (command, answer) => {
    expect(await said(command, answer)).toEqual([]);
  });
});

describe('reports', () => {
  test.each<[what: string, command: string, answer: Canned, problem: string]>([
    ['an unknown member', listClusters, json({ clusterArns: [], more: 1 }), 'more: unknown member'],
    ['a wrong type', listClusters, json({ clusterArns: [1] }), 'clusterArns[0]: 1 is no string'],
    ['a null', listClusters, json({ clusterArns: null }), 'clusterArns: None is no list'],
    ['a required member that is missing', 'mwaa list-environments --no-paginate', json({}), 'Environments: required'],
    [
      'milliseconds where seconds belong',
      'ecs describe-tasks --tasks a',
      json({ tasks: [{ createdAt: 1_795_000_000_000 }] }),
      'is not in seconds',
    ],
    [
      'a value outside of an enum',
      'ecs describe-tasks --tasks a',
      json({ tasks: [{ launchType: 'Fargate' }] }),
      "'Fargate' is not in the enum",
    ],
    [
      'a text of another pattern',
      'mwaa get-environment --name a',
      json({ Environment: { KmsKey: 'key' } }),
      "KmsKey: 'key' is not like",
    ],
    [
      'a text that is too long',
      'mwaa get-environment --name a',
      json({ Environment: { AirflowVersion: `2.${'0'.repeat(32)}.1` } }),
      'AirflowVersion: its length is 36, not 1 to 32',
    ],
    ['an answer that is no JSON', listClusters, { body: '<html>' }, 'unreadable answer'],
    ['an unknown element', 'iam get-user', getUser(`${user}<Age>3</Age>`), 'User.Age: unknown element'],
    [
      'a required element that is missing',
      'iam get-user',
      getUser(user.replace('<Arn>arn:aws:iam::1:user/a</Arn>', '')),
      'Arn: required element',
    ],
    ['an answer of another operation', 'iam get-user', getUser(user, 'GetRole'), 'called <GetRoleResponse>'],
    [
      'a time of another form',
      'iam get-user',
      getUser(user.replace('2026-11-22T12:00:00Z', '1795348800')),
      'is no ISO time',
    ],
    [
      'a list with items of another name',
      'ec2 describe-vpcs --no-paginate',
      vpcs('<member/>'),
      "a list's item is called item",
    ],
    [
      'a boolean that is none',
      'ec2 describe-vpcs --no-paginate',
      vpcs('<item><isDefault>no</isDefault></item>'),
      "'no' is no boolean",
    ],
    [
      'a header of the wrong type',
      's3api head-object --bucket bucket --key key',
      { headers: { 'last-modified': 'now' }, body: '' },
      "LastModified: 'now' is no HTTP date",
    ],
    ['an error without a type', listClusters, { status: 400, ...json({ message: 'no' }) }, 'names no type'],
    [
      'an error that the operation does not have',
      listClusters,
      { status: 400, ...json({ __type: 'ServiceNotFoundException', message: 'no' }) },
      "'ServiceNotFoundException' is neither in the operation's model nor common",
    ],
    [
      'an error with another status than the model says',
      'mwaa get-environment --name a',
      { status: 400, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' }, ...json({ message: 'no' }) },
      'its status is 400, not 404',
    ],
    [
      'an error whose text has the wrong name',
      'secretsmanager get-secret-value --secret-id a',
      { status: 400, ...json({ __type: 'ResourceNotFoundException', message: 'no' }) },
      'message: unknown member',
    ],
    [
      'an XML error of another shape',
      'iam get-user',
      { status: 404, body: '<Error><Code>NoSuchEntity</Code><Message>no</Message></Error>' },
      'without ErrorResponse',
    ],
    [
      'an error that blames the wrong side',
      'iam get-user',
      {
        status: 404,
        body: '<ErrorResponse><Error><Type>Receiver</Type><Code>NoSuchEntity</Code><Message>no</Message></Error><RequestId>one</RequestId></ErrorResponse>',
      },
      "its Type is 'Receiver'",
    ],
  ])('%s', async (_, command, answer, problem) => {
    expect(await said(command, answer)).toEqual([expect.stringContaining(problem)]);
  });
});

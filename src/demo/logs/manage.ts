import { isStructure, optionalNumber, optionalString, optionalStrings, optionalStructure } from '../members.ts';
import { AwsError, type Call, type Input, type Operation } from '../service.ts';
import type { LogGroup, LogGroupClass } from './groups.ts';
import { checkedGroupName, groupArn, groupNameOf, invalidParameter, limit, required, violated } from './input.ts';
import { openToken, sealToken } from './tokens.ts';

const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const CLASSES: readonly string[] = ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'];

/** DescribeLogGroups: by prefix or by a part of the name, at most 50 a page. */
export const describeLogGroups: Operation = (input, call) => {
  call.authorize(
    'logs:DescribeLogGroups',
    `arn:aws:logs:${call.region.name}:${call.region.account}:log-group::log-stream:*`,
  );
  const prefix = optionalString(input, 'logGroupNamePrefix');
  const pattern = optionalString(input, 'logGroupNamePattern');
  const identifiers = optionalStrings(input, 'logGroupIdentifiers');
  const logClass = optionalString(input, 'logGroupClass');
  if (prefix !== undefined && pattern !== undefined) {
    throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
  }
  const size = limit(input, 50);
  const query = `groups ${prefix} ${pattern} ${identifiers?.join()} ${logClass}`;
  const after = startAfter(input, query, call);
  const names = identifiers?.map(groupNameOf);
  const groups = call.region.logs
    .groups()
    .filter((group) => group.name > after && (logClass === undefined || group.logClass === logClass))
    .filter(({ name }) => name.startsWith(prefix ?? '') && name.toLowerCase().includes((pattern ?? '').toLowerCase()))
    .filter(({ name }) => names === undefined || names.includes(name));
  const page = groups.slice(0, size);
  return {
    logGroups: page.map((group) => describe(group, call)),
    ...(groups.length > size
      ? { nextToken: sealToken([page.at(-1)?.name ?? ''], query, call.region.clock.now()) }
      : {}),
  };
};

function startAfter(input: Input, query: string, call: Call): string {
  const token = optionalString(input, 'nextToken');
  if (token === undefined) return '';
  return String(openToken(token, query, call.region.clock.now())[0]);
}

function describe(group: LogGroup, call: Call): unknown {
  const arn = groupArn(call.region, group);
  let storedBytes = group.storedBytes;
  for (const stream of group.written.values()) storedBytes += stream.bytes;
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    ...(group.retentionInDays === undefined ? {} : { retentionInDays: group.retentionInDays }),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes,
    ...(group.kmsKeyId === undefined ? {} : { kmsKeyId: group.kmsKeyId }),
    logGroupClass: group.logClass,
    logGroupArn: arn,
  };
}

/** CreateLogGroup. Throws ResourceAlreadyExistsException. */
export const createLogGroup: Operation = (input, call) => {
  const name = checkedGroupName(required(input, 'logGroupName'));
  const tags = tagsOf(input);
  call.authorize('logs:CreateLogGroup', call.region.logs.policyArn(name));
  if (tags.size > 0) call.authorize('logs:TagResource', call.region.logs.policyArn(name));
  const logClass = optionalString(input, 'logGroupClass') ?? 'STANDARD';
  if (!CLASSES.includes(logClass)) {
    throw violated(logClass, 'logGroupClass', `Member must satisfy enum value set: [${CLASSES.join(', ')}]`);
  }
  if (call.region.logs.group(name) !== undefined) {
    throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
  }
  const group = call.region.logs.createGroup(name, {
    logClass: logClass as LogGroupClass,
    tags: Object.fromEntries(tags),
  });
  group.kmsKeyId = optionalString(input, 'kmsKeyId');
  return {};
};

/** DeleteLogGroup, with everything in it. */
export const deleteLogGroup: Operation = (input, call) => {
  const group = existing(input, call, 'logs:DeleteLogGroup');
  call.region.logs.deleteGroup(group.name);
  return {};
};

/** PutRetentionPolicy, with one of the numbers of days that the service takes. */
export const putRetentionPolicy: Operation = (input, call) => {
  const group = existing(input, call, 'logs:PutRetentionPolicy');
  const days = optionalNumber(input, 'retentionInDays');
  if (days === undefined) throw violated(undefined, 'retentionInDays', 'Member must not be null');
  if (!RETENTIONS.includes(days)) {
    throw violated(days, 'retentionInDays', `Member must satisfy enum value set: [${RETENTIONS.join(', ')}]`);
  }
  group.retentionInDays = days;
  return {};
};

/** DeleteRetentionPolicy: events then never expire. */
export const deleteRetentionPolicy: Operation = (input, call) => {
  existing(input, call, 'logs:DeleteRetentionPolicy').retentionInDays = undefined;
  return {};
};

function existing(input: Input, call: Call, action: string): LogGroup {
  const name = checkedGroupName(required(input, 'logGroupName'));
  call.authorize(action, call.region.logs.policyArn(name));
  return call.region.logs.required(name);
}

function tagged(input: Input, call: Call, action: string): LogGroup {
  const name = groupNameOf(required(input, 'resourceArn'));
  call.authorize(action, call.region.logs.policyArn(name));
  const group = call.region.logs.group(name);
  if (group === undefined) throw new AwsError('ResourceNotFoundException', 'The specified resource does not exist.');
  return group;
}

function tagsOf(input: Input): Map<string, string> {
  const tags = optionalStructure(input, 'tags') ?? {};
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(isStructure(tags) ? tags : {})) {
    if (typeof value !== 'string' || key.length > 128 || value.length > 256) {
      throw violated(
        value,
        'tags',
        'Map value must satisfy constraint: [Member must have length less than or equal to 256]',
      );
    }
    found.set(key, value);
  }
  return found;
}

/** TagResource of a log group. */
export const tagResource: Operation = (input, call) => {
  const group = tagged(input, call, 'logs:TagResource');
  for (const [key, value] of tagsOf(input)) group.tags.set(key, value);
  if (group.tags.size > 50) throw new AwsError('TooManyTagsException', 'A resource can have no more than 50 tags.');
  return {};
};

/** UntagResource of a log group. */
export const untagResource: Operation = (input, call) => {
  const group = tagged(input, call, 'logs:UntagResource');
  for (const key of optionalStrings(input, 'tagKeys') ?? []) group.tags.delete(key);
  return {};
};

/** ListTagsForResource of a log group. */
export const listTagsForResource: Operation = (input, call) => ({
  tags: Object.fromEntries(tagged(input, call, 'logs:ListTagsForResource').tags),
});

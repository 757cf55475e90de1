import { optionalNumber, optionalString } from '../members.ts';
import type { Region } from '../region.ts';
import { AwsError, type Input } from '../service.ts';
import type { LogGroup } from './groups.ts';

/** The service's refusal of a parameter. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

/** The refusal of a member that breaks a constraint of the model. */
export function violated(value: unknown, member: string, constraint: string): AwsError {
  const shown = value === undefined ? 'null' : `'${String(value)}'`;
  return invalidParameter(
    `1 validation error detected: Value ${value === undefined ? 'null' : shown} at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

/** A member that has to be there. Throws InvalidParameterException. */
export function required(input: Input, member: string): string {
  const value = optionalString(input, member);
  if (value === undefined) throw violated(undefined, member, 'Member must not be null');
  return value;
}

/** The page size asked for, `most` when none is. Throws InvalidParameterException outside 1 to `most`. */
export function limit(input: Input, most: number): number {
  const value = optionalNumber(input, 'limit') ?? most;
  if (value < 1) throw violated(value, 'limit', 'Member must have value greater than or equal to 1');
  if (value > most) throw violated(value, 'limit', `Member must have value less than or equal to ${most}`);
  return Math.floor(value);
}

const NAME = /^[.\-_/#A-Za-z0-9]+$/;

/** A group's name as the model constrains it. */
export function checkedGroupName(name: string, member = 'logGroupName'): string {
  if (name.length < 1 || name.length > 512) {
    throw violated(name, member, 'Member must have length less than or equal to 512');
  }
  if (!NAME.test(name)) {
    throw violated(name, member, 'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+');
  }
  return name;
}

/** A stream's name as the model constrains it. */
export function checkedStreamName(name: string, member = 'logStreamName'): string {
  if (name.length < 1 || name.length > 512) {
    throw violated(name, member, 'Member must have length less than or equal to 512');
  }
  if (/[:*]/.test(name)) throw violated(name, member, 'Member must satisfy regular expression pattern: [^:*]*');
  return name;
}

/** The name in a group's identifier, which is a name or an ARN. */
export function groupNameOf(identifier: string): string {
  const found = /^arn:[^:]*:logs:[^:]*:[^:]*:log-group:([^:]+)(?::\*)?$/.exec(identifier);
  return found?.[1] ?? identifier;
}

/** The group that exactly one of `logGroupName` and `logGroupIdentifier` names, by name; its existence is not looked at. */
export function namedGroup(input: Input): string {
  const name = optionalString(input, 'logGroupName');
  const identifier = optionalString(input, 'logGroupIdentifier');
  if ((name === undefined) === (identifier === undefined)) {
    throw invalidParameter('Exactly one of logGroupName and logGroupIdentifier must be specified.');
  }
  return checkedGroupName(name ?? groupNameOf(identifier ?? ''));
}

/** A time that may be absent, ms since the epoch. */
export function time(input: Input, member: string): number | undefined {
  const value = optionalNumber(input, member);
  if (value !== undefined && value < 0) {
    throw violated(value, member, 'Member must have value greater than or equal to 0');
  }
  return value;
}

/** The ARN of a group as DescribeLogGroups has it in `logGroupArn`. */
export function groupArn(region: Region, group: LogGroup): string {
  return `arn:aws:logs:${region.name}:${region.account}:log-group:${group.name}`;
}

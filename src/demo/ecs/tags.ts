import { optionalString, optionalStrings, optionalStructures } from '../members.ts';
import type { Call, Input, Operation } from '../service.ts';
import { invalidParameter } from './errors.ts';

/** The tags of a request, checked. Throws InvalidParameterException for more than 50 or malformed ones. */
export function readTags(input: Input): Map<string, string> {
  const tags = new Map<string, string>();
  for (const tag of optionalStructures(input, 'tags') ?? []) {
    const key = optionalString(tag, 'key');
    const value = optionalString(tag, 'value') ?? '';
    if (key === undefined || key === '' || key.length > 128 || value.length > 256) {
      throw invalidParameter('Tag key and value must be between 1 and 128, and 0 and 256, characters long.');
    }
    if (key.startsWith('aws:')) throw invalidParameter('Tag keys that begin with aws: are reserved.');
    if (tags.has(key)) throw invalidParameter(`Duplicate tag key ${key}.`);
    tags.set(key, value);
  }
  if (tags.size > 50) throw invalidParameter('A resource can have no more than 50 tags.');
  return tags;
}

/** Tags as the wire has them. */
export function describeTags(tags: ReadonlyMap<string, string>): { key: string; value: string }[] {
  return [...tags].map(([key, value]) => ({ key, value }));
}

function tagged(input: Input, call: Call, action: string): Map<string, string> {
  const arn = optionalString(input, 'resourceArn');
  if (arn === undefined) throw invalidParameter('resourceArn cannot be empty.');
  call.authorize(action, arn);
  const tags = call.region.ecs.tagsOf(arn);
  if (tags === undefined) throw invalidParameter('The specified resource is not found. Specify a valid resource ARN.');
  return tags;
}

/** TagResource of a cluster, service, task or task definition. */
export const tagResource: Operation = (input, call) => {
  const tags = tagged(input, call, 'ecs:TagResource');
  const added = readTags(input);
  if (new Set([...tags.keys(), ...added.keys()]).size > 50) {
    throw invalidParameter('A resource can have no more than 50 tags.');
  }
  for (const [key, value] of added) tags.set(key, value);
  return {};
};

/** UntagResource. */
export const untagResource: Operation = (input, call) => {
  const tags = tagged(input, call, 'ecs:UntagResource');
  for (const key of optionalStrings(input, 'tagKeys') ?? []) tags.delete(key);
  return {};
};

/** ListTagsForResource. */
export const listTagsForResource: Operation = (input, call) => ({
  tags: describeTags(tagged(input, call, 'ecs:ListTagsForResource')),
});

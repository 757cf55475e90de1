import { clusterNotFound, invalidParameter } from './errors.ts';

const ARN = /^arn:aws[\w-]*:ecs:[\w-]+:\d{12}:(.+)$/;

/** The resource part of an ARN, or the text itself when it is none. */
function resource(reference: string): string {
  return ARN.exec(reference)?.[1] ?? reference;
}

/** The name in a cluster's name or ARN. Throws InvalidParameterException for a malformed one. */
export function clusterName(reference: string): string {
  const name = resource(reference).replace(/^cluster\//, '');
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
    throw reference.startsWith('arn:') ? clusterNotFound() : invalidParameter('Invalid cluster identifier.');
  }
  return name;
}

/** The id in a task's id or ARN. Throws InvalidParameterException for a malformed one. */
export function taskId(reference: string): string {
  const id =
    resource(reference)
      .replace(/^task\//, '')
      .split('/')
      .at(-1) ?? '';
  if (!/^[0-9a-f-]+$/i.test(id)) throw invalidParameter(`Invalid identifier: Identifier is for ${reference}`);
  if (id.length !== 32 && id.length !== 36) throw invalidParameter('taskId length should be one of [32,36]');
  return id.toLowerCase();
}

/** The cluster that a task's ARN names, if it names one. */
export function clusterOfTask(reference: string): string | undefined {
  const parts = resource(reference).split('/');
  return ARN.test(reference) && parts.length === 3 ? parts[1] : undefined;
}

/** The name in a service's name or ARN. */
export function serviceName(reference: string): string {
  return (
    resource(reference)
      .replace(/^service\//, '')
      .split('/')
      .at(-1) ?? ''
  );
}

/** Family and revision of `family`, `family:revision` or an ARN; undefined when it is none of them. */
export function taskDefinitionReference(
  reference: string,
): { readonly family: string; readonly revision: number | undefined } | undefined {
  const found = /^(?:task-definition\/)?([A-Za-z0-9_-]{1,255})(?::(\d+))?$/.exec(resource(reference));
  if (found?.[1] === undefined) return undefined;
  return { family: found[1], revision: found[2] === undefined ? undefined : Number(found[2]) };
}

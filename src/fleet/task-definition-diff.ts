import type { Session } from '../aws/session.ts';
import { unifiedDiff } from '../text/diff.ts';
import { maskSettings } from './masking.ts';
import { list, text } from './members.ts';
import type { Registered } from './registrable.ts';
import { readTaskDefinition } from './task-definition.ts';

/** What ECS adds to what was registered. */
const ADDED = new Set([
  'taskDefinitionArn',
  'revision',
  'status',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'requiresAttributes',
  'compatibilities',
]);

/**
 * What changed between two revisions, as a unified diff of everything that was registered; empty where nothing did.
 * Values that may be secrets stay hidden, and where one has changed that is said.
 * @throws Failure `not-found` when there is no such revision.
 */
export async function taskDefinitionDiff(
  session: Session,
  older: string,
  newer: string,
  signal: AbortSignal,
): Promise<string> {
  const [before, after] = await Promise.all([older, newer].map((reference) => registered(session, reference, signal)));
  if (before === undefined || after === undefined) return '';
  return unifiedDiff(
    `${JSON.stringify(shown(before, undefined), undefined, 2)}\n`,
    `${JSON.stringify(shown(after, before), undefined, 2)}\n`,
    text(after.family),
  );
}

async function registered(session: Session, reference: string, signal: AbortSignal): Promise<Registered> {
  const { arn } = await readTaskDefinition(session, reference, signal);
  const { taskDefinition } = await session.ecs.describeTaskDefinition({ taskDefinition: arn }, { signal });
  return taskDefinition ?? {};
}

/** A definition for eyes: keys in order, nothing empty, secrets hidden; those that are not as in `other` say so. */
function shown(definition: Registered, other: Registered | undefined): unknown {
  const containers = list(definition.containerDefinitions).map((container) => {
    const before = list(other?.containerDefinitions).find(({ name }) => name === container.name);
    const variables = variablesOf(container.environment);
    const masked = maskSettings(variables);
    const known = variablesOf(before?.environment);
    const environment = Object.entries(masked).map(([name, value]) => {
      const changed = value !== variables[name] && Object.hasOwn(known, name) && known[name] !== variables[name];
      return [name, changed ? `${value}, another value` : value] as const;
    });
    return { ...container, environment: Object.fromEntries(environment), secrets: referencesOf(container.secrets) };
  });
  const members = Object.entries(definition).filter(([name]) => !ADDED.has(name));
  return ordered({ ...Object.fromEntries(members), containerDefinitions: containers });
}

function variablesOf(
  environment: readonly { name?: string | undefined; value?: string | undefined }[] | undefined,
): Record<string, string> {
  return Object.fromEntries(list(environment).map(({ name, value }) => [text(name), text(value)]));
}

function referencesOf(secrets: readonly { name?: string | undefined; valueFrom?: string | undefined }[] | undefined) {
  return Object.fromEntries(list(secrets).map(({ name, valueFrom }) => [text(name), text(valueFrom)]));
}

/** The same value with its keys in order and without empty members, so that only what differs shows. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const members = Object.entries(value)
    .map(([name, member]) => [name, ordered(member)] as const)
    .filter(([, member]) => !isEmpty(member))
    .sort(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(members);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && !(value instanceof Date) && Object.keys(value).length === 0;
}

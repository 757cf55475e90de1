import { type Registered, type RegisterInput, registrable } from '../../fleet/registrable.ts';
import { unifiedDiff } from '../../text/diff.ts';
import { Failure } from '../../text/failure.ts';

/** Longest family, in characters (ECS API, RegisterTaskDefinition). */
const FAMILY_LIMIT = 255;

/**
 * The family of a run's own revision: never the ingestion's, whose newest revision others may run by its bare name.
 */
export function temporaryFamily(family: string): string {
  return `${family.slice(0, FAMILY_LIMIT - 4)}-run`;
}

/**
 * A task definition whose container takes the variable `config` from another secret, and nothing else changed.
 * @throws Failure `refused` where no execution role could read that secret, `not-found` where it has no such container.
 */
export function withConfiguration(base: Registered, container: string, secretArn: string): RegisterInput {
  const family = base.family ?? '';
  if (base.executionRoleArn === undefined) {
    throw new Failure('refused', `${family} has no execution role, so its tasks can read no secret.`, {
      advice: 'Run a task definition that has one.',
      resource: family,
    });
  }
  const containers = base.containerDefinitions ?? [];
  if (!containers.some(({ name }) => name === container)) {
    throw new Failure('not-found', `${family} has no container ${container}.`, {
      advice: `It has: ${containers.map(({ name }) => name).join(', ')}.`,
      resource: family,
    });
  }
  return {
    ...registrable(base),
    family: temporaryFamily(family),
    containerDefinitions: containers.map((each) =>
      each.name !== container
        ? each
        : {
            ...each,
            environment: (each.environment ?? []).filter(({ name }) => name !== 'config'),
            secrets: [
              ...(each.secrets ?? []).filter(({ name }) => name !== 'config'),
              { name: 'config', valueFrom: secretArn },
            ],
          },
    ),
  };
}

/** What the own revision changes, as a unified diff of the containers' variables. */
export function configurationDiff(base: Registered, own: RegisterInput): Promise<string> {
  return unifiedDiff(shown(base), shown(own), `${own.family}`);
}

/** Which variables each container takes from where; values in clear may be secrets, so they are not told. */
function shown({ family, containerDefinitions }: Pick<Registered, 'family' | 'containerDefinitions'>): string {
  const containers = (containerDefinitions ?? []).map(({ name, image, environment, secrets }) => ({
    name,
    image,
    environment: (environment ?? []).map((variable) => variable.name).sort(),
    secrets: Object.fromEntries((secrets ?? []).map((secret) => [secret.name, secret.valueFrom])),
  }));
  return JSON.stringify({ family, containers }, undefined, 2);
}

import { SHAPES } from '../protocols/shapes.ts';
import { denied } from '../refusals.ts';
import type { Region } from '../region.ts';
import type { Call, Caller, Input } from '../service.ts';

/** AWS as code inside of the region sees it that acts as a role: the same operations and refusals as on the wire. */
export class RoleSession {
  readonly caller: Caller;
  readonly #region: Region;

  constructor(region: Region, role: string, session: string) {
    const id = region.iam.role(role)?.id ?? 'AROAUNKNOWN';
    this.#region = region;
    this.caller = {
      accessKeyId: `ASIA${role
        .toUpperCase()
        .replace(/[^A-Z0-9]/g, '')
        .slice(0, 16)}`,
      arn: `arn:aws:sts::${region.account}:assumed-role/${role}/${session}`,
      userId: `${id}:${session}`,
      role,
    };
  }

  /** Carries out an operation; throws `AwsError` as the service refuses it. */
  invoke(service: 'ecs' | 'logs' | 'secretsmanager', operation: string, input: Input): Input {
    const { operations } = service === 'secretsmanager' ? this.#region.secrets : this.#region[service];
    return (operations[operation]?.(input, this.call(service, operation)) ?? {}) as Input;
  }

  /** A call of this role's, for an operation that is carried out elsewhere. */
  call(service: keyof typeof SHAPES, operation: string): Call {
    const region = this.#region;
    const { caller } = this;
    return {
      region,
      caller,
      operation,
      id: region.uuid(),
      authorize: (action, resource, context = {}) => {
        const decision = region.iam.decide(caller, action, resource, context);
        if (decision !== 'allowed') throw denied(SHAPES[service], caller, action, resource, decision);
      },
    };
  }
}

import { unlessMissing } from '../../aws/found.ts';
import { serverDate } from '../../aws/server-date.ts';
import type { Session } from '../../aws/session.ts';
import { callerPrincipal } from '../../aws/simulate.ts';
import {
  readSecurityGroups,
  readSubnets,
  readVpcEndpoints,
  type SecurityGroup,
  type Subnet,
  type VpcEndpoint,
} from '../../fleet/network.ts';
import { Failure } from '../../text/failure.ts';

/** A role as far as checks ask: its full ARN, and who may take it. */
interface Role {
  readonly arn: string;
  /** JSON. */
  readonly trust: string;
}

/** The network and the roles around a deployment, each read once however many checks ask for it. */
export class Surroundings {
  readonly #session: Session;
  readonly #signal: AbortSignal;
  readonly #read = new Map<string, Promise<unknown>>();

  constructor(session: Session, signal: AbortSignal) {
    this.#session = session;
    this.#signal = signal;
  }

  /** Subnets by id, in the order asked; one that is not there is left out. */
  subnets(ids: readonly string[]): Promise<Subnet[]> {
    return this.#once(`subnets ${ids.join()}`, () => readSubnets(this.#session, ids, this.#signal));
  }

  securityGroups(ids: readonly string[]): Promise<SecurityGroup[]> {
    return this.#once(`groups ${ids.join()}`, () => readSecurityGroups(this.#session, ids, this.#signal));
  }

  /** All endpoints of the VPCs that subnets lie in. */
  async endpoints(subnets: readonly Subnet[]): Promise<VpcEndpoint[]> {
    const vpcs = [...new Set(subnets.map(({ vpcId }) => vpcId))];
    const found = await Promise.all(
      vpcs.map((id) => this.#once(`endpoints ${id}`, () => readVpcEndpoints(this.#session, id, this.#signal))),
    );
    return found.flat();
  }

  /** A role by its name; undefined for one that is still to be made. */
  role(name: string): Promise<Role | undefined> {
    return this.#once(`role ${name}`, async () => {
      const read = this.#session.iam.getRole({ RoleName: name }, { signal: this.#signal });
      const role = (await unlessMissing(read))?.Role;
      // IAM answers documents percent-encoded (RFC 3986).
      return role && { arn: role.Arn ?? '', trust: decodeURIComponent(role.AssumeRolePolicyDocument ?? '') };
    });
  }

  /** Whether the environment's bucket keeps versions, as S3 names it, and S3's own time: ms since the epoch. */
  bucket(name: string): Promise<{ readonly versioning: string | undefined; readonly now: number }> {
    return this.#once(`bucket ${name}`, async () => {
      const answer = await this.#session.s3.getBucketVersioning({ Bucket: name }, { signal: this.#signal });
      return { versioning: answer.Status, now: serverDate(answer) ?? this.#session.clock.now() };
    });
  }

  /** The time by AWS's clock, by this machine's where the bucket may not be asked: ms since the epoch. */
  async serverTime(bucket: string): Promise<number> {
    try {
      return (await this.bucket(bucket)).now;
    } catch (error) {
      if (!(error instanceof Failure) || this.#signal.aborted) throw error;
      return this.#session.clock.now();
    }
  }

  /** The caller as the policy simulator takes it. */
  caller(): Promise<string> {
    return this.#once('caller', () => callerPrincipal(this.#session, this.#signal));
  }

  #once<T>(name: string, read: () => Promise<T>): Promise<T> {
    const known = this.#read.get(name) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const reading = read();
    this.#read.set(name, reading);
    return reading;
  }
}

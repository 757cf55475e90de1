import type { Region } from '../region.ts';
import type { Operations } from '../service.ts';
import { AwsError } from '../service.ts';
import { arn } from '../world/names.ts';
import { secretsOperations } from './operations.ts';
import { seedSecrets } from './world.ts';

/** A secret's value; one of the two. */
export interface SecretValue {
  readonly text: string | undefined;
  /** Base64, as the wire has it. */
  readonly binary: string | undefined;
}

/** One version of a secret. */
export interface SecretVersion extends SecretValue {
  readonly id: string;
  readonly stages: Set<string>;
  readonly createdAt: number;
  accessedAt: number | undefined;
}

/** A secret with its versions, oldest first. */
export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  description: string | undefined;
  kmsKeyId: string | undefined;
  changedAt: number;
  accessedAt: number | undefined;
  readonly tags: Map<string, string>;
  readonly versions: SecretVersion[];
  /** Its resource policy, as JSON text. */
  policy: string | undefined;
  /** Set while it is scheduled for deletion: when that was asked for, when it goes, and what calls that off. */
  deletion: { readonly requestedAt: number; readonly due: number; readonly cancel: () => void } | undefined;
}

const DAY = 86_400_000;

/** Secrets Manager: secrets, their versions and stages, deletion with a recovery window. */
export class SecretsService {
  readonly operations: Operations;
  readonly #region: Region;
  readonly #secrets = new Map<string, Secret>();

  constructor(region: Region) {
    this.#region = region;
    this.operations = secretsOperations(this);
  }

  start(): void {
    seedSecrets(this, this.#region);
  }

  get now(): number {
    return this.#region.clock.now();
  }

  /** All secrets, newest first, as ListSecrets orders them. */
  all(): readonly Secret[] {
    return [...this.#secrets.values()].reverse();
  }

  /** A secret by name, ARN, or ARN without its six last characters. */
  find(id: string): Secret | undefined {
    const byName = this.#secrets.get(id);
    if (byName !== undefined || !id.startsWith('arn:')) return byName;
    for (const secret of this.#secrets.values()) {
      if (secret.arn === id || secret.arn.slice(0, -7) === id) return secret;
    }
    return undefined;
  }

  /** The current text of a secret by name or ARN; undefined when there is none or it is being deleted. */
  value(nameOrArn: string): string | undefined {
    const secret = this.find(nameOrArn);
    if (secret === undefined || secret.deletion !== undefined) return undefined;
    return this.version(secret, 'AWSCURRENT')?.text;
  }

  /**
   * What a task definition's `valueFrom` gives:
   * `arn:aws:secretsmanager:region:account:secret:name-suffix:json-key:version-stage:version-id`, the last
   * three optional. Undefined when the secret, the version or the key is not there.
   */
  valueFrom(reference: string): string | undefined {
    const parts = reference.split(':');
    const secret = this.find(parts.slice(0, 7).join(':'));
    if (secret === undefined || secret.deletion !== undefined) return undefined;
    const [key = '', stage = '', id = ''] = parts.slice(7);
    const version =
      id === ''
        ? this.version(secret, stage || 'AWSCURRENT')
        : secret.versions.find((candidate) => candidate.id === id);
    if (key === '' || version?.text === undefined) return version?.text;
    try {
      const value: unknown = JSON.parse(version.text)[key];
      return typeof value === 'string' ? value : undefined;
    } catch {
      return undefined;
    }
  }

  /** Makes a secret that is known not to exist. `arn` is given only to seeded ones. */
  add(
    name: string,
    details: { description?: string | undefined; kmsKeyId?: string | undefined; arn?: string; createdAt?: number },
  ): Secret {
    const secret: Secret = {
      name,
      arn: details.arn ?? arn('secretsmanager', `secret:${name}-${this.#suffix()}`),
      createdAt: details.createdAt ?? this.now,
      description: details.description,
      kmsKeyId: details.kmsKeyId,
      changedAt: details.createdAt ?? this.now,
      accessedAt: undefined,
      tags: new Map(),
      versions: [],
      policy: undefined,
      deletion: undefined,
    };
    this.#secrets.set(name, secret);
    return secret;
  }

  version(secret: Secret, stage: string): SecretVersion | undefined {
    return secret.versions.find((version) => version.stages.has(stage));
  }

  /**
   * Adds a version and moves stages to it; AWSCURRENT leaves AWSPREVIOUS behind. A token that made a version
   * before gives that version again when the value is the same.
   */
  put(secret: Secret, token: string, value: SecretValue, stages: readonly string[], at = this.now): SecretVersion {
    const known = secret.versions.find((version) => version.id === token);
    if (known !== undefined) {
      if (known.text !== value.text || known.binary !== value.binary) {
        throw new AwsError(
          'ResourceExistsException',
          `The operation failed because a version with the token ${token} already exists with another value.`,
        );
      }
      return known;
    }
    const current = this.version(secret, 'AWSCURRENT');
    const version: SecretVersion = {
      ...value,
      id: token,
      stages: new Set(),
      createdAt: at,
      accessedAt: undefined,
    };
    secret.versions.push(version);
    for (const stage of stages) {
      for (const other of secret.versions) other.stages.delete(stage);
      version.stages.add(stage);
    }
    if (stages.includes('AWSCURRENT') && current !== undefined) {
      for (const other of secret.versions) other.stages.delete('AWSPREVIOUS');
      current.stages.add('AWSPREVIOUS');
    }
    secret.changedAt = at;
    return version;
  }

  /** Moves a staging label from version to version; AWSCURRENT leaves AWSPREVIOUS behind and can't be taken away alone. */
  move(
    secret: Secret,
    stage: string,
    { from, to }: { readonly from: string | undefined; readonly to: string | undefined },
  ): void {
    const known = (id: string): SecretVersion => {
      const found = secret.versions.find((version) => version.id === id);
      if (found === undefined) {
        throw new AwsError(
          'ResourceNotFoundException',
          `Secrets Manager can't find the specified secret version: ${id}.`,
        );
      }
      return found;
    };
    const holder = this.version(secret, stage);
    const source = from === undefined ? undefined : known(from);
    const target = to === undefined ? undefined : known(to);
    if (source !== undefined && source !== holder) {
      throw new AwsError('InvalidParameterException', `The staging label ${stage} isn't attached to version ${from}.`);
    }
    if (target !== undefined && holder !== undefined && holder !== target && source === undefined) {
      throw new AwsError(
        'InvalidParameterException',
        `The staging label ${stage} is currently attached to version ${holder.id}. You must specify that version in RemoveFromVersionId.`,
      );
    }
    if (stage === 'AWSCURRENT' && target === undefined) {
      throw new AwsError(
        'InvalidParameterException',
        'You can only move staging label AWSCURRENT to a different secret version. It can’t be completely removed.',
      );
    }
    source?.stages.delete(stage);
    target?.stages.add(stage);
    if (stage === 'AWSCURRENT' && source !== undefined && source !== target) {
      for (const other of secret.versions) other.stages.delete('AWSPREVIOUS');
      source.stages.add('AWSPREVIOUS');
    }
    secret.changedAt = this.now;
  }

  /** Schedules a deletion and answers when it will be; `days` undefined deletes at once. */
  delete(secret: Secret, days: number | undefined): number {
    if (days === undefined) {
      this.#secrets.delete(secret.name);
      return this.now;
    }
    const due = this.now + days * DAY;
    const cancel = this.#region.clock.after(days * DAY, () => this.#secrets.delete(secret.name));
    secret.deletion = { requestedAt: this.now, due, cancel };
    return due;
  }

  restore(secret: Secret): void {
    secret.deletion?.cancel();
    secret.deletion = undefined;
  }

  #suffix(): string {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
    return Array.from({ length: 6 }, () => letters.charAt(Math.floor(this.#region.random() * letters.length))).join('');
  }
}

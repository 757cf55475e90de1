import { createHash } from 'node:crypto';
import type { Checksum } from './checksums.ts';

/** One version of an object, or a delete marker; never changed once it is stored. */
export interface StoredVersion {
  readonly key: string;
  /** `null` (the text) where the bucket has no versioning. */
  readonly versionId: string;
  /** Milliseconds since the epoch, whole seconds, as S3 has it. */
  readonly lastModified: number;
  readonly deleteMarker: boolean;
  readonly body: Buffer;
  /** Without the quotes. */
  readonly etag: string;
  /** Content-Type, Cache-Control and such, and `x-amz-meta-…`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum: Checksum | undefined;
}

/** What is stored besides the body. */
export interface StoredDetail {
  readonly headers?: Readonly<Record<string, string>>;
  readonly checksum?: Checksum | undefined;
  /** Of a multipart upload, whose ETag is not the body's MD5. */
  readonly etag?: string;
}

/** S3 orders keys by their UTF-8 bytes. */
export function compareKeys(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** A bucket with every version it holds. */
export class Bucket {
  readonly name: string;
  readonly createdAt: number;
  versioning: 'Enabled' | 'Suspended' | undefined;
  publicAccessBlocked = true;
  /** Newest first. */
  readonly #versions = new Map<string, StoredVersion[]>();
  /** How many deletions a key has seen, so that a conditional write can tell that one passed it. */
  readonly #deletions = new Map<string, number>();
  #keys: readonly string[] | undefined;

  constructor(name: string, createdAt: number, versioning: 'Enabled' | 'Suspended' | undefined) {
    this.name = name;
    this.createdAt = createdAt;
    this.versioning = versioning;
  }

  /** Every key that has any version, in S3's order. */
  keys(): readonly string[] {
    this.#keys ??= [...this.#versions.keys()].sort(compareKeys);
    return this.#keys;
  }

  /** All versions of a key, newest first. */
  versions(key: string): readonly StoredVersion[] {
    return this.#versions.get(key) ?? [];
  }

  /** The newest version, a delete marker too. */
  current(key: string): StoredVersion | undefined {
    return this.#versions.get(key)?.[0];
  }

  deletions(key: string): number {
    return this.#deletions.get(key) ?? 0;
  }

  /** Stores a new current version. */
  put(key: string, body: Buffer, versionId: string, at: number, detail: StoredDetail = {}): StoredVersion {
    const version: StoredVersion = {
      key,
      versionId: this.versioning === 'Enabled' ? versionId : 'null',
      lastModified: Math.floor(at / 1000) * 1000,
      deleteMarker: false,
      body,
      etag: detail.etag ?? createHash('md5').update(body).digest('hex'),
      headers: detail.headers ?? {},
      checksum: detail.checksum,
    };
    this.#add(version);
    return version;
  }

  /**
   * Deletes as S3 does: one version for good, or, without one, by a delete marker where the bucket is
   * versioned. Answers what the response tells.
   */
  remove(
    key: string,
    versionId: string | undefined,
    markerId: string,
    at: number,
  ): { versionId?: string; deleteMarker: boolean } {
    if (versionId !== undefined) {
      const versions = this.#versions.get(key) ?? [];
      const index = versions.findIndex((version) => version.versionId === versionId);
      const [removed] = index < 0 ? [] : versions.splice(index, 1);
      if (removed !== undefined) this.#deletions.set(key, this.deletions(key) + 1);
      if (versions.length === 0) this.#forget(key);
      return { versionId, deleteMarker: removed?.deleteMarker ?? false };
    }
    this.#deletions.set(key, this.deletions(key) + 1);
    if (this.versioning === undefined) {
      this.#forget(key);
      return { deleteMarker: false };
    }
    const id = this.versioning === 'Enabled' ? markerId : 'null';
    this.#add({
      key,
      versionId: id,
      lastModified: Math.floor(at / 1000) * 1000,
      deleteMarker: true,
      body: Buffer.alloc(0),
      etag: '',
      headers: {},
      checksum: undefined,
    });
    return { versionId: id, deleteMarker: true };
  }

  #add(version: StoredVersion): void {
    const versions = this.#versions.get(version.key) ?? [];
    const kept = version.versionId === 'null' ? versions.filter((each) => each.versionId !== 'null') : versions;
    if (!this.#versions.has(version.key)) this.#keys = undefined;
    this.#versions.set(version.key, [version, ...kept]);
  }

  #forget(key: string): void {
    this.#versions.delete(key);
    this.#keys = undefined;
  }
}

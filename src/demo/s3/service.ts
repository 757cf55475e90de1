import type { Region } from '../region.ts';
import { AwsError } from '../service.ts';
import type { WireAnswer, WireRequest, WireService } from '../wire.ts';
import { s3Errors } from './errors.ts';
import type { Upload } from './multipart.ts';
import { bucketOperation, objectOperation } from './operations.ts';
import { Bucket, type StoredDetail, type StoredVersion } from './store.ts';
import { seedBuckets } from './world.ts';
import { element, xmlDocument } from './xml.ts';

const VERSION_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.';

/** Amazon S3: buckets in memory, with versions, conditional writes and checksums, over REST-XML. */
export class S3Service implements WireService {
  readonly #region: Region;
  readonly #buckets = new Map<string, Bucket>();
  readonly #listeners = new Set<(bucket: string, key: string) => void>();
  /** Uploads in parts under way, by their id. */
  readonly uploads = new Map<string, Upload>();

  constructor(region: Region) {
    this.#region = region;
  }

  /** Fills the environments' buckets. */
  start(): void {
    seedBuckets(this.#region);
  }

  bucket(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** All buckets, by name. */
  buckets(): readonly Bucket[] {
    return [...this.#buckets.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  /** Makes a bucket; without `versioning` it has none, as S3 makes them. */
  createBucket(name: string, options: { versioning?: 'Enabled'; createdAt?: number } = {}): Bucket {
    const bucket = new Bucket(name, options.createdAt ?? this.#region.clock.now(), options.versioning);
    this.#buckets.set(name, bucket);
    return bucket;
  }

  deleteBucket(name: string): void {
    this.#buckets.delete(name);
  }

  /** An object's current or named version; undefined when there is none or it is a delete marker. */
  object(bucket: string, key: string, versionId?: string): StoredVersion | undefined {
    const versions = this.#buckets.get(bucket)?.versions(key) ?? [];
    const version = versionId === undefined ? versions[0] : versions.find((each) => each.versionId === versionId);
    return version?.deleteMarker === false ? version : undefined;
  }

  /** Stores an object as of `at` (ms, default now) and answers its version id; throws when there is no such bucket. */
  put(bucketName: string, key: string, body: Buffer | string, at?: number): string {
    const bucket = this.#buckets.get(bucketName);
    if (bucket === undefined) throw s3Errors.noSuchBucket(bucketName);
    const headers = { 'content-type': contentType(key) };
    return this.store(bucket, key, Buffer.from(body), { headers }, at).versionId;
  }

  /** Stores a new version and tells the listeners. */
  store(bucket: Bucket, key: string, body: Buffer, detail: StoredDetail, at?: number): StoredVersion {
    const version = bucket.put(key, body, this.newId(32), at ?? this.#region.clock.now(), detail);
    this.#changed(bucket.name, key);
    return version;
  }

  /** Deletes as DeleteObject does and tells the listeners. */
  erase(bucket: Bucket, key: string, versionId?: string): { versionId?: string; deleteMarker: boolean } {
    const outcome = bucket.remove(key, versionId, this.newId(32), this.#region.clock.now());
    this.#changed(bucket.name, key);
    return outcome;
  }

  /** Keys of a bucket that have a current object, in order. */
  keys(bucketName: string, prefix = ''): readonly string[] {
    const bucket = this.#buckets.get(bucketName);
    if (bucket === undefined) return [];
    return bucket.keys().filter((key) => key.startsWith(prefix) && bucket.current(key)?.deleteMarker === false);
  }

  /** Calls `listener` after each write and deletion; the answer takes it away again. */
  onChange(listener: (bucket: string, key: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** An id of S3's alphabet. */
  newId(length: number): string {
    return Array.from({ length }, () =>
      VERSION_CHARACTERS.charAt(Math.floor(this.#region.random() * VERSION_CHARACTERS.length)),
    ).join('');
  }

  async handle(request: WireRequest): Promise<WireAnswer> {
    const [, bucketName = '', key = ''] = /^\/([^/]*)\/?([\s\S]*)$/.exec(request.path) ?? [];
    const decoded = decodedKey(key);
    const { name, run } = decoded === '' ? bucketOperation(request, bucketName) : objectOperation(request);
    const input = { ...(bucketName === '' ? {} : { Bucket: bucketName }), ...(decoded === '' ? {} : { Key: decoded }) };
    return request.perform(name, input, (call) => run({ s3: this, http: request, call, bucketName, key: decoded }));
  }

  /** What an error answers as S3 has it; anything but an `AwsError` is a bug and goes on. */
  failureOf(error: unknown): AwsError {
    if (error instanceof AwsError) return error;
    throw error;
  }

  /** An error's document, for the answers that carry headers of their own. */
  errorDocument(error: AwsError, request: WireRequest): string {
    const members = Object.entries(error.members).map(([name, value]) => element(name, String(value)));
    return xmlDocument('Error', [
      element('Code', error.code),
      element('Message', error.message),
      ...members,
      element('RequestId', request.id),
    ]).replace(/ xmlns="[^"]*"/, '');
  }

  #changed(bucket: string, key: string): void {
    for (const listener of [...this.#listeners]) listener(bucket, key);
  }
}

function decodedKey(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", 400, { URI: path });
  }
}

function contentType(key: string): string {
  if (key.endsWith('.json')) return 'application/json';
  if (key.endsWith('.py')) return 'text/x-python';
  if (key.endsWith('.txt') || key.endsWith('.sh')) return 'text/plain';
  return key.endsWith('.zip') ? 'application/zip' : 'binary/octet-stream';
}

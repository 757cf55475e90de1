import type { WireAnswer } from '../wire.ts';
import { s3Errors } from './errors.ts';
import { xmlAnswer } from './objects.ts';
import { authorizeBucket, queryNumber, requestedBucket, type S3Request } from './request.ts';
import { compareKeys, type StoredVersion } from './store.ts';
import { element, type Markup, xmlDocument, xmlTime } from './xml.ts';

/** S3 has no page above a thousand, whatever is asked for. */
const PAGE = 1000;

type Encode = (text: string) => string;

/** How keys are written: as they are, or percent-encoded with `encoding-type=url`. */
function encoder(request: S3Request): Encode {
  const type = request.http.query.get('encoding-type');
  if (type === null) return (text) => text;
  if (type !== 'url') {
    throw s3Errors.invalidArgument('encoding-type', type, 'Invalid Encoding Method specified in Request');
  }
  return (text) => encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%20', '+').replaceAll("'", '%27');
}

/** The common prefix that rolls a key up, if it has one. */
function rolledUp(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

function objectMarkup(version: StoredVersion, encode: Encode, owner: readonly Markup[]): Markup {
  return element('Contents', [
    element('Key', encode(version.key)),
    element('LastModified', xmlTime(version.lastModified)),
    element('ETag', `"${version.etag}"`),
    element('ChecksumAlgorithm', version.checksum?.algorithm.toUpperCase()),
    element('Size', version.body.length),
    ...owner,
    element('StorageClass', 'STANDARD'),
  ]);
}

/** The account's canonical id, as owners are named. */
export const CANONICAL_OWNER = '9f1d5c0a7be84f52a6cbb7f0d2f94e1b0c6a3d58e7412f9aa0b1c2d3e4f50617';

function ownerMarkup(): Markup {
  return element('Owner', [element('ID', CANONICAL_OWNER)]);
}

/** ListObjectsV2, and the older ListObjects with its marker. */
export function listObjects(request: S3Request): WireAnswer {
  const bucket = requestedBucket(request);
  const { query } = request.http;
  const second = query.get('list-type') === '2';
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  authorizeBucket(request, 'ListBucket', { 's3:prefix': prefix, 's3:delimiter': delimiter });
  const encode = encoder(request);
  const most = queryNumber(request, 'max-keys', PAGE, PAGE);
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? '';
  const after = second ? (token === null ? startAfter : tokenKey(token)) : (query.get('marker') ?? '');
  const contents: Markup[] = [];
  const prefixes: string[] = [];
  const owner = !second || query.get('fetch-owner') === 'true' ? [ownerMarkup()] : [];
  let last = '';
  let truncated = false;
  for (const key of bucket.keys()) {
    const version = bucket.current(key);
    if (!key.startsWith(prefix) || version === undefined || version.deleteMarker) continue;
    const group = rolledUp(key, prefix, delimiter);
    const position = group ?? key;
    if (compareKeys(position, after) <= 0 || (after !== '' && group !== undefined && after.startsWith(group))) continue;
    if (position === prefixes.at(-1)) continue;
    if (contents.length + prefixes.length >= most) {
      truncated = most > 0;
      break;
    }
    if (group === undefined) contents.push(objectMarkup(version, encode, owner));
    else prefixes.push(group);
    last = position;
  }
  const shared = [
    element('Name', bucket.name),
    element('Prefix', encode(prefix)),
    element('MaxKeys', most),
    element('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    element('EncodingType', query.get('encoding-type') ?? undefined),
    element('IsTruncated', truncated),
  ];
  const paging = second
    ? [
        element('KeyCount', contents.length + prefixes.length),
        element('ContinuationToken', token ?? undefined),
        element('NextContinuationToken', truncated ? keyToken(last) : undefined),
        element('StartAfter', startAfter === '' ? undefined : encode(startAfter)),
      ]
    : [
        element('Marker', encode(after)),
        element('NextMarker', truncated && delimiter !== '' ? encode(last) : undefined),
      ];
  return xmlAnswer(
    xmlDocument('ListBucketResult', [
      ...shared,
      ...paging,
      ...contents,
      ...prefixes.map((each) => prefixMarkup(each, encode)),
    ]),
  );
}

function prefixMarkup(prefix: string, encode: Encode): Markup {
  return element('CommonPrefixes', [element('Prefix', encode(prefix))]);
}

/** Continuation tokens are opaque: the last key, not readable at a glance. */
function keyToken(key: string): string {
  return Buffer.from(`1:${key}`).toString('base64');
}

function tokenKey(token: string): string {
  const text = Buffer.from(token, 'base64').toString('utf8');
  if (!text.startsWith('1:')) {
    throw s3Errors.invalidArgument('continuation-token', token, 'The continuation token provided is incorrect');
  }
  return text.slice(2);
}

/** ListObjectVersions: every version and delete marker, newest first within a key. */
export function listObjectVersions(request: S3Request): WireAnswer {
  const bucket = requestedBucket(request);
  const { query } = request.http;
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  authorizeBucket(request, 'ListBucketVersions', { 's3:prefix': prefix, 's3:delimiter': delimiter });
  const encode = encoder(request);
  const most = queryNumber(request, 'max-keys', PAGE, PAGE);
  const keyMarker = query.get('key-marker') ?? '';
  const versionMarker = query.get('version-id-marker') ?? '';
  if (versionMarker !== '' && keyMarker === '') {
    throw s3Errors.invalidArgument(
      'version-id-marker',
      versionMarker,
      'A version-id marker cannot be specified without a key marker.',
    );
  }
  const entries: Markup[] = [];
  const prefixes: string[] = [];
  let last: { key: string; versionId: string } | undefined;
  let truncated = false;
  scan: for (const key of bucket.keys()) {
    if (!key.startsWith(prefix)) continue;
    const group = rolledUp(key, prefix, delimiter);
    const position = group ?? key;
    const order = keyMarker === '' ? 1 : compareKeys(position, keyMarker);
    if (order < 0 || (order === 0 && versionMarker === '') || position === prefixes.at(-1)) continue;
    const versions = group === undefined ? bucket.versions(key) : bucket.versions(key).slice(0, 1);
    const seen = order === 0 ? versions.findIndex((version) => version.versionId === versionMarker) + 1 : 0;
    for (const [index, version] of versions.entries()) {
      if (index < seen) continue;
      if (entries.length + prefixes.length >= most) {
        truncated = most > 0;
        break scan;
      }
      if (group === undefined) entries.push(versionMarkup(version, index === 0, encode));
      else prefixes.push(group);
      last = { key: position, versionId: version.versionId };
    }
  }
  return xmlAnswer(
    xmlDocument('ListVersionsResult', [
      element('Name', bucket.name),
      element('Prefix', encode(prefix)),
      element('KeyMarker', encode(keyMarker)),
      element('VersionIdMarker', versionMarker),
      element('NextKeyMarker', truncated && last !== undefined ? encode(last.key) : undefined),
      element('NextVersionIdMarker', truncated && last !== undefined ? last.versionId : undefined),
      element('MaxKeys', most),
      element('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
      element('EncodingType', query.get('encoding-type') ?? undefined),
      element('IsTruncated', truncated),
      ...entries,
      ...prefixes.map((each) => prefixMarkup(each, encode)),
    ]),
  );
}

function versionMarkup(version: StoredVersion, latest: boolean, encode: Encode): Markup {
  const shared = [
    element('Key', encode(version.key)),
    element('VersionId', version.versionId),
    element('IsLatest', latest),
    element('LastModified', xmlTime(version.lastModified)),
  ];
  if (version.deleteMarker) return element('DeleteMarker', [...shared, ownerMarkup()]);
  return element('Version', [
    ...shared,
    element('ETag', `"${version.etag}"`),
    element('ChecksumAlgorithm', version.checksum?.algorithm.toUpperCase()),
    element('Size', version.body.length),
    element('StorageClass', 'STANDARD'),
    ownerMarkup(),
  ]);
}

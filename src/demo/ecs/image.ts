import type { Region } from '../region.ts';

/** The repositories of OpenMetadata's ingestion images, on every host that offers them. */
const INGESTION_IMAGE = /(?:^|\/)openmetadata\/ingestion-base(?:-slim)?(?::|@|$)/;

/** Whether an image is OpenMetadata's ingestion image, the original or a mirror of it. */
export function isIngestionImage(image: string): boolean {
  return INGESTION_IMAGE.test(image) || /\/ingestion-base(?:-slim)?(?::|@|$)/.test(image);
}

/** The tag of an image; `latest` when it has none, undefined when it is named by digest. */
export function imageTag(image: string): string | undefined {
  if (image.includes('@')) return undefined;
  return /:([\w][\w.-]*)$/.exec(image.split('/').at(-1) ?? '')?.[1] ?? 'latest';
}

/** An image with its registry and its tag, as the runtime resolves it. */
export function fullReference(image: string): readonly [host: string, reference: string] {
  const [first = '', ...rest] = image.split('/');
  const hosted = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const path = hosted ? rest.join('/') : rest.length > 0 ? image : `library/${image}`;
  const host = hosted ? first : 'docker.io';
  const tag = imageTag(path);
  const tagged = tag === undefined || path.endsWith(`:${tag}`) ? path : `${path}:${tag}`;
  return [host, `${host}/${tagged}`];
}

/**
 * Whether a registry has an image: releases of OpenMetadata's ingestion images, and everything else whose tag
 * doesn't say `missing` or `unknown`.
 */
export function isKnownImage(image: string): boolean {
  const tag = imageTag(image);
  if (tag === undefined) return true;
  if (/missing|unknown/.test(image)) return false;
  return isIngestionImage(image) ? /^(?:latest|0\.1[23]\.\d|1\.\d\d?\.\d\d?|2\.0\.\d)$/.test(tag) : true;
}

/** The local command that stands for an image (`--image IMAGE=COMMAND`), found with or without registry and tag. */
export function imageCommand(region: Region, image: string): string | undefined {
  const images = region.options.images ?? {};
  const bare = image.replace(/^docker\.io\//, '');
  for (const name of [image, bare, bare.replace(/:[\w.-]+$/, '')]) if (Object.hasOwn(images, name)) return images[name];
  return undefined;
}

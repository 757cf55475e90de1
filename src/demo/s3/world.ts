import type { Region } from '../region.ts';
import { bucketName, ENVIRONMENTS } from '../world/names.ts';

const DAY = 86_400_000;

/** The environments' buckets as they are when the region starts. */
export function seedBuckets(region: Region): void {
  const now = region.clock.now();
  for (const environment of ENVIRONMENTS) {
    region.s3.createBucket(bucketName(environment), { versioning: 'Enabled', createdAt: now - 420 * DAY });
  }
}

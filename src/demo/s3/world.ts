import { HISTORY_DAGS } from '../logs/history/dags.ts';
import { makeZip } from '../mwaa/zip.ts';
import type { Region } from '../region.ts';
import { bucketName, ENVIRONMENTS, type EnvironmentName, INGESTIONS } from '../world/names.ts';
import { ecsDag, virtualenvDag } from './world/ingestion-dags.ts';
import { ingestionRecord } from './world/ingestion-records.ts';
import { BROKEN_DAGS, otherDag } from './world/other-dags.ts';
import { pausedDeployment } from './world/paused-deployment.ts';
import { PLUGINS, REQUIREMENTS } from './world/requirements.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** The environments' buckets as they are when the region starts: what MWAA reads, and what the console keeps there. */
export function seedBuckets(region: Region): void {
  const now = region.clock.now();
  for (const environment of ENVIRONMENTS) {
    const bucket = bucketName(environment);
    region.s3.createBucket(bucket, { versioning: 'Enabled', createdAt: now - 620 * DAY });
    for (const [index, text] of REQUIREMENTS[environment].entries()) {
      const age = REQUIREMENTS[environment].length - 1 - index;
      region.s3.put(bucket, 'requirements.txt', text, now - (age * 40 + 1) * DAY);
    }
    const plugins = PLUGINS[environment];
    if (plugins !== undefined) region.s3.put(bucket, 'plugins.zip', makeZip(plugins), now - 200 * DAY);
    seedDags(region, environment, now);
  }
  const paused = pausedDeployment(now - 14 * MINUTE, region);
  const journal = `${JSON.stringify(paused.journal, null, 2)}\n`;
  region.s3.put(bucketName(paused.environment), paused.key, journal, now - 13 * MINUTE);
}

function seedDags(region: Region, environment: EnvironmentName, now: number): void {
  const bucket = bucketName(environment);
  for (const dag of HISTORY_DAGS) {
    if (dag.environment !== environment || dag.ingestion) continue;
    region.s3.put(bucket, `dags/${dag.dagId}.py`, otherDag(dag), now - 90 * DAY);
  }
  for (const [file, text] of Object.entries(BROKEN_DAGS[environment] ?? {})) {
    region.s3.put(bucket, `dags/${file}`, text, now - 2 * DAY);
  }
  for (const [index, ingestion] of INGESTIONS.entries()) {
    if (ingestion.environment !== environment) continue;
    const text = ingestion.mode === 'ecs' ? ecsDag(ingestion) : virtualenvDag(ingestion);
    const deployedAt = now - (14 - index) * DAY;
    const key = `dags/${ingestion.dagId}.py`;
    const version = region.s3.put(bucket, key, text, deployedAt);
    const record = ingestionRecord(ingestion, { dagKey: key, dagVersionId: version, deployedAt });
    const place = `mwaa-console/${environment}/ingestions/${ingestion.dagId}.json`;
    region.s3.put(bucket, place, `${JSON.stringify(record, null, 2)}\n`, deployedAt);
  }
}

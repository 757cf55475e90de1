import { HISTORY_DAGS } from '../logs/history/dags.ts';
import { makeZip } from '../mwaa/zip.ts';
import type { Region } from '../region.ts';
import {
  bucketName,
  ENVIRONMENTS,
  type EnvironmentName,
  INGESTIONS,
  OPENMETADATA_VERSION,
  type SeededIngestion,
} from '../world/names.ts';
import { ingestionDag } from './world/ingestion-dags.ts';
import { deploymentId, ingestionRecord } from './world/ingestion-records.ts';
import { earlierRevision, upgradeJournal } from './world/journals.ts';
import { BROKEN_DAGS, otherDag } from './world/other-dags.ts';
import { pausedDeployment } from './world/paused-deployment.ts';
import { PLUGINS, REQUIREMENTS } from './world/requirements.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** The release that every ingestion ran before. */
const EARLIER_VERSION = '1.12.6';

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
    seedIngestion(region, ingestion, now - (14 - index) * DAY);
  }
}

/** An ingestion as its last deployment left it, by which it came to the release that it runs; and the file of before. */
function seedIngestion({ s3, url }: Region, ingestion: SeededIngestion, deployedAt: number): void {
  const { environment, dagId } = ingestion;
  const bucket = bucketName(environment);
  const key = `dags/${dagId}.py`;
  const text = ingestionDag(ingestion);
  const firstAt = deployedAt - 13 * DAY;
  const earlierVersion = s3.put(bucket, key, earlierRelease(text), firstAt);
  const version = s3.put(bucket, key, text, deployedAt);
  const recordOf = (dagVersionId: string, at: number) =>
    `${JSON.stringify(ingestionRecord(ingestion, { dagKey: key, dagVersionId, deployedAt: at }), null, 2)}\n`;
  const earlierRecord = earlierRelease(recordOf(earlierVersion, firstAt));
  const folder = `mwaa-console/${environment}`;
  s3.put(bucket, `${folder}/ingestions/${dagId}.json`, recordOf(version, deployedAt), deployedAt);
  const journal = upgradeJournal(ingestion, { key, earlierVersion, version, earlierRecord, deployedAt }, url);
  const place = `${folder}/deployments/${deploymentId(deployedAt, dagId)}.json`;
  s3.put(bucket, place, `${JSON.stringify(journal, null, 2)}\n`, deployedAt + 45_000);
}

/** What a text said of the release before, and of the revision that ran it. */
function earlierRelease(text: string): string {
  return text
    .replaceAll(OPENMETADATA_VERSION, EARLIER_VERSION)
    .replaceAll(/arn:aws:ecs:[\w:-]+:task-definition\/[\w-]+:\d+/g, earlierRevision);
}

import { openAirflow } from '../../airflow/airflow.ts';
import { dagKey } from '../../ingestion/names.ts';
import { age } from '../../text/ages.ts';
import { lockHolder } from '../lock.ts';
import type { CheckDefinition } from './check.ts';

/** Statuses in which an environment runs its DAGs. */
const USABLE = new Set(['AVAILABLE', 'UPDATE_FAILED', 'UPDATING', 'MAINTENANCE', 'CREATING_SNAPSHOT', 'ROLLING_BACK']);
/** Of these, the ones in which it may not take a new DAG up for a while. */
const BUSY = new Set(['UPDATING', 'MAINTENANCE', 'CREATING_SNAPSHOT', 'ROLLING_BACK']);

/** The environment runs DAGs now. An unknown status is told, and never refused. */
export const environmentUsable: CheckDefinition = {
  id: 'environment-status',
  source: 'https://docs.aws.amazon.com/mwaa/latest/API/API_Environment.html',
  look: async ({ environment: { name, status, lastUpdate } }) => {
    const evidence = `${name} is ${status}`;
    if (BUSY.has(status)) {
      return {
        verdict: 'warning',
        evidence,
        advice: 'The DAG is picked up when the update has ended, up to two hours on.',
      };
    }
    if (status === 'UPDATE_FAILED') {
      const why = lastUpdate?.error?.message;
      return {
        verdict: 'warning',
        evidence: why === undefined ? evidence : `${evidence}: ${why}`,
        advice: 'It is usable and as it was before its last update; mend that update before the next one.',
      };
    }
    if (USABLE.has(status)) return { verdict: 'pass', evidence };
    const known = /^(CREATING|CREATE_FAILED|DELETING|DELETED|UNAVAILABLE|PENDING)$/.test(status);
    return { verdict: known ? 'fail' : 'warning', evidence, advice: 'Wait until the environment is available.' };
  },
};

/** No other deployment holds the environment's lock. */
export const nobodyElse: CheckDefinition = {
  id: 'lock',
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html',
  look: async ({ session, environment }, signal) => {
    const store = { session, bucket: environment.sourceBucket };
    const holder = await lockHolder(store, environment.name, signal);
    if (holder === undefined) return { verdict: 'pass', evidence: 'Nobody else is deploying' };
    const since = age(session.clock.now() - holder.since);
    return {
      verdict: 'fail',
      evidence: `${holder.who} on ${holder.host} has been deploying for ${since} (${holder.deployment})`,
      advice: 'Wait until that deployment has ended.',
    };
  },
};

/** The bucket keeps versions: without them nothing can be taken back, and MWAA demands them. */
export const bucketVersioning: CheckDefinition = {
  id: 'bucket-versioning',
  source: 'https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-s3-bucket.html',
  look: async ({ session, environment: { sourceBucket } }, signal) => {
    const { Status } = await session.s3.getBucketVersioning({ Bucket: sourceBucket }, { signal });
    if (Status === 'Enabled') return { verdict: 'pass', evidence: `${sourceBucket} keeps versions` };
    return {
      verdict: 'fail',
      evidence: `${sourceBucket} does not keep versions`,
      advice: `Switch versioning on: aws s3api put-bucket-versioning --bucket ${sourceBucket} --versioning-configuration Status=Enabled`,
    };
  },
};

/** The DAG id is free, or its DAG is the file that this deployment writes. */
export const dagIdFree: CheckDefinition = {
  id: 'dag-id',
  source: 'https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/dags.html',
  look: async ({ session, environment, request: { dagId, dagsPath } }, signal) => {
    const found = await openAirflow(session, environment).dag(dagId, signal);
    const file = dagKey(dagsPath, dagId).split('/').at(-1) ?? '';
    if (found === undefined) return { verdict: 'pass', evidence: `No other DAG is called ${dagId}` };
    if (found.fileloc.endsWith(`/${file}`)) return { verdict: 'pass', evidence: `${dagId} is the DAG of ${file}` };
    return {
      verdict: 'fail',
      evidence: `Another file defines a DAG ${dagId}: ${found.fileloc}`,
      advice: 'Choose another id with --dag-id.',
    };
  },
};

import { openAirflow } from '../../airflow/airflow.ts';
import type { Dag } from '../../airflow/types.ts';
import { readDeploymentProgress } from '../../fleet/deployment-progress.ts';
import { dagKey } from '../../ingestion/names.ts';
import { age } from '../../text/ages.ts';
import { Failure } from '../../text/failure.ts';
import { lockHolder } from '../lock.ts';
import { type CheckDefinition, restartsWorkers } from './check.ts';

/** Statuses in which an environment runs its DAGs. */
const USABLE = new Set(['AVAILABLE', 'UPDATE_FAILED', 'UPDATING', 'MAINTENANCE', 'CREATING_SNAPSHOT', 'ROLLING_BACK']);
/** Of these, the ones in which it may not take a new DAG up for a while. */
const BUSY = new Set(['UPDATING', 'MAINTENANCE', 'CREATING_SNAPSHOT', 'ROLLING_BACK']);
/** The others, and what to do about each (API_Environment, Status). */
const NOT_USABLE: Readonly<Record<string, string>> = {
  CREATING: 'Wait until the environment is available.',
  CREATE_FAILED: 'It was never made whole: see its last update, delete it and create it anew.',
  DELETING: 'Deploy into another environment.',
  DELETED: 'Deploy into another environment.',
  UNAVAILABLE: 'It does not come back by itself: see its last update, and ask AWS Support before it is created anew.',
  PENDING: 'It waits for VPC endpoints that you make yourself: make them, then deploy when it is available.',
};
/** How many running tasks are told by name. */
const NAMED_TASKS = 3;

/** The environment runs DAGs now, and takes an update where the plan has one. An unknown status is told, and never refused. */
export const environmentUsable: CheckDefinition = {
  id: 'environment-status',
  source: 'https://docs.aws.amazon.com/mwaa/latest/API/API_Environment.html',
  look: async (preflight) => {
    const { name, status, lastUpdate } = preflight.environment;
    const evidence = `${name} is ${status}`;
    if (BUSY.has(status)) {
      if (await restartsWorkers(preflight)) {
        return {
          verdict: 'fail',
          evidence: `${evidence}, and takes no update meanwhile`,
          advice: 'Deploy when it is available again.',
        };
      }
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
    const advice = NOT_USABLE[status];
    return {
      verdict: advice === undefined ? 'warning' : 'fail',
      evidence,
      advice: advice ?? 'This status is not known here: see in the AWS console whether it runs DAGs.',
    };
  },
};

/** No other deployment holds the environment's lock, and none of this DAG is left half done, whose place this one would take. */
export const nobodyElse: CheckDefinition = {
  id: 'lock',
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html',
  look: async ({ session, environment, request: { dagId } }, signal) => {
    const store = { session, bucket: environment.sourceBucket };
    const holder = await lockHolder(store, environment.name, signal);
    if (holder !== undefined) {
      return {
        verdict: 'fail',
        evidence: `${holder.who} on ${holder.host} has been deploying for ${age(holder.heldFor)} (${holder.deployment})`,
        advice: 'Wait until that deployment has ended.',
      };
    }
    const evidence = 'Nobody else is deploying';
    const half = await readDeploymentProgress(session, environment, signal);
    if (half === undefined) return { verdict: 'pass', evidence };
    const stopped = `${half.id} of ${half.dagId} stopped at step ${half.step} of ${half.steps}`;
    if (half.dagId !== dagId) return { verdict: 'pass', evidence: `${evidence}; ${stopped}` };
    return {
      verdict: 'warning',
      evidence: `${evidence}, but ${stopped}`,
      advice: 'This one takes its place. To end it first: resume it, or take it back with undo.',
    };
  },
};

/** The bucket keeps versions: without them nothing can be taken back, and MWAA demands them. */
export const bucketVersioning: CheckDefinition = {
  id: 'bucket-versioning',
  source: 'https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-s3-bucket.html',
  look: async ({ surroundings, environment: { sourceBucket } }) => {
    const { versioning } = await surroundings.bucket(sourceBucket);
    if (versioning === 'Enabled') return { verdict: 'pass', evidence: `${sourceBucket} keeps versions` };
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
    let found: Dag | undefined;
    try {
      found = await openAirflow(session, environment).dag(dagId, signal);
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'denied') throw error;
      return {
        verdict: 'fail',
        evidence: `Not allowed to ask Airflow: ${error.message} A deployment ends by seeing its DAG there`,
        advice: error.advice ?? '',
      };
    }
    const file = dagKey(dagsPath, dagId).split('/').at(-1) ?? '';
    if (found === undefined) return { verdict: 'pass', evidence: `No other DAG is called ${dagId}` };
    // A file of that name in a folder below is another one.
    const [, inFolder = found.fileloc] = /\/dags\/(.*)$/.exec(found.fileloc) ?? [];
    if (inFolder === file || (inFolder === found.fileloc && inFolder.endsWith(`/${file}`)))
      return { verdict: 'pass', evidence: `${dagId} is the DAG of ${file}` };
    return {
      verdict: 'fail',
      evidence: `Another file defines a DAG ${dagId}: ${found.fileloc}`,
      advice: 'Choose another id with --dag-id.',
    };
  },
};

/** Tasks that run now, where the plan replaces the workers that they run on. */
export const runningTasks: CheckDefinition = {
  id: 'running-tasks',
  source: 'https://docs.aws.amazon.com/mwaa/latest/userguide/update-environment.html',
  look: async (preflight, signal) => {
    if (!(await restartsWorkers(preflight))) return undefined;
    const { tasks, total } = await openAirflow(preflight.session, preflight.environment).runningTasks(signal);
    if (total === 0) return { verdict: 'pass', evidence: 'No task is running' };
    const named = tasks.slice(0, NAMED_TASKS).map(({ dagId, taskId }) => `${dagId}.${taskId}`);
    const more = total > named.length ? ` and ${total - named.length} more` : '';
    return {
      verdict: 'warning',
      evidence: `${total} ${total === 1 ? 'task is' : 'tasks are'} running: ${named.join(', ')}${more}`,
      advice:
        preflight.known.workerReplacement === 'GRACEFUL'
          ? 'They end on their old workers, for up to 12 hours. During maintenance MWAA replaces them by force all the same.'
          : 'A forced replacement of the workers fails them; a graceful one lets them end, for up to 12 hours.',
    };
  },
};

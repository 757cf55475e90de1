import type { CheckDefinition } from './check.ts';

/** Below this an ingestion of any current image is killed for want of memory sooner or later: MiB. */
const LEAST_MEMORY = 2048;

/** The task has the memory that an ingestion needs; a task definition named to take its size from may have less. */
export const taskSize: CheckDefinition = {
  id: 'task-size',
  source: 'https://docs.open-metadata.org: deployment/ingestion/kubernetes, which asks for 1 GiB and allows 4',
  look: async ({ request: { ecs } }) => {
    if (ecs === undefined || ecs.memory >= LEAST_MEMORY) return undefined;
    return {
      verdict: 'warning',
      evidence: `The task gets ${ecs.memory} MiB: an ingestion with less than ${LEAST_MEMORY} mostly ends killed (exit code 137)`,
      advice: 'Give it more: --cpu 1024 --memory 4096.',
    };
  },
};

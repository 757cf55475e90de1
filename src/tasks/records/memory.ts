import type { TaskRecord } from './record.ts';
import { type ClusterPlace, newestFirst, RECORDS_OF_A_CLUSTER, type TaskRecords } from './records.ts';

/** A record of stopped tasks that ends with the process: the embedded region leaves nothing on the user's disk. */
export function memoryRecords(): TaskRecords {
  const clusters = new Map<string, readonly TaskRecord[]>();
  const keyOf = ({ endpoint, account, region, cluster }: ClusterPlace) =>
    JSON.stringify([endpoint, account, region, cluster]);
  return {
    trouble: undefined,
    keep: async (place, records) => {
      const kept = new Map((clusters.get(keyOf(place)) ?? []).map((record) => [record.task.id, record]));
      for (const record of records) {
        if (record.result !== undefined || !kept.has(record.task.id)) kept.set(record.task.id, record);
      }
      clusters.set(keyOf(place), newestFirst([...kept.values()]).slice(0, RECORDS_OF_A_CLUSTER));
    },
    list: async (place) => [...(clusters.get(keyOf(place)) ?? [])],
    find: async (place, taskId) => clusters.get(keyOf(place))?.find(({ task }) => task.id === taskId),
  };
}

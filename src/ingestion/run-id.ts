import { createHash } from 'node:crypto';

/** The name space of URLs (RFC 9562, appendix C), as bytes. */
const NAMESPACE_URL = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/**
 * The `pipelineRunId` that a deployed DAG gives the ECS task of one of its runs: a UUID, since OpenMetadata takes nothing
 * else, made of DAG and run as the DAG's own template makes it (version 5). So a run leads to its task, and a task back.
 */
export function pipelineRunId(dagId: string, runId: string): string {
  const bytes = createHash('sha1').update(NAMESPACE_URL).update(`${dagId}/${runId}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

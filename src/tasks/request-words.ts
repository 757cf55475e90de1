import { age } from '../text/ages.ts';
import type { RunRequest } from './types.ts';

/** What RunTask will be asked, in words: a label and a value a line, for the eyes of whoever confirms it. */
export function requestWords(request: RunRequest): readonly string[] {
  const { taskDefinition, cluster, container, subnets, securityGroups, assignPublicIp, capacityProvider } = request;
  const { pipelineType, pipelineRunId, timeout } = request;
  const overrides = [
    ...(pipelineType === undefined ? [] : [`pipelineType ${pipelineType}`]),
    ...(pipelineRunId === undefined ? [] : [`pipelineRunId ${pipelineRunId}`]),
  ];
  const words: readonly (readonly [label: string, value: string])[] = [
    ['task definition', name(taskDefinition)],
    ['cluster', name(cluster)],
    ...(container === undefined ? [] : [['container', container] as const]),
    ['capacity', capacityProvider ?? 'FARGATE'],
    ['subnets', subnets.join(', ') || 'none'],
    ['security groups', securityGroups.join(', ') || "the VPC's default"],
    ['public address', assignPublicIp ? 'yes' : 'no'],
    ['overrides', overrides.join(', ') || 'none'],
    ...(timeout === undefined ? [] : [['stopped after', age(timeout)] as const]),
  ];
  return words.map(([label, value]) => `${label.padEnd(16)} ${value}`);
}

function name(reference: string): string {
  return reference.split('/').at(-1) ?? reference;
}

import type { Finding, Pipeline, PipelineTarget } from './pipeline.ts';
import type { YamlSource } from './yaml-source.ts';

/** Everything that is wrong with a pipeline as far as the target is known, in the order of the file. */
export function lint(pipeline: Omit<Pipeline, 'findings'>, source: YamlSource, _target: PipelineTarget): Finding[] {
  const { hostPort } = pipeline.server;
  if (hostPort === undefined || /\/api\/?$/.test(hostPort)) return [];
  const key = ['workflowConfig', 'openMetadataServerConfig', 'hostPort'];
  return [
    {
      ...source.locate(key),
      severity: 'error',
      key: key.join('.'),
      message: 'does not end in /api.',
      advice: 'Add /api to the address of the OpenMetadata server.',
      rule: 'host-port-api',
      basis: 'practice',
    },
  ];
}

import { Box } from 'ink';
import { useEffect, useMemo, useState } from 'react';
import type { DeploymentOptions } from '../../../deployment/options.ts';
import { resolveRequest } from '../../../deployment/resolve.ts';
import { clusters } from '../../../fleet/clusters.ts';
import { readIngestions } from '../../../fleet/ingestions.ts';
import type { DeploymentRequest } from '../../../ingestion/request.ts';
import { fargateMemories, fargateSizes } from '../../../reference/fargate-sizes.ts';
import { useConsole, useRead, useResource, useStore } from '../../hooks.ts';
import type { Field } from '../../stores/dialogs.ts';
import { Form } from '../../widgets/form.tsx';
import { Rows } from '../../widgets/text.tsx';
import type { Draft } from './draft.ts';

/** Where should it run? Empty fields take what the environment has, or what its other ingestions use. */
export function TargetStage({
  draft,
  width,
  onSubmit,
  onCancel,
}: {
  draft: Draft;
  width: number;
  onSubmit: (options: DeploymentOptions) => void;
  onCancel: () => void;
}) {
  const defaults = useDefaults(draft);
  const there = useThere(draft);
  const fields = useMemo(() => targetFields(draft, defaults, there), [draft, defaults, there]);
  return (
    <Box flexDirection="column" width={width}>
      <Rows
        rows={[
          [
            { text: 'Where should it run, and when?', bold: true },
            { text: '   what stays empty is as the dim text says', tone: 'dim' },
          ],
          '',
        ]}
        width={width}
      />
      <Form
        fields={fields}
        submit="plan it"
        width={width}
        onSubmit={(values) => onSubmit(optionsFrom(values))}
        onCancel={onCancel}
      />
    </Box>
  );
}

/** What an empty form would deploy; undefined until it is known, or where it can't be: the plan then says why. */
function useDefaults(draft: Draft): DeploymentRequest | undefined {
  const console = useConsole();
  const session = useStore(console.session, (state) => state.session);
  const [defaults, setDefaults] = useState<DeploymentRequest>();
  const { environment, mode, pipeline } = draft;
  useEffect(() => {
    if (session === undefined || pipeline === undefined) return;
    const controller = new AbortController();
    const request = {
      environment: environment.name,
      mode,
      pipelineText: pipeline.text,
      pipelineFile: pipeline.source,
      options: { dagId: pipeline.dagId },
    };
    resolveRequest(session, environment, request, controller.signal).then(
      (target) => {
        if (!controller.signal.aborted) setDefaults(target.request);
      },
      () => {},
    );
    return () => controller.abort();
  }, [session, environment, mode, pipeline]);
  return defaults;
}

/** What there is to choose from. */
interface There {
  readonly clusters: readonly string[];
  readonly logGroups: readonly string[];
  readonly definitions: readonly string[];
}

function useThere({ environment }: Draft): There {
  const compute = useResource(clusters, undefined);
  const read = useRead(
    `ingestions of ${environment.name}`,
    (session, signal) => readIngestions(session, environment, signal),
    60_000,
  );
  return useMemo(() => {
    const ingestions = read.data?.ingestions ?? [];
    const among = (values: readonly (string | undefined)[]) => [
      ...new Set(values.flatMap((value) => (value === undefined ? [] : [value]))),
    ];
    return {
      clusters: (compute.data ?? []).map(({ name }) => name),
      logGroups: among(ingestions.map(({ logGroup }) => logGroup)),
      definitions: among(ingestions.map(({ taskDefinitionArn }) => taskDefinitionArn?.split('/').at(-1))),
    };
  }, [compute.data, read.data]);
}

function targetFields(
  { environment, mode, options, pipeline }: Draft,
  defaults: DeploymentRequest | undefined,
  there: There,
): readonly Field[] {
  const general: readonly Field[] = [
    {
      id: 'dagId',
      label: 'DAG id',
      value: options.dagId ?? pipeline?.dagId ?? '',
      placeholder: defaults?.dagId ?? "from the pipeline's name",
      help: 'At most 20 characters, so that OpenMetadata can ask Airflow for its runs.',
    },
    {
      id: 'schedule',
      label: 'Schedule',
      value: options.schedule ?? '',
      placeholder: defaults?.schedule ?? 'only when triggered',
      suggestions: ['@daily', '@hourly', '0 4 * * *', 'none'],
      help: 'A cron expression in UTC, @daily and the like, or none: only when triggered.',
    },
    {
      id: 'openmetadataVersion',
      label: 'OpenMetadata',
      value: options.openmetadataVersion ?? '',
      placeholder: defaults?.openmetadataVersion ?? "the server's own version",
      help: 'The version of the ingestion image. It has to be that of the server.',
      check: (value) => (value === '' || /^\d+\.\d+\.\d+$/.test(value) ? undefined : 'A version such as 1.12.8'),
    },
  ];
  if (mode === 'ecs') return [...general, ...taskFields({ environment, options }, defaults, there)];
  return [
    ...general,
    {
      id: 'workerReplacement',
      label: 'Workers',
      value: options.workerReplacement ?? 'FORCED',
      choices: ['FORCED', 'GRACEFUL'],
      help: 'Where the environment is updated. FORCED stops running tasks; GRACEFUL lets them end, up to 12 hours.',
    },
  ];
}

/** Where and how the ECS task runs. */
function taskFields(
  { environment, options }: Pick<Draft, 'environment' | 'options'>,
  defaults: DeploymentRequest | undefined,
  there: There,
): readonly Field[] {
  const list = (values: readonly string[] | undefined) => values?.join(', ') ?? '';
  const ecs = defaults?.ecs;
  return [
    {
      id: 'cluster',
      label: 'Cluster',
      value: options.cluster ?? '',
      placeholder: clusterName(ecs?.cluster) ?? "that of the environment's other ingestions",
      suggestions: there.clusters,
      help: 'One that is not there yet is made.',
    },
    {
      id: 'logGroup',
      label: 'Log group',
      value: options.logGroup ?? '',
      placeholder: ecs?.logGroup ?? '/ecs/ and the cluster',
      suggestions: there.logGroups,
      help: 'One that is not there yet is made, with 30 days of retention.',
    },
    {
      id: 'subnets',
      label: 'Subnets',
      value: list(options.subnets),
      placeholder: list(ecs?.subnets ?? environment.subnetIds),
      help: "The environment's own by default. They need a way to the image's registry.",
    },
    {
      id: 'securityGroups',
      label: 'Security groups',
      value: list(options.securityGroups),
      placeholder: list(ecs?.securityGroups ?? environment.securityGroupIds),
      help: "The environment's own by default: what they may reach, the ingestion may.",
    },
    {
      id: 'taskDefinition',
      label: 'Sized as',
      value: options.taskDefinition ?? '',
      placeholder: 'what suits the connector',
      suggestions: there.definitions,
      help: 'A task definition to take CPU, memory, image and roles from.',
    },
    {
      id: 'cpu',
      label: 'CPU units',
      value: text(options.cpu),
      placeholder: text(ecs?.cpu) || 'what suits the connector',
      suggestions: fargateSizes.map(({ cpu }) => String(cpu)),
      help: '1024 to a vCPU.',
      check: (value) =>
        value.trim() === '' || fargateMemories(Number(value)).length > 0
          ? undefined
          : `Fargate has ${fargateSizes.map(({ cpu }) => cpu).join(', ')}`,
    },
    {
      id: 'memory',
      label: 'Memory MiB',
      value: text(options.memory),
      placeholder: text(ecs?.memory) || 'what suits the connector',
      suggestions: fargateMemories(options.cpu ?? ecs?.cpu ?? 1024).map(String),
      check: (value, values) => memoryFault(value.trim(), values.cpu?.trim() || text(ecs?.cpu)),
    },
  ];
}

function memoryFault(memory: string, cpu: string): string | undefined {
  if (memory === '') return undefined;
  if (!/^\d+$/.test(memory)) return 'A whole number of MiB';
  const fitting = fargateMemories(Number(cpu));
  if (fitting.length === 0 || fitting.includes(Number(memory))) return undefined;
  return `With ${cpu} CPU units Fargate has ${fitting[0]} to ${fitting.at(-1)} MiB, in steps`;
}

function clusterName(cluster: string | undefined): string | undefined {
  return cluster?.split('/').at(-1);
}

function optionsFrom(values: Readonly<Record<string, string>>): DeploymentOptions {
  const word = (id: string) => values[id]?.trim() || undefined;
  const words = (id: string) =>
    word(id)
      ?.split(/[\s,]+/)
      .filter(Boolean);
  const whole = (id: string) => (word(id) === undefined ? undefined : Number(word(id)));
  return {
    dagId: word('dagId'),
    schedule: word('schedule'),
    openmetadataVersion: word('openmetadataVersion'),
    workerReplacement: word('workerReplacement') === 'GRACEFUL' ? 'GRACEFUL' : undefined,
    cluster: word('cluster'),
    logGroup: word('logGroup'),
    subnets: words('subnets'),
    securityGroups: words('securityGroups'),
    taskDefinition: word('taskDefinition'),
    cpu: whole('cpu'),
    memory: whole('memory'),
  };
}

function text(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}

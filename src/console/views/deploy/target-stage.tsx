import { Box } from 'ink';
import type { DeploymentOptions } from '../../../deployment/options.ts';
import { Form } from '../../widgets/form.tsx';
import { Rows } from '../../widgets/text.tsx';
import type { Draft } from './draft.ts';

/** Where should it run? Empty fields take what the environment has, or what its other ingestions use. */
export function TargetStage({
  draft,
  width,
  active,
  onSubmit,
  onCancel,
}: {
  draft: Draft;
  width: number;
  active: boolean;
  onSubmit: (options: DeploymentOptions) => void;
  onCancel: () => void;
}) {
  const { environment, options } = draft;
  const list = (values: readonly string[] | undefined) => values?.join(', ') ?? '';
  const fields = [
    {
      id: 'dagId',
      label: 'DAG id',
      value: options.dagId ?? '',
      placeholder: "from the pipeline's name, at most 20 characters",
    },
    {
      id: 'schedule',
      label: 'Schedule',
      value: options.schedule ?? '',
      placeholder: 'only when triggered; cron or @daily',
    },
    {
      id: 'openmetadataVersion',
      label: 'OpenMetadata',
      value: options.openmetadataVersion ?? '',
      placeholder: "the server's own version",
      check: (value: string) =>
        value === '' || /^\d+\.\d+\.\d+$/.test(value) ? undefined : 'A version such as 1.12.8',
    },
    {
      id: 'cluster',
      label: 'Cluster',
      value: options.cluster ?? '',
      placeholder: "the other ingestions' own; made when missing",
    },
    {
      id: 'logGroup',
      label: 'Log group',
      value: options.logGroup ?? '',
      placeholder: '/ecs/ and the cluster; made when missing',
    },
    { id: 'subnets', label: 'Subnets', value: list(options.subnets), placeholder: environment.subnetIds.join(', ') },
    {
      id: 'securityGroups',
      label: 'Security groups',
      value: list(options.securityGroups),
      placeholder: environment.securityGroupIds.join(', '),
    },
    {
      id: 'cpu',
      label: 'CPU units',
      value: text(options.cpu),
      placeholder: 'what suits the connector',
      check: wholeOrEmpty,
    },
    {
      id: 'memory',
      label: 'Memory MiB',
      value: text(options.memory),
      placeholder: 'what suits the connector',
      check: wholeOrEmpty,
    },
  ];
  return (
    <Box flexDirection="column" width={width}>
      <Rows
        rows={[
          [
            { text: 'Where should it run, and when?', bold: true },
            { text: '   what stays empty takes the default beside it', tone: 'dim' },
          ],
          '',
        ]}
        width={width}
      />
      <Form
        fields={fields}
        submit="plans it"
        width={width}
        active={active}
        onSubmit={(values) => onSubmit(optionsFrom(values))}
        onCancel={onCancel}
      />
    </Box>
  );
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
    cluster: word('cluster'),
    logGroup: word('logGroup'),
    subnets: words('subnets'),
    securityGroups: words('securityGroups'),
    cpu: whole('cpu'),
    memory: whole('memory'),
  };
}

function text(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}

function wholeOrEmpty(value: string): string | undefined {
  return /^\d*$/.test(value.trim()) ? undefined : 'A whole number';
}

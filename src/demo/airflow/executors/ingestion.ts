import { ConfigError, readConfig } from '../../ecs/ingestion/config.ts';
import { StatusReport, serverVersionOf } from '../../ecs/ingestion/report.ts';
import { ingestionScript } from '../../ecs/ingestion/script.ts';
import { hash } from '../../logs/random.ts';
import { isStructure } from '../../members.ts';
import { AwsError } from '../../service.ts';
import { OPENMETADATA_VERSION } from '../../world/names.ts';
import { pythonVersion } from '../python/modules.ts';
import { plain, type Value } from '../python/values.ts';
import { RoleSession } from '../role-session.ts';
import { type Frame, sitePackages, TaskError } from '../task-error.ts';
import { ORIGINS } from '../task-log.ts';
import { render } from '../template.ts';
import type { TaskContext } from './execute.ts';

/** Whether a task runs openmetadata-ingestion in the worker's Python or in a virtual environment of it. */
export function isIngestion({ dag, instance }: TaskContext): boolean {
  return (
    /Python/.test(instance.definition.operator) &&
    /\bmetadata\.(workflow|ingestion)\b|openmetadata-ingestion/.test(dag.source)
  );
}

/** The pipeline type that each workflow class of openmetadata-ingestion runs. */
const WORKFLOW_TYPES: Readonly<Record<string, string>> = {
  UsageWorkflow: 'usage',
  ProfilerWorkflow: 'profiler',
  TestSuiteWorkflow: 'TestSuite',
  AutoClassificationWorkflow: 'autoClassification',
  ApplicationWorkflow: 'application',
};

/** The same ingestion as the container image runs, as a Python task: its lines in the task's log, its end as the task's. */
export function executeIngestion(context: TaskContext): () => void {
  const { host, dag, run, instance, log, finish } = context;
  const { region } = host;
  const timers: (() => void)[] = [];
  const stop = (): void => {
    for (const cancel of timers) cancel();
  };
  const later = (ms: number, action: () => void): void => {
    timers.push(region.clock.after(Math.round(ms), action));
  };
  const virtual = /Virtualenv|ExternalPython/.test(instance.definition.operator);
  const install = virtual ? installation(context) : undefined;
  for (const { after, text } of install?.lines ?? []) later(after, () => log.write('info', ORIGINS.virtualenv, text));
  const begin = (): void => {
    const loaded = load(context, virtual);
    if (loaded instanceof TaskError) {
      finish(loaded);
      return;
    }
    const { config } = loaded;
    const version = installedVersion(context);
    const workflow = /\b(\w+Workflow)\.create\(/.exec(dag.source)?.[1] ?? '';
    const startedAt = region.clock.now();
    const script = ingestionScript(config, {
      pipelineType: WORKFLOW_TYPES[workflow] ?? (config.sourceType.includes('usage') ? 'usage' : 'metadata'),
      seed: hash(region.options.seed ?? 1),
      runSeed: hash(run.runId, instance.tryNumber),
      startedAt,
      clientVersion: version,
      serverVersion: serverVersionOf(region, config, version.split('.').slice(0, 3).join('.')),
    });
    const given = argumentsOf(context).pipeline_run_id;
    const runId = typeof given === 'string' ? given : (config.pipelineRunId ?? region.uuid());
    const status = new StatusReport(region, config, script, { runId, startedAt });
    status.begin();
    const origin = virtual ? ORIGINS.virtualenv : ORIGINS.python;
    for (const line of script.lines) later(line.after, () => log.write('info', origin, line.text));
    later(script.ends, () => {
      status.end();
      if (script.exitCode === 0) {
        log.write('info', ORIGINS.python, 'Done. Returned value was: None');
        finish(undefined);
      } else finish(workflowFailed(dag.file, host.airflowVersion));
    });
  };
  later(install?.ends ?? 1_500, () => {
    if (install?.failure === undefined) begin();
    else finish(install.failure);
  });
  return stop;
}

/** What the task gives its function by `op_kwargs`, templates filled in. */
function argumentsOf(context: TaskContext): Readonly<Record<string, unknown>> {
  const given = render(plain(context.instance.definition.keywords.get('op_kwargs')), context);
  return isStructure(given) ? given : {};
}

function workflowFailed(file: string, airflowVersion: string): TaskError {
  const frames: Frame[] = [
    { filename: `/usr/local/airflow/dags/${file}`, lineno: 40, name: 'run', source: 'workflow.raise_from_status()' },
    {
      filename: `${sitePackages(pythonVersion(airflowVersion))}/metadata/workflow/workflow_status_mixin.py`,
      lineno: 128,
      name: 'raise_from_status',
      source: 'raise err',
    },
  ];
  return new TaskError('metadata.config.common.WorkflowExecutionError', 'Source reported errors', frames);
}

/** The configuration that the task would find: in the secret that its file names, or in the file itself. */
function load(context: TaskContext, virtual: boolean): { config: ReturnType<typeof readConfig> } | TaskError {
  const { host, dag } = context;
  const frame = (source: string): Frame => ({
    filename: `/usr/local/airflow/dags/${dag.file}`,
    lineno: 30,
    name: 'run',
    source,
  });
  if (!virtual && !host.installed.has('openmetadata-ingestion')) {
    return new TaskError('ModuleNotFoundError', "No module named 'metadata'", [
      frame('from metadata.workflow.metadata import MetadataWorkflow'),
    ]);
  }
  const texts = strings([...dag.constants.values()]);
  const named = argumentsOf(context).secret;
  const secret =
    typeof named === 'string'
      ? named
      : texts.find(
          (text) => /^arn:aws[\w-]*:secretsmanager:/.test(text) || host.region.secrets.value(text) !== undefined,
        );
  let source = texts.find((text) => /(^|[\n{,])\s*"?source"?\s*:/.test(text));
  if (secret !== undefined) {
    try {
      const answer = new RoleSession(host.region, host.executionRole, 'AmazonMWAA-airflow').invoke(
        'secretsmanager',
        'GetSecretValue',
        { SecretId: secret },
      );
      source = typeof answer.SecretString === 'string' ? answer.SecretString : source;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return clientError(error, 'GetSecretValue', [frame('secret = client.get_secret_value(SecretId=SECRET_ID)')]);
    }
  }
  if (source === undefined) {
    return new TaskError(
      'RuntimeError',
      'the stand-in of this Airflow found no workflow configuration in the file or its secret',
      [frame('run()')],
    );
  }
  try {
    return { config: readConfig(source) };
  } catch (error) {
    if (error instanceof ConfigError)
      return new TaskError(error.type, error.message, [frame('workflow = MetadataWorkflow.create(config)')]);
    throw error;
  }
}

/** An AWS refusal as botocore raises it. */
export function clientError(error: AwsError, operation: string, frames: readonly Frame[]): TaskError {
  const known = error.code.endsWith('Exception')
    ? `botocore.errorfactory.${error.code}`
    : 'botocore.exceptions.ClientError';
  return new TaskError(
    known,
    `An error occurred (${error.code}) when calling the ${operation} operation: ${error.message}`,
    frames,
  );
}

function strings(values: readonly Value[]): string[] {
  return values.flatMap((value) => (typeof value === 'string' ? [value] : Array.isArray(value) ? strings(value) : []));
}

/** The release of openmetadata-ingestion that the task's Python has. */
function installedVersion({ host, instance }: TaskContext): string {
  const wanted = requirementsOf(instance.definition.keywords.get('requirements')).find((line) =>
    line.startsWith('openmetadata-ingestion'),
  );
  return (
    /[=~]=\s*([\d.]+)/.exec(wanted ?? '')?.[1] ??
    host.versions.get('openmetadata-ingestion') ??
    `${OPENMETADATA_VERSION}.0`
  );
}

function requirementsOf(value: Value | undefined): string[] {
  const given = plain(value);
  if (typeof given === 'string') return given.split('\n').map((line) => line.trim());
  return Array.isArray(given) ? given.filter((each): each is string => typeof each === 'string') : [];
}

/** What making the virtual environment prints, takes and ends with. */
function installation(context: TaskContext): {
  lines: { after: number; text: string }[];
  ends: number;
  failure: TaskError | undefined;
} {
  const { host, instance } = context;
  const requirements = requirementsOf(instance.definition.keywords.get('requirements'));
  const folder = `/tmp/venv${host.region.hex(8)}`;
  const shared = instance.definition.keywords.get('system_site_packages') !== false;
  const bad = requirements.find((line) => line.includes('does-not-exist'));
  const texts = [
    `Executing cmd: python${pythonVersion(host.airflowVersion)} -m virtualenv ${folder}${shared ? ' --system-site-packages' : ''}`,
    'Output:',
    `created virtual environment CPython${pythonVersion(host.airflowVersion)}.final.0-64 in 1284ms`,
    `Executing cmd: ${folder}/bin/pip install -r ${folder}/requirements.txt`,
    ...requirements.map((line) => `Collecting ${line}`),
  ];
  const end =
    bad === undefined
      ? [`Successfully installed ${requirements.map((line) => line.replace(/\s*[=~]=\s*/, '-')).join(' ')}`]
      : [
          `ERROR: Could not find a version that satisfies the requirement ${bad} (from versions: none)`,
          `ERROR: No matching distribution found for ${bad}`,
        ];
  const lines = [
    ...texts.map((text, index) => ({ after: 800 + index * 2_400, text })),
    ...end.map((text) => ({ after: bad === undefined ? 145_000 : 24_000, text })),
  ];
  const failure =
    bad === undefined
      ? undefined
      : new TaskError(
          'subprocess.CalledProcessError',
          `Command '['${folder}/bin/pip', 'install', '-r', '${folder}/requirements.txt']' returned non-zero exit status 1.`,
        );
  return { lines, ends: bad === undefined ? 150_000 : 25_000, failure };
}

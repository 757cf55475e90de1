import { hash } from '../../logs/random.ts';
import { imageTag } from '../image.ts';
import { ConfigError, readConfig, type WorkflowConfig } from '../ingestion/config.ts';
import { StatusReport, serverVersionOf } from '../ingestion/report.ts';
import { ingestionScript, type Script } from '../ingestion/script.ts';
import { createError, mainError } from '../ingestion/traceback.ts';
import { memoryOf } from '../model.ts';
import type { Program, ProgramOptions } from './program.ts';
import { playTimeline, type Timeline } from './timeline.ts';

/** What the image's `main.py` knows to run; others raise ValueError. */
const PIPELINE_TYPES: readonly string[] = [
  'metadata',
  'usage',
  'lineage',
  'profiler',
  'TestSuite',
  'elasticSearchReindex',
  'dbt',
];
/** And what it knows from 1.13 on. */
const NEWER_PIPELINE_TYPES: readonly string[] = ['autoClassification', 'application'];

/** The version of `latest`. */
const NEWEST = '2.0.8';

/** MiB below which Python and its connectors don't fit. */
const ENOUGH_MEMORY = 1024;

/**
 * `python main.py` of OpenMetadata's ingestion image: reads `config` and `pipelineType`, prints what the
 * framework prints and ends as the configuration makes it end. The server hears of its status.
 */
export function ingestionProgram(options: ProgramOptions): Program {
  const { region, container, environment, task, startedAt } = options;
  const heeds = container.initProcess;
  const pipelineType = environment.pipelineType ?? '';
  const version = /^\d+\.\d+\.\d+$/.exec(imageTag(container.image) ?? '')?.[0] ?? NEWEST;
  const config = configOf(environment, version);
  if (typeof config === 'string') return playTimeline(options, { ...failed(config), heeds });
  const seed = region.options.seed ?? 1;
  const script = ingestionScript(config, {
    pipelineType,
    seed,
    runSeed: hash(seed, task.id),
    startedAt,
    clientVersion: `${version}.0`,
    serverVersion: serverVersionOf(region, config, version),
  });
  const timeline: Timeline =
    memoryOf(task, container) < ENOUGH_MEMORY ? killedForMemory(script, heeds) : { ...script, heeds };
  const runId = environment.pipelineRunId ?? config.pipelineRunId ?? region.uuid();
  const status = new StatusReport(region, config, script, { runId, startedAt });
  status.begin();
  return playTimeline(options, timeline, (code) => {
    // A killed process says nothing any more.
    if (code !== 137 && code !== 143) status.end();
  });
}

/** The configuration that the environment holds, or what Python prints when `main` refuses it. */
function configOf(environment: Readonly<Record<string, string>>, version: string): WorkflowConfig | string {
  const { config = '', pipelineType = '' } = environment;
  if (config === '') {
    return mainError(
      'RuntimeError: Missing environment variable `config`. This is needed to configure the Workflow.',
      87,
      'raise RuntimeError(',
    );
  }
  if (pipelineType === '') {
    return mainError(
      'RuntimeError: Missing environment variable `pipelineType`. This is needed to load the Workflow class.',
      93,
      'raise RuntimeError(',
    );
  }
  const newer = !/^1\.\d\.|^1\.1[0-2]\.|^0\./.test(version);
  if (!PIPELINE_TYPES.includes(pipelineType) && !(newer && NEWER_PIPELINE_TYPES.includes(pipelineType))) {
    const source = 'raise ValueError(f"Missing workflow_class loaded from {pipeline_type}")';
    return mainError(`ValueError: Missing workflow_class loaded from ${pipelineType}`, 101, source);
  }
  const runId = environment.pipelineRunId;
  if (runId !== undefined && !/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(runId)) {
    return createError(
      `metadata.ingestion.api.parser.ParsingConfigurationError: We encountered an error parsing the configuration of your workflow.\nYou might need to review your config based on the original cause of this error:\n\t - Input should be a valid UUID, invalid character: found '${runId.slice(0, 1)}' at 1`,
    );
  }
  try {
    return readConfig(config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const exception = `${error.type}: ${error.message}`;
    return error.step === 'create'
      ? createError(exception)
      : mainError(exception, 105, 'workflow_config = yaml.safe_load(config)');
  }
}

function failed(text: string): Omit<Timeline, 'heeds'> {
  const lines = text.split('\n').map((line) => ({ after: 2_900, text: line }));
  return { lines, ends: 3_600, exitCode: 1 };
}

/** The script as far as it comes before the kernel ends the process. */
function killedForMemory(script: Script, heeds: boolean): Timeline {
  const ends = Math.min(script.ends - 1, 24_000);
  return {
    lines: script.lines.filter(({ after }) => after < ends - 400),
    ends,
    exitCode: 137,
    reason: 'OutOfMemoryError: Container killed due to memory usage',
    heeds,
  };
}

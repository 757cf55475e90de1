import { airflowLogGroup, ENVIRONMENTS } from '../world/names.ts';
import { type LineFormat, lineFormat } from './history/airflow-lines.ts';
import { dagFile, processorManager, scheduler, type Writer, webServer, worker } from './history/components.ts';
import { HISTORY_DAGS } from './history/dags.ts';
import { requirementsLines } from './history/requirements.ts';
import { TaskStreams } from './history/tasks.ts';
import { hash, Random } from './random.ts';
import type { LogsService } from './service.ts';
import { GeneratedStream, StreamList } from './streams.ts';

const HOUR = 3_600_000;
/** How many hours of history there are when the region starts. */
const HISTORY = 26 * HOUR;
/** When the update of `legacy` that failed began and was taken back, before the region's start. */
export const LEGACY_UPDATE = { began: 85 * 60_000, rolledBack: 70 * 60_000 } as const;

const VERSIONS: Readonly<Record<string, string>> = {
  analytics: '3.2.1',
  'data-prod': '2.10.3',
  legacy: '2.7.2',
  sandbox: '3.3.1',
};

const MODULES = ['DAGProcessing', 'Scheduler', 'Task', 'WebServer', 'Worker'] as const;

/** The log groups that the environments have when the region starts; those of ECS are made with its tasks. */
export function seedLogGroups(logs: LogsService): void {
  const origin = logs.region.clock.now();
  for (const environment of ENVIRONMENTS) seedEnvironment(logs, environment, origin);
}

function seedEnvironment(logs: LogsService, environment: string, origin: number): void {
  const random = new Random(hash(logs.seed, environment, 'log groups'));
  const airflowVersion = VERSIONS[environment] ?? '2.10.3';
  const format = lineFormat(airflowVersion);
  const from = origin - HISTORY;
  const created = origin - random.integer(90, 400) * 24 * HOUR;
  for (const module of MODULES) {
    const group = logs.createGroup(airflowLogGroup(environment, module), {
      createdAt: created + random.integer(0, 90_000),
      tags: { 'aws:airflow:environment': environment },
    });
    group.storedBytes = random.integer(2_000_000, 4_000_000_000);
  }
  const list = new Map(MODULES.map((module) => [module, new StreamList()]));
  const add = (module: (typeof MODULES)[number], name: string, lines: Writer) => {
    const group = airflowLogGroup(environment, module);
    list.get(module)?.add(new GeneratedStream({ group, name, from, to: Infinity, seed: logs.seed, lines }, logs.slots));
  };
  for (const { module, name, lines } of components(environment, airflowVersion, format, from, random)) {
    add(module, name, lines);
  }
  if (environment === 'legacy') seedFailedUpdate(logs, list, origin, random);
  for (const [module, streams] of list) {
    logs.group(airflowLogGroup(environment, module))?.sources.push(streams);
  }
  const group = airflowLogGroup(environment, 'Task');
  const dags = HISTORY_DAGS.filter((dag) => dag.environment === environment);
  const ecsRuns = () => logs.region.ecs.pastRuns.filter((run) => run.environment === environment);
  const history = { group, airflowVersion, dags, from, origin, seed: logs.seed, format, ecsRuns };
  logs.group(group)?.sources.push(new TaskStreams(history, logs.slots));
}

interface Component {
  readonly module: (typeof MODULES)[number];
  readonly name: string;
  readonly lines: Writer;
}

/** A container's host name, as its streams are named by. */
const host = (random: Random): string =>
  `ip-10-192-${random.integer(20, 21)}-${random.integer(4, 250)}.eu-west-1.compute.internal`;

function* components(
  environment: string,
  airflowVersion: string,
  format: LineFormat,
  from: number,
  random: Random,
): Generator<Component> {
  const epoch = (from / 1000 - random.integer(100, 4000)).toFixed(6);
  const stream = (kind: string) => `${kind}_${host(random)}_${epoch}.log`;
  const small = airflowVersion === '3.3.1';
  for (let count = small ? 1 : 2; count > 0; count--) {
    yield { module: 'Scheduler', name: stream('scheduler'), lines: scheduler(environment, format) };
  }
  for (let count = small ? 1 : 3; count > 0; count--) {
    yield { module: 'Worker', name: stream('worker'), lines: worker(environment, format) };
  }
  const server = airflowVersion.startsWith('2.') ? 'webserver' : 'api_server';
  for (let count = small ? 1 : 2; count > 0; count--) {
    yield { module: 'WebServer', name: stream(server), lines: webServer(format) };
  }
  for (const { dagId } of HISTORY_DAGS.filter((dag) => dag.environment === environment)) {
    yield { module: 'DAGProcessing', name: `scheduler_dag_processor_${dagId}.py.log`, lines: dagFile(dagId, format) };
  }
  yield { module: 'DAGProcessing', name: 'dag-processor-manager.log', lines: processorManager(environment, format) };
}

/** What the failed update of `legacy` left in three groups: the new requirements' failure, then the old ones again. */
function seedFailedUpdate(
  logs: LogsService,
  lists: ReadonlyMap<string, StreamList>,
  origin: number,
  random: Random,
): void {
  for (const module of ['Scheduler', 'Worker', 'WebServer'] as const) {
    for (const outcome of ['failed', 'restored'] as const) {
      const from =
        origin - LEGACY_UPDATE[outcome === 'failed' ? 'began' : 'rolledBack'] + random.integer(200_000, 300_000);
      const name = `requirements_install_10.192.${random.integer(20, 21)}.${random.integer(4, 250)}`;
      const group = airflowLogGroup('legacy', module);
      const options = { group, name, from, to: from + 120_000, seed: logs.seed, whole: true };
      lists.get(module)?.add(new GeneratedStream({ ...options, lines: requirementsLines(outcome) }, logs.slots));
    }
  }
}

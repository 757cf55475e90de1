import type { Airflow } from './airflow.ts';
import type { DagRecord, DagRun } from './runs.ts';

/** What a command printed. */
export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

type Row = Readonly<Record<string, string>>;
type Command = (airflow: Airflow, call: Arguments) => CommandOutput;

/** A command line's words and options. */
interface Arguments {
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

const VALUED: Readonly<Record<string, string>> = {
  '-o': 'output',
  '--output': 'output',
  '-d': 'dag-id',
  '--dag-id': 'dag-id',
  '-r': 'run-id',
  '--run-id': 'run-id',
  '-c': 'conf',
  '--conf': 'conf',
  '-e': 'exec-date',
  '--exec-date': 'exec-date',
  '--logical-date': 'exec-date',
  '--state': 'state',
};

/** Commands that MWAA allows and this stand-in carries out (MWAA user guide, airflow-cli-command-reference). */
const COMMANDS: Readonly<Record<string, Command>> = {
  version: (airflow) => ({ stdout: `${airflow.version}\n`, stderr: '' }),
  'dags list': (airflow, call) =>
    print(
      call,
      airflow
        .dags()
        .filter(({ active }) => active)
        .map((dag) => dagRow(airflow, dag)),
    ),
  'dags list-import-errors': (airflow, call) =>
    print(
      call,
      airflow.importErrors().map(({ file, stackTrace }) => ({ filepath: airflow.pathOf(file), error: stackTrace })),
    ),
  'dags list-runs': (airflow, call) => {
    const id = call.options.get('dag-id') ?? call.words[0] ?? '';
    return withDag(airflow, id, (dag) => print(call, dag.runs.toReversed().map(runRow)));
  },
  'dags pause': (airflow, call) => withDag(airflow, call.words[0] ?? '', (dag) => pause(airflow, call, dag, true)),
  'dags unpause': (airflow, call) => withDag(airflow, call.words[0] ?? '', (dag) => pause(airflow, call, dag, false)),
  'dags trigger': (airflow, call) => withDag(airflow, call.words[0] ?? '', (dag) => trigger(airflow, call, dag)),
  'dags next-execution': (airflow, call) =>
    withDag(airflow, call.words[0] ?? '', (dag) => {
      const next = airflow.scheduler.planned(dag);
      return { stdout: `${next === undefined ? 'None' : iso(next.logicalDate)}\n`, stderr: '' };
    }),
  'dags show': (airflow, call) =>
    withDag(airflow, call.words[0] ?? '', (dag) => ({ stdout: `digraph ${dag.definition.dagId} {\n}\n`, stderr: '' })),
  'dags delete': (airflow, call) =>
    withDag(airflow, call.words[0] ?? '', (dag) => {
      const runs = dag.runs.length;
      airflow.deleteDag(dag);
      return { stdout: `Removed ${runs + 1} record(s)\n`, stderr: '' };
    }),
  'tasks list': (airflow, call) =>
    withDag(airflow, call.words[0] ?? '', (dag) => ({
      stdout: `${[...dag.definition.tasks.keys()].join('\n')}\n`,
      stderr: '',
    })),
  'tasks states-for-dag-run': (airflow, call) =>
    withDag(airflow, call.words[0] ?? '', (dag) => {
      const run = dag.runs.find(({ runId }) => runId === call.words[1]);
      if (run === undefined)
        return failure(
          `DagRun for ${dag.definition.dagId} with run_id or execution_date of '${call.words[1]}' not found`,
        );
      return print(
        call,
        [...run.tasks.values()].map(({ taskId, state, startedAt, endedAt }) => ({
          dag_id: run.dagId,
          task_id: taskId,
          state: state ?? 'None',
          start_date: iso(startedAt),
          end_date: iso(endedAt),
        })),
      );
    }),
  'variables list': (_, call) => print(call, []),
  'cheat-sheet': () => ({
    stdout: `${Object.keys(COMMANDS)
      .map((name) => `airflow ${name}`)
      .join('\n')}\n`,
    stderr: '',
  }),
};

/** Allowed on MWAA, and no part of this stand-in. */
const UNKNOWN_HERE = /^(assets|backfill|dags|db|providers|roles|tasks|variables|connections (add|delete))\b/;

/** Runs an Airflow command line, given without the word `airflow`, as MWAA's web server does. */
export function runCommandLine(airflow: Airflow, text: string): CommandOutput {
  const call = readArguments(text);
  const [first = '', second = ''] = call.words;
  for (const [name, skip] of [
    [`${first} ${second}`, 2],
    [first, 1],
  ] as const) {
    const command = COMMANDS[name];
    if (command !== undefined) return command(airflow, { ...call, words: call.words.slice(skip) });
  }
  if (UNKNOWN_HERE.test(`${first} ${second}`)) {
    return failure(`airflow ${first} ${second}: the stand-in of this Airflow does not have this command`);
  }
  return failure(`airflow ${first} ${second}: sub command not allowed`);
}

function failure(text: string): CommandOutput {
  return { stdout: '', stderr: `${text}\n` };
}

function readArguments(text: string): Arguments {
  const words: string[] = [];
  const options = new Map<string, string>();
  const parts = [...text.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double?.replaceAll(/\\(.)/g, '$1') ?? single ?? plain ?? '',
  );
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? '';
    const [name = '', inline] = part.startsWith('--') ? part.split(/=(.*)/s) : [part];
    const option = VALUED[name];
    if (option !== undefined) options.set(option, inline ?? parts[++index] ?? '');
    else if (part.startsWith('-')) options.set(part.replace(/^-+/, ''), 'true');
    else words.push(part);
  }
  return { words, options };
}

function withDag(airflow: Airflow, dagId: string, action: (dag: DagRecord) => CommandOutput): CommandOutput {
  const dag = airflow.dag(dagId);
  return dag === undefined
    ? failure(
        `airflow.exceptions.AirflowException: Dag '${dagId}' could not be found; either it does not exist or it failed to parse.`,
      )
    : action(dag);
}

function dagRow(airflow: Airflow, dag: DagRecord): Row {
  const shared = {
    dag_id: dag.definition.dagId,
    fileloc: airflow.pathOf(dag.file),
    owners: dag.definition.owners.join(', '),
    is_paused: capital(dag.paused),
  };
  return airflow.third ? { ...shared, bundle_name: 'dags-folder', bundle_version: 'None' } : shared;
}

function runRow(run: DagRun): Row {
  return {
    dag_id: run.dagId,
    run_id: run.runId,
    state: run.state,
    execution_date: iso(run.logicalDate),
    start_date: iso(run.startedAt),
    end_date: iso(run.endedAt),
  };
}

function pause(airflow: Airflow, call: Arguments, dag: DagRecord, paused: boolean): CommandOutput {
  airflow.setPaused(dag, paused);
  return print(call, [{ dag_id: dag.definition.dagId, is_paused: capital(paused) }]);
}

function trigger(airflow: Airflow, call: Arguments, dag: DagRecord): CommandOutput {
  const runId = call.options.get('run-id');
  if (dag.runs.some((run) => run.runId === runId)) {
    return failure(
      `airflow.exceptions.DagRunAlreadyExists: A Dag Run already exists for dag id ${dag.definition.dagId} with run id ${runId}`,
    );
  }
  let conf: Record<string, unknown> = {};
  try {
    conf = JSON.parse(call.options.get('conf') ?? '{}');
  } catch {
    return failure('json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)');
  }
  return print(call, [runRow(airflow.scheduler.trigger(dag, { runId, conf }))]);
}

const capital = (value: boolean): string => (value ? 'True' : 'False');
const iso = (at: number | undefined): string =>
  at === undefined ? '' : new Date(at).toISOString().replace('Z', '+00:00');

/** Rows in the form that `-o` asks for: a table unless it says otherwise. */
function print(call: Arguments, rows: readonly Row[]): CommandOutput {
  const form = call.options.get('output') ?? 'table';
  if (form === 'json') return { stdout: `${JSON.stringify(rows)}\n`, stderr: '' };
  if (form === 'yaml') {
    const text = rows.map((row) =>
      Object.entries(row)
        .map(([key, value], index) => `${index === 0 ? '- ' : '  '}${key}: ${JSON.stringify(value)}`)
        .join('\n'),
    );
    return { stdout: `${text.join('\n')}\n`, stderr: '' };
  }
  const [first] = rows;
  if (first === undefined) return { stdout: 'No data found\n', stderr: '' };
  const columns = Object.keys(first);
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join(' | ')
      .trimEnd();
  const body = rows.map((row) => line(columns.map((column) => row[column] ?? '')));
  const separator = widths.map((width) => '='.repeat(width)).join('=+=');
  return { stdout: `${[line(columns), separator, ...body].join('\n')}\n`, stderr: '' };
}

import { INGESTIONS } from '../../world/names.ts';

/** A DAG of the world whose runs leave lines in the Airflow log groups. */
export interface HistoryDag {
  readonly environment: string;
  readonly dagId: string;
  readonly tasks: readonly HistoryTask[];
  /** Minutes between runs, and minutes after the full period at which a run begins. */
  readonly period: number;
  readonly offset: number;
  /** True for a DAG of an ingestion; its runs after the region's start are made by Airflow's own part of the world. */
  readonly ingestion: boolean;
  /** True for an ingestion that runs as an ECS task: its runs so far are `EcsService.pastRuns`. */
  readonly ecs: boolean;
}

/** A task of such a DAG. */
export interface HistoryTask {
  readonly taskId: string;
  readonly operator: string;
  /** Seconds that it takes, about. */
  readonly seconds: number;
  readonly failing?: boolean;
}

const task = (taskId: string, operator: string, seconds: number): HistoryTask => ({ taskId, operator, seconds });

const OTHERS: readonly HistoryDag[] = [
  other('data-prod', 'orders_hourly', 60, 10, [
    task('extract_orders', 'SQLExecuteQueryOperator', 48),
    task('load_orders', 'S3ToRedshiftOperator', 71),
    task('check_orders', 'SQLCheckOperator', 6),
  ]),
  other('data-prod', 'sessions_quarter_hourly', 15, 2, [task('build_sessions', 'PythonOperator', 95)]),
  other('data-prod', 'finance_close', 1440, 75, [
    task('wait_for_ledger', 'S3KeySensor', 240),
    task('close_day', 'SQLExecuteQueryOperator', 610),
  ]),
  other('analytics', 'events_rollup', 30, 5, [
    task('roll_up', 'AthenaOperator', 130),
    task('publish', 'PythonOperator', 21),
  ]),
  other('legacy', 'crm_export', 60, 20, [task('export_accounts', 'PythonOperator', 140)]),
  other('sandbox', 'hello_world', 120, 0, [task('say_hello', 'BashOperator', 3)]),
];

function other(
  environment: string,
  dagId: string,
  period: number,
  offset: number,
  tasks: readonly HistoryTask[],
): HistoryDag {
  return { environment, dagId, tasks, period, offset, ingestion: false, ecs: false };
}

/** The world's DAGs, those of the seeded ingestions among them. */
export const HISTORY_DAGS: readonly HistoryDag[] = [
  ...INGESTIONS.map(({ environment, dagId, schedule, failing, mode }) => ({
    environment,
    dagId,
    ...periodOf(schedule),
    ingestion: true,
    ecs: mode === 'ecs',
    tasks: [
      {
        taskId: 'ingest',
        operator: mode === 'ecs' ? 'EcsRunTaskOperator' : 'PythonVirtualenvOperator',
        seconds: 700,
        failing,
      },
    ],
  })),
  ...OTHERS,
];

/** Period and offset, in minutes, of the two kinds of schedule that the world has: `m h * * *` and `m * * * *`. */
export function periodOf(schedule: string): { readonly period: number; readonly offset: number } {
  const [minute = '0', hour = '*'] = schedule.split(' ');
  return hour === '*'
    ? { period: 60, offset: Number(minute) }
    : { period: 1440, offset: Number(hour) * 60 + Number(minute) };
}

const MINUTE = 60_000;

/** The times between `from` and `to` (ms since the epoch, both included) at which runs begin, oldest first. */
export function* runTimes(
  schedule: { readonly period: number; readonly offset: number },
  from: number,
  to: number,
): Generator<number> {
  const period = schedule.period * MINUTE;
  const offset = schedule.offset * MINUTE;
  for (let at = Math.ceil((from - offset) / period) * period + offset; at <= to; at += period) yield at;
}

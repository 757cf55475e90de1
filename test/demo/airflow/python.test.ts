import { describe, expect, it } from 'vitest';
import { readDagFile } from '../../../src/demo/airflow/python/dag-file.ts';
import { plain } from '../../../src/demo/airflow/python/values.ts';

const read = (source: string, airflowVersion = '2.10.3', installed: string[] = []) =>
  readDagFile(source, { airflowVersion, installed: new Set(installed), local: new Set(['helpers']) });

const HEAD = 'from datetime import datetime, timedelta\nfrom airflow import DAG\n';
const error = (source: string, version?: string) => {
  const { error: found } = read(source, version);
  return found && `${found.type}: ${found.message}`;
};

describe('a DAG file', () => {
  it('gives its DAG, its tasks and their arguments with constants filled in', () => {
    const source = `"""Doc."""
from __future__ import annotations
import os, json
from datetime import datetime, timedelta, timezone
from airflow import DAG
from airflow.providers.amazon.aws.operators.ecs import EcsRunTaskOperator

CONTAINER = "openmetadata-ingestion"
PREFIX = f"ecs/{CONTAINER}"
SUBNETS = [
    "subnet-a",  # first
    "subnet-b",
]
ENV = {"name": "pipelineType", "value": 'meta' "data"}
RETRIES = int(os.environ.get("RETRIES", "2"))

with DAG(
    dag_id="x_metadata",
    schedule="@daily",
    start_date=datetime(2026, 1, 2, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1, minutes=30),
    is_paused_upon_creation=True,
    default_args={"owner": "me", "retries": RETRIES, "retry_delay": timedelta(minutes=3)},
    tags=["a", "b"],
) as dag:
    run = EcsRunTaskOperator(
        task_id="ingest", cluster="c", task_definition="t:1", launch_type="FARGATE",
        overrides={"containerOverrides": [{"name": CONTAINER, "environment": [ENV]}]},
        network_configuration={"awsvpcConfiguration": {"subnets": SUBNETS, "assignPublicIp": "DISABLED"}},
        awslogs_group="/g", awslogs_stream_prefix=PREFIX,
        execution_timeout=timedelta(hours=2),
    )
`;
    const { dags, error: none } = read(source);
    expect(none).toBeUndefined();
    const [dag] = dags;
    expect(dag).toMatchObject({
      dagId: 'x_metadata',
      schedule: { kind: 'cron', expression: '0 0 * * *', text: '@daily' },
      startDate: Date.UTC(2026, 0, 2),
      catchup: false,
      pausedUponCreation: true,
      maxActiveRuns: 1,
      runTimeoutSeconds: 5400,
      tags: ['a', 'b'],
      owners: ['me'],
    });
    const task = dag?.tasks.get('ingest');
    expect(task).toMatchObject({
      operator: 'EcsRunTaskOperator',
      retries: 2,
      retryDelaySeconds: 180,
      executionTimeoutSeconds: 7200,
    });
    expect(plain(task?.keywords.get('overrides'))).toEqual({
      containerOverrides: [
        { name: 'openmetadata-ingestion', environment: [{ name: 'pipelineType', value: 'metadata' }] },
      ],
    });
    expect(plain(task?.keywords.get('awslogs_stream_prefix'))).toBe('ecs/openmetadata-ingestion');
  });

  it('may make DAGs in loops, by decorators and in try blocks, with tasks in order', () => {
    const source = `${HEAD}
try:
    from airflow.providers.standard.operators.python import PythonOperator
except ModuleNotFoundError:
    from airflow.operators.python import PythonOperator
from airflow.decorators import dag, task
import helpers

for name in ["one", "two"]:
    with DAG(f"loop_{name}", start_date=datetime(2026, 1, 1), schedule=timedelta(hours=6)) as made:
        first = PythonOperator(task_id="first", python_callable=print)
        second = PythonOperator(task_id="second", python_callable=print)
        first >> [second, PythonOperator(task_id="third", python_callable=print)]

@dag(schedule=None, start_date=datetime(2026, 1, 1))
def decorated():
    @task(retries=4)
    def extract():
        return 1
    @task
    def load(value):
        pass
    load(extract())

decorated()
if __name__ == "__main__":
    nonsense()
`;
    const { dags, error: none } = read(source);
    expect(none).toBeUndefined();
    expect(dags.map(({ dagId }) => dagId)).toEqual(['loop_one', 'loop_two', 'decorated']);
    const [one, , last] = dags;
    expect(one?.schedule).toEqual({ kind: 'interval', seconds: 21_600 });
    expect([...(one?.tasks.get('third')?.upstream ?? [])]).toEqual(['first']);
    expect(last?.tasks.get('extract')?.retries).toBe(4);
    expect([...(last?.tasks.get('load')?.upstream ?? [])]).toEqual(['extract']);
  });

  it.each([
    ['an open bracket', 'x = foo(1,\n  2\n', "SyntaxError: '(' was never closed"],
    ['a wrong bracket', 'x = (1, 2]\n', "SyntaxError: closing parenthesis ']' does not match opening parenthesis '('"],
    ['a bracket too many', 'x = 1)\n', "SyntaxError: unmatched ')'"],
    ['an open string', 'x = "abc\ny = 1\n', 'SyntaxError: unterminated string literal (detected at line 1)'],
    ['an open text', 'x = """abc\n\n', 'SyntaxError: unterminated triple-quoted string literal (detected at line 3)'],
    ['a missing colon', 'def f()\n  pass\n', "SyntaxError: expected ':'"],
    [
      'a missing block',
      'if True:\nx = 1\n',
      "IndentationError: expected an indented block after 'if' statement on line 1",
    ],
    [
      'a wrong indent',
      'if True:\n    x = 1\n  y = 2\n',
      'IndentationError: unindent does not match any outer indentation level',
    ],
    ['an unexpected indent', 'x = 1\n  y = 2\n', 'IndentationError: unexpected indent'],
    ['two words in a row', 'x = 1 y\n', 'SyntaxError: invalid syntax'],
    ['a print of old', 'print "x"\n', "SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)?"],
    ['a name that is not defined', `${HEAD}DAG("x", start_date=START)\n`, "NameError: name 'START' is not defined"],
    ['a raise', 'raise RuntimeError("no")\n', 'RuntimeError: no'],
    ['a missing module', 'import does_not_exist\n', "ModuleNotFoundError: No module named 'does_not_exist'"],
    [
      'a package that is not installed',
      'from metadata.workflow.metadata import MetadataWorkflow\n',
      "ModuleNotFoundError: No module named 'metadata'",
    ],
    [
      'a provider that is not installed',
      'from airflow.providers.snowflake.hooks.snowflake import SnowflakeHook\n',
      "ModuleNotFoundError: No module named 'airflow.providers.snowflake'",
    ],
    [
      'a wrong schedule',
      `${HEAD}DAG("x", schedule="daily", start_date=datetime(2026,1,1))\n`,
      'airflow.exceptions.AirflowTimetableInvalid: Exactly 5, 6 or 7 columns has to be specified for iterator expression. (daily)',
    ],
  ])('is not imported for %s', (_, source, expected) => {
    expect(error(source)).toContain(expected);
  });

  it('is imported with what requirements brought', () => {
    const source =
      'from metadata.workflow.metadata import MetadataWorkflow\nfrom airflow.providers.snowflake.hooks.snowflake import SnowflakeHook\n';
    expect(
      read(source, '2.10.3', ['openmetadata-ingestion', 'apache-airflow-providers-snowflake']).error,
    ).toBeUndefined();
  });

  it.each([
    ['from airflow.utils.dates import days_ago', '2.10.3', undefined],
    ['from airflow.utils.dates import days_ago', '3.0.6', "No module named 'airflow.utils.dates'"],
    ['from airflow.operators.python import PythonOperator', '3.0.6', undefined],
    ['from airflow.operators.python import PythonOperator', '3.2.1', "No module named 'airflow.operators.python'"],
    [
      'from airflow.operators.python_operator import PythonOperator',
      '3.0.6',
      "No module named 'airflow.operators.python_operator'",
    ],
    [
      'from airflow.providers.standard.operators.python import PythonOperator',
      '2.10.3',
      "No module named 'airflow.providers.standard'",
    ],
    ['from airflow.providers.standard.operators.python import PythonOperator', '3.2.1', undefined],
    ['from airflow.sdk import DAG', '2.11.2', "No module named 'airflow.sdk'"],
    [
      'from airflow.providers.amazon.aws.operators.ecs import ECSOperator',
      '2.7.2',
      "cannot import name 'ECSOperator' from 'airflow.providers.amazon.aws.operators.ecs'",
    ],
    ['from airflow.providers.amazon.aws.operators.ecs import EcsRunTaskOperator', '2.7.2', undefined],
    ['from airflow.contrib.operators.ecs_operator import ECSOperator', '3.2.1', "No module named 'airflow.contrib'"],
  ])('with %s on %s: %s', (line, version, expected) => {
    const found = error(`${line}\n`, version);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(expected);
  });

  it('is refused arguments that its version does not take', () => {
    const interval = `${HEAD}DAG("x", schedule_interval="@daily", start_date=datetime(2026,1,1))\n`;
    expect(error(interval, '2.10.3')).toBeUndefined();
    expect(error(interval, '3.2.1')).toContain(
      "TypeError: DAG.__init__() got an unexpected keyword argument 'schedule_interval'",
    );
    const ecs = `${HEAD}from airflow.providers.amazon.aws.operators.ecs import EcsRunTaskOperator
with DAG("x", schedule=None, start_date=datetime(2026,1,1)):
    EcsRunTaskOperator(task_id="t", cluster="c", task_definition="d", overrides={}, container_name="n")
`;
    expect(error(ecs, '2.10.3')).toContain('Invalid arguments were passed to EcsRunTaskOperator (task_id: t)');
    expect(error(ecs, '3.2.1')).toBeUndefined();
    expect(error(ecs.replace('cluster="c", ', ''), '3.2.1')).toContain("missing keyword argument 'cluster'");
  });
});

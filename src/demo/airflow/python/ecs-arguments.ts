import { amazonProvider, atLeast } from '../versions.ts';
import { PythonError } from './tokens.ts';
import { repr, type Value } from './values.ts';

/** The classes that run an ECS task, through the amazon provider's renamings. */
export const ECS_OPERATORS: ReadonlySet<string> = new Set(['EcsRunTaskOperator', 'EcsOperator', 'ECSOperator']);

/** Arguments of every operator (airflow.models.baseoperator.BaseOperator). */
const COMMON = new Set(
  'task_id owner email email_on_retry email_on_failure retries retry_delay retry_exponential_backoff max_retry_delay start_date end_date depends_on_past ignore_first_depends_on_past wait_for_past_depends_before_skipping wait_for_downstream dag params default_args priority_weight weight_rule queue pool pool_slots sla execution_timeout on_execute_callback on_failure_callback on_success_callback on_retry_callback on_skipped_callback trigger_rule resources run_as_user map_index_template max_active_tis_per_dag max_active_tis_per_dagrun executor executor_config do_xcom_push multiple_outputs inlets outlets task_group doc doc_md doc_json doc_yaml doc_rst task_display_name logger_name allow_nested_operators render_template_as_native_obj'.split(
    ' ',
  ),
);

/** Arguments of EcsRunTaskOperator and the amazon provider that brought each (its CHANGELOG). */
const SINCE: Readonly<Record<string, string>> = {
  task_definition: '1.0.0',
  cluster: '1.0.0',
  overrides: '1.0.0',
  launch_type: '1.0.0',
  group: '1.0.0',
  placement_constraints: '1.0.0',
  placement_strategy: '1.0.0',
  platform_version: '1.0.0',
  network_configuration: '1.0.0',
  tags: '1.0.0',
  awslogs_group: '1.0.0',
  awslogs_region: '1.0.0',
  awslogs_stream_prefix: '1.0.0',
  propagate_tags: '1.0.0',
  quota_retry: '1.0.0',
  capacity_provider_strategy: '1.4.0',
  reattach: '1.0.0',
  aws_conn_id: '1.0.0',
  region_name: '1.0.0',
  awslogs_fetch_interval: '2.3.0',
  number_logs_exception: '2.3.0',
  region: '5.0.0',
  wait_for_completion: '5.0.0',
  waiter_delay: '8.0.0',
  waiter_max_attempts: '8.0.0',
  verify: '8.3.0',
  botocore_config: '8.3.0',
  deferrable: '8.3.0',
  volume_configurations: '8.29.0',
  container_name: '9.3.0',
  stop_task_on_failure: '9.22.0',
};

/** Refuses, as the operator's constructor does, arguments that this environment's provider doesn't take. */
export function checkEcsArguments(
  taskId: string,
  operator: string,
  keywords: ReadonlyMap<string, Value>,
  airflowVersion: string,
  line: number,
): void {
  const provider = amazonProvider(airflowVersion);
  for (const name of ['task_definition', 'cluster', 'overrides']) {
    if (keywords.has(name)) continue;
    throw new PythonError('airflow.exceptions.AirflowException', `missing keyword argument '${name}'`, line);
  }
  for (const [name, value] of keywords) {
    const since = SINCE[name];
    if (COMMON.has(name) || (since !== undefined && atLeast(provider, since))) continue;
    const invalid = `Invalid arguments were passed to ${operator} (task_id: ${taskId}). Invalid arguments were:\n**kwargs: {${repr(name)}: ${repr(value)}}`;
    throw atLeast(airflowVersion, '3.0.0')
      ? new PythonError('TypeError', invalid, line)
      : new PythonError('airflow.exceptions.AirflowException', invalid, line);
  }
}

import { HISTORY_DAGS } from '../../logs/history/dags.ts';
import { replayedEnd } from '../history.ts';
import { plain } from '../python/values.ts';
import { TaskError } from '../task-error.ts';
import { ORIGINS } from '../task-log.ts';
import type { TaskContext } from './execute.ts';

/**
 * Any other task: takes its time and does nothing. It ends badly where its own text says so: a Bash command
 * with `exit 1` in it, a Python function that does nothing but raise.
 */
export function executeTimed(context: TaskContext): () => void {
  const { host, dag, run, instance, log, finish } = context;
  const { region } = host;
  const known = HISTORY_DAGS.find(({ environment, dagId }) => environment === host.environment && dagId === run.dagId);
  const task = known?.tasks.find(({ taskId }) => taskId === instance.taskId);
  const milliseconds = Math.round((task?.seconds ?? 12) * (700 + region.random() * 700));
  const { operator, callable, keywords } = instance.definition;
  const command = plain(keywords.get('bash_command'));
  const text =
    typeof command === 'string' ? `Running command: ['/usr/bin/bash', '-c', '${command}']` : `Running ${operator}`;
  log.write('info', ORIGINS.operator, text);
  const end = replayedEnd(host, run, instance.taskId);
  const duration = end === undefined ? milliseconds : Math.max(1_000, end - region.clock.now());
  return region.clock.after(duration, () => {
    const raises = callable?.body.find((statement) => statement.kind === 'raise');
    if (typeof command === 'string' && /\bexit [1-9]/.test(command)) {
      const code = /\bexit ([1-9]\d*)/.exec(command)?.[1];
      finish(
        new TaskError(
          'airflow.exceptions.AirflowException',
          `Bash command failed. The command returned a non-zero exit code ${code}.`,
        ),
      );
    } else if (raises !== undefined) {
      const frame = {
        filename: `/usr/local/airflow/dags/${dag.file}`,
        lineno: raises.line,
        name: callable?.name ?? '',
        source: 'raise',
      };
      finish(new TaskError('Exception', '', [frame]));
    } else {
      log.write('info', ORIGINS.operator, 'Done. Returned value was: None');
      finish(undefined);
    }
  });
}

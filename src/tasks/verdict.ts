import type { Task, TaskContainer } from '../fleet/tasks.ts';
import { stopReasonOf } from '../reference/stop-reasons.ts';
import type { LogError } from './log-error.ts';

/** Rows of the table of stop reasons that only tell that the process failed, not why. */
const FAILED_BY_ITSELF = /^exit-(?:1|255|other)$/;

/** How a stopped task is judged. */
export interface Verdict {
  /** Every essential container ended with 0. */
  readonly ok: boolean;
  /** Of the ingestion's container; null when it never ran. */
  readonly exitCode: number | null;
  readonly stopCode: string | null;
  /** In words, with the raw text. */
  readonly reason: string;
  /** The first thing to check; empty when all went well. */
  readonly advice: string;
}

/** What is known about the containers beside what DescribeTasks tells. */
export interface ContainerRoles {
  /** The container that runs the ingestion. */
  readonly main: string | undefined;
  /** Names of the essential containers; all of them when absent. */
  readonly essential: ReadonlySet<string> | undefined;
}

/**
 * Judges a stopped task: STOPPED alone says nothing, its essential containers' exit codes do. A task that never ran has
 * no exit code; its reason is then the task's own. `error` is what the log says, and counts where the process failed by
 * itself.
 */
export function judge(task: Task, roles: ContainerRoles, error?: LogError): Verdict {
  const essential = task.containers.filter((container) => roles.essential?.has(container.name) ?? true);
  const main =
    task.containers.find((container) => container.name === roles.main) ??
    (task.containers.length === 1 ? task.containers[0] : undefined);
  const ok = essential.length > 0 && essential.every((container) => container.exitCode === 0);
  const exitCode = main?.exitCode ?? (main === undefined ? worstExitCode(essential) : undefined) ?? null;
  const stopCode = task.stopCode ?? null;
  if (ok) return { ok, exitCode, stopCode, reason: 'It ended well (exit code 0)', advice: '' };
  const blamed = blame(essential, main);
  const found = stopReasonOf({
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    reason: blamed?.reason,
    exitCode: blamed?.exitCode,
  });
  const own = error !== undefined && (found === undefined || FAILED_BY_ITSELF.test(found.id)) ? error : undefined;
  const raw = rawText(task, blamed, own?.text);
  const meaning =
    found?.meaning ?? (blamed?.exitCode === undefined ? 'The task stopped before it ran' : 'The task stopped');
  return {
    ok,
    exitCode,
    stopCode,
    reason: raw === '' ? meaning : `${meaning}: ${raw}`,
    advice:
      own?.advice ??
      found?.advice ??
      'ECS gives no reason that is known here: read the raw text and the last lines of the log.',
  };
}

/** The container whose end brought the task down: the one with a reason, else with the first bad exit code. */
function blame(essential: readonly TaskContainer[], main: TaskContainer | undefined): TaskContainer | undefined {
  const bad = essential.filter((container) => container.exitCode !== 0);
  if (main !== undefined && bad.includes(main)) return main;
  return (
    bad.find((container) => container.reason !== undefined) ??
    bad.find((container) => container.exitCode !== undefined) ??
    main ??
    bad[0]
  );
}

function worstExitCode(containers: readonly TaskContainer[]): number | undefined {
  const codes = containers.flatMap((container) => container.exitCode ?? []);
  return codes.find((code) => code !== 0) ?? codes[0];
}

function rawText(task: Task, container: TaskContainer | undefined, error: string | undefined): string {
  const parts = [
    error,
    container?.exitCode === undefined ? undefined : `exit code ${container.exitCode}`,
    container?.reason,
    task.stoppedReason === container?.reason ? undefined : task.stoppedReason,
  ];
  return parts.filter((part) => part !== undefined && part !== '').join('; ');
}

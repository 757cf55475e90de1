import type { Phase, PhaseName, RunResult, StepSummary, WorkflowSummary } from '../types.ts';
import { isObject, type Members, objects } from './members.ts';

const PHASES: readonly PhaseName[] = ['provisioning', 'pending', 'activating', 'running', 'stopping'];

/** A run's result from its JSON; undefined where there is none that can be read. */
export function resultFrom(value: unknown): RunResult | undefined {
  if (!isObject(value) || typeof value.taskArn !== 'string' || typeof value.reason !== 'string') return undefined;
  return {
    taskArn: value.taskArn,
    ok: value.ok === true,
    exitCode: numberOr(value.exitCode, null),
    stopCode: typeof value.stopCode === 'string' ? value.stopCode : null,
    reason: value.reason,
    advice: typeof value.advice === 'string' ? value.advice : '',
    phases: objects(value.phases).flatMap(phaseFrom),
    summary: summaryFrom(value.summary),
    logEvents: numberOr(value.logEvents, 0),
  };
}

function phaseFrom({ name, startedAt, endedAt, durationMs, pullMs }: Members): Phase[] {
  const known = PHASES.find((each) => each === name);
  const [start, end] = [startedAt, endedAt].map((time) => (typeof time === 'string' ? Date.parse(time) : Number.NaN));
  if (known === undefined || start === undefined || Number.isNaN(start)) return [];
  return [
    {
      name: known,
      startedAt: start,
      ...(end !== undefined && !Number.isNaN(end) && { endedAt: end }),
      duration: numberOr(durationMs, 0),
      ...(typeof pullMs === 'number' && { pull: pullMs }),
    },
  ];
}

function summaryFrom(value: unknown): WorkflowSummary | null {
  if (!isObject(value)) return null;
  return {
    ...counts(value),
    success: numberOr(value.success, null),
    steps: objects(value.steps).map(
      (step): StepSummary => ({
        name: typeof step.name === 'string' ? step.name : '',
        updated: numberOr(step.updated, 0),
        ...counts(step),
        success: numberOr(step.success, null),
      }),
    ),
  };
}

function counts({ records, filtered, warnings, errors }: Members) {
  return {
    records: numberOr(records, 0),
    filtered: numberOr(filtered, 0),
    warnings: numberOr(warnings, 0),
    errors: numberOr(errors, 0),
  };
}

function numberOr<Other>(value: unknown, other: Other): number | Other {
  return typeof value === 'number' && Number.isFinite(value) ? value : other;
}

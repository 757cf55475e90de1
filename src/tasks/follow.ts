export type { Phase, PhaseName, RunEvent, RunResult, StepSummary, WorkflowSummary } from './types.ts';

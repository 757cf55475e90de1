import { amount } from '../text/amount.ts';
import type { Tone } from '../text/columns.ts';
import type { Check } from './plan.ts';
import type { Step, StepKind } from './step.ts';

const KIND_WORDS: Record<StepKind, string> = {
  secret: 'secret',
  'log-group': 'log group',
  role: 'role',
  'role-policy': 'role policy',
  cluster: 'cluster',
  'task-definition': 'task definition',
  constraints: 'constraints',
  requirements: 'requirements',
  plugins: 'plugins',
  'airflow-options': 'Airflow options',
  'environment-update': 'update',
  probe: 'probe',
  dag: 'DAG',
  airflow: 'Airflow',
  unpause: 'unpause',
};

/** What a step changes, in words. */
export function kindWords(kind: StepKind): string {
  return KIND_WORDS[kind] ?? kind;
}

/** A step's kind as commands name it, as wide as the widest. */
export function kindColumn(kind: string): string {
  return kind.padEnd(KIND_WIDTH);
}

const KIND_WIDTH = Math.max(...Object.keys(KIND_WORDS).map((kind) => kind.length));

/** The sign that stands before a step: what becomes of its resource. */
export const ACTION_SIGNS: Readonly<Record<Step['action'], string>> = {
  create: '+',
  update: '~',
  delete: '-',
  wait: '·',
};
export const ACTION_TONES: Readonly<Record<Step['action'], Tone>> = {
  create: 'ok',
  update: 'warn',
  delete: 'error',
  wait: 'dim',
};

/** How many steps do what, such as `5 to create, 1 to update`. */
export function actionCounts(steps: readonly Pick<Step, 'action'>[]): string {
  const words = { create: 'to create', update: 'to update', delete: 'to delete', wait: 'to wait for' } as const;
  const counts = (['create', 'update', 'delete', 'wait'] as const)
    .map((action) => [steps.filter((step) => step.action === action).length, words[action]] as const)
    .filter(([count]) => count > 0);
  return counts.map(([count, word]) => `${count} ${word}`).join(', ');
}

const GRAVITY: readonly Check['verdict'][] = ['fail', 'warning', 'unknown', 'pass'];

/** Checks, the gravest first. */
export function byGravity(checks: readonly Check[]): readonly Check[] {
  return [...checks].sort((one, other) => GRAVITY.indexOf(one.verdict) - GRAVITY.indexOf(other.verdict));
}

/** How many checks say what, such as `11 pass, 1 warning`. */
export function verdictCounts(checks: readonly Check[]): string {
  return (['pass', 'warning', 'fail', 'unknown'] as const)
    .map((verdict) => [checks.filter((check) => check.verdict === verdict).length, verdict] as const)
    .filter(([count]) => count > 0)
    .map(([count, verdict]) => (verdict === 'warning' ? amount(count, verdict) : `${count} ${verdict}`))
    .join(', ');
}

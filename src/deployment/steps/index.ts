import type { StepDefinition } from '../step.ts';
import { airflow } from './airflow.ts';
import { cluster } from './cluster.ts';
import { dag } from './dag.ts';
import { logGroup } from './log-group.ts';
import { policies } from './policy.ts';
import { roles } from './role.ts';
import { secret } from './secret.ts';
import { taskDefinition } from './task-definition.ts';
import { unpause } from './unpause.ts';

/** Every step that a deployment may need, in the order in which they are taken. */
export const stepDefinitions: readonly StepDefinition[] = [
  secret,
  logGroup,
  ...roles,
  ...policies,
  cluster,
  taskDefinition,
  dag,
  airflow,
  unpause,
];

import type { StepDefinition } from '../step.ts';
import { airflow } from './airflow.ts';
import { cluster } from './cluster.ts';
import { constraints } from './constraints.ts';
import { constraintsLeft } from './constraints-left.ts';
import { dag } from './dag.ts';
import { environmentUpdate, environmentUpdateLeft } from './environment-update.ts';
import { logGroup } from './log-group.ts';
import { options } from './options.ts';
import { plugins } from './plugins.ts';
import { policies, policiesLeft } from './policy.ts';
import { probe } from './probe.ts';
import { requirements } from './requirements.ts';
import { roles } from './role.ts';
import { secret } from './secret.ts';
import { taskDefinition } from './task-definition.ts';
import { taskDefinitionLeft } from './task-definition-left.ts';
import { unpause } from './unpause.ts';

/** Every step that a deployment may need, in the order in which they are taken: what an earlier mode needed goes last. */
export const stepDefinitions: readonly StepDefinition[] = [
  secret,
  logGroup,
  ...roles,
  ...policies,
  cluster,
  taskDefinition,
  constraints,
  requirements,
  plugins,
  options,
  environmentUpdate,
  probe,
  dag,
  airflow,
  environmentUpdateLeft,
  constraintsLeft,
  ...policiesLeft,
  taskDefinitionLeft,
  unpause,
];

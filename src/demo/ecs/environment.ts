import type { Region } from '../region.ts';
import type { ContainerDefinition, Task } from './model.ts';
import { overrideOf } from './model.ts';
import { environmentFilesOf, s3Object } from './start-failure.ts';

/** The lines of an environment file: comments and lines without a name are passed over, values stay as they are. */
function readEnvironmentFile(text: string): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const equals = line.indexOf('=');
    if (equals > 0 && !line.startsWith('#')) environment[line.slice(0, equals)] = line.slice(equals + 1);
  }
  return environment;
}

/**
 * What a container finds in its environment: files first, the definition's own variables over them, then
 * secrets, then the overrides of this run, and what ECS itself adds.
 */
export function containerEnvironment(
  region: Region,
  task: Task,
  container: ContainerDefinition,
): Record<string, string> {
  const environment: Record<string, string> = {
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    AWS_REGION: region.name,
    AWS_DEFAULT_REGION: region.name,
    ECS_CONTAINER_METADATA_URI_V4: `http://169.254.170.2/v4/${task.id}`,
    ...(task.taskRoleArn === undefined ? {} : { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: `/v2/credentials/${task.id}` }),
  };
  for (const file of environmentFilesOf(task, container)) {
    const { bucket, key } = s3Object(file);
    const object = region.s3.object(bucket, key);
    if (object !== undefined) Object.assign(environment, readEnvironmentFile(object.body.toString('utf8')));
  }
  Object.assign(environment, container.environment);
  for (const { name, valueFrom } of container.secrets) {
    const value = region.secrets.valueFrom(valueFrom);
    if (value !== undefined) environment[name] = value;
  }
  for (const { name, value } of overrideOf(task, container.name)?.environment ?? []) environment[name] = value;
  return environment;
}

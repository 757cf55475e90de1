import { expect, it } from 'vitest';
import { ecsMode } from '../../src/ingestion/modes/ecs.ts';
import { modes } from '../../src/ingestion/modes/index.ts';
import { requestFor } from './samples.ts';

it.each(['2.10.3', '3.2.1'])('the ECS mode’s DAG for Airflow %s', async (airflowVersion) => {
  const [dag] = ecsMode.files(requestFor({ airflowVersion }));
  expect(dag?.path).toBe('dags/postgres_metadata.py');
  await expect(dag?.content).toMatchFileSnapshot(`golden/ecs-airflow-${airflowVersion}.py`);
});

it('the ECS mode’s other files, which no Airflow version changes', async () => {
  const [, ...others] = ecsMode.files(requestFor());
  expect(ecsMode.files(requestFor({ airflowVersion: '3.2.1' })).slice(1)).toEqual(others);
  const text = others.map(({ path, content }) => `=== ${path}\n${content}`).join('\n');
  await expect(text).toMatchFileSnapshot('golden/ecs-others.txt');
});

it.each([
  ['python', '2.10.3', '1.12.8'],
  ['python', '3.2.1', '2.0.8'],
  ['virtualenv', '2.10.3', '1.12.8'],
  ['virtualenv', '3.2.1', '2.0.8'],
] as const)('the %s mode’s DAG for Airflow %s', async (id, airflowVersion, openmetadataVersion) => {
  const mode = modes.find((each) => each.id === id);
  const [dag] = mode?.files(requestFor({ mode: id, airflowVersion, openmetadataVersion })) ?? [];
  await expect(dag?.content).toMatchFileSnapshot(`golden/${id}-airflow-${airflowVersion}.py`);
});

it('the requirements and constraints of the Python mode', async () => {
  const files = modes.find(({ id }) => id === 'python')?.files(requestFor({ mode: 'python' })) ?? [];
  const text = files
    .filter(({ path }) => path.endsWith('.txt'))
    .map(({ path, content }) => `=== ${path}\n${content}`)
    .join('\n');
  await expect(text).toMatchFileSnapshot('golden/python-requirements.txt');
});

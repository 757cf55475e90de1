import { expect, it } from 'vitest';
import { ecsMode } from '../../src/ingestion/modes/ecs.ts';
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

import { describe, expect, test } from 'vitest';
import { openAirflow } from '../../src/airflow/airflow.ts';
import { oneOffKey, removeOneOffDag, runOneOffDag } from '../../src/airflow/one-off-dag.ts';
import type { Session } from '../../src/aws/session.ts';
import { readEnvironment } from '../../src/fleet/environments.ts';
import { regionForAll } from '../support/given-region.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';

const signal = new AbortController().signal;
const work = { signal, tell: () => {} };
const source = (dagId: string, body: string) => `
from datetime import datetime
from airflow import DAG
from airflow.providers.standard.operators.python import PythonOperator

def look(ti):
${body.replace(/^/gm, '    ')}

with DAG(dag_id="${dagId}", start_date=datetime(2026, 1, 1), schedule=None, is_paused_upon_creation=False):
    PythonOperator(task_id="t", python_callable=look, do_xcom_push=False)
`;

let region: VirtualRegion;
let session: Session;

regionForAll((given) => {
  ({ region, session } = given);
});

async function place(name: string) {
  const { airflowVersion, sourceBucket, dagsPath } = await readEnvironment(session, name, signal);
  return { name, airflowVersion, sourceBucket, dagsPath };
}

/** What is left of a DAG in its bucket and its Airflow. */
function left(name: string, dagId: string) {
  const { s3, mwaa } = region.running.region;
  return {
    file: s3.object(`mwaa-${name}-123456789012`, `dags/${dagId}.py`) !== undefined,
    dag: mwaa.airflow(name)?.dag(dagId) !== undefined,
  };
}

describe('a one-off DAG', () => {
  test('is put, run, read and taken away, nothing of it left', async () => {
    const at = await place('sandbox');
    const dag = { dagId: 'mwaac-probe-1', source: source('mwaac-probe-1', 'ti.xcom_push(key="k", value="hello")') };
    expect(await runOneOffDag(session, at, dag, work)).toBe('hello');
    expect(left('sandbox', dag.dagId)).toEqual({ file: true, dag: true });
    await removeOneOffDag(session, at, dag.dagId, work);
    expect(left('sandbox', dag.dagId)).toEqual({ file: false, dag: false });
    await removeOneOffDag(session, at, dag.dagId, work);
  });

  test('that was left at a request is run to its end and taken away by another', async () => {
    const at = await place('sandbox');
    let borders = Number.POSITIVE_INFINITY;
    for (let killed = 0; killed < borders; killed += 3) {
      const dag = { dagId: `mwaac-${killed}`, source: source(`mwaac-${killed}`, 'ti.xcom_push(key="k", value=1)') };
      let made = 0;
      const gone = new Promise<never>(() => {});
      const killer = await region.open({ before: () => (made++ >= killed ? gone : undefined) });
      const whole = async () => {
        await runOneOffDag(killer, at, dag, work);
        await removeOneOffDag(killer, at, dag.dagId, work);
        borders = made;
      };
      const dead = new Promise<void>((resolve) => {
        const look = () => (made > killed ? resolve() : setImmediate(look));
        look();
      });
      await Promise.race([whole(), dead]);
      // Whoever comes after knows the id only, and takes away what there is.
      await removeOneOffDag(session, at, dag.dagId, work);
      expect(left('sandbox', dag.dagId), `killed at request ${killed}`).toEqual({ file: false, dag: false });
    }
    expect(borders).toBeGreaterThan(15);
  });

  test('whose task raises, or whose file has an import error, says so and can be taken away', async () => {
    const at = await place('sandbox');
    const raises = { dagId: 'mwaac-raises', source: source('mwaac-raises', 'import metadata\nti.xcom_push(key="k")') };
    await expect(runOneOffDag(session, at, raises, work)).rejects.toMatchObject({ message: /ended as failed/ });
    const broken = { dagId: 'mwaac-broken', source: `import metadata\n${source('mwaac-broken', 'pass')}` };
    await expect(runOneOffDag(session, at, broken, work)).rejects.toMatchObject({
      message: /can't import mwaac-broken.py: ModuleNotFoundError/,
    });
    for (const { dagId } of [raises, broken]) {
      await removeOneOffDag(session, at, dagId, work);
      expect(left('sandbox', dagId)).toEqual({ file: false, dag: false });
    }
    expect(await openAirflow(session, at).importErrors(signal)).toEqual([]);
    expect(oneOffKey({ dagsPath: '/' }, 'x')).toBe('x.py');
  });
});

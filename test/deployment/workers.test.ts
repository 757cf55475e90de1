import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { deploymentSummary } from '../../src/deployment/summary.ts';
import { planUndo } from '../../src/deployment/undo.ts';
import { regionForEach } from '../support/given-region.ts';
import { redshiftPipeline } from '../support/pipelines.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { apply, journals, plan, resume, settle, undo, type Wanted, worldOf } from './bench.ts';
import { expectSaid, tracesIn } from './remains.ts';

const signal = new AbortController().signal;
let region: VirtualRegion;
let session: Session;

regionForEach((given) => {
  ({ region, session } = given);
});

const python: Wanted = { mode: 'python', options: { dagId: 'by_python' } };
const virtualenv: Wanted = { mode: 'virtualenv', options: { dagId: 'by_virtualenv' } };

describe.each([
  ['python', python, ['secret', 'policy-environment', 'constraints', 'requirements', 'environment-update', 'probe']],
  ['virtualenv', virtualenv, ['secret', 'policy-environment']],
] as const)('by the %s operator', (_, wanted, first) => {
  test('deployed, planned again, changed, deployed, undone and deployed again', async () => {
    const untouched = worldOf(region);
    const planned = await plan(session, region, wanted);
    expect(planned.plan.steps.map(({ id }) => id)).toEqual([...first, 'dag', 'airflow', 'unpause']);
    const { outcome } = await apply(planned);
    expect(outcome.failure?.stack).toBeUndefined();
    const deployed = worldOf(region);
    const [journal] = await journals(session);
    const proven = journal === undefined ? '' : /\*\*Proven:\*\* .*/.exec(deploymentSummary(journal))?.[0];
    expect(proven).toBe(wanted === python ? '**Proven:** a worker imports openmetadata-ingestion 1.12.8.0' : undefined);
    expect((await plan(session, region, wanted)).plan.steps).toEqual([]);
    expect((await resume(session)).outcome).toBeUndefined();

    const text = redshiftPipeline(region.url, { excludes: '^tmp_.*' });
    const changed = await plan(session, region, { ...wanted, text });
    expect(changed.plan.steps.map(({ id }) => id)).toEqual(['secret']);
    expect((await apply(changed)).outcome.state).toBe('done');
    expect((await undo(session)).outcome.state).toBe('undone');
    await settle(region);
    expect(worldOf(region)).toBe(deployed);

    const traces = tracesIn(region);
    const { plan: back } = await planUndo(session, 'data-prod', undefined, signal);
    expect(back.restartsWorkers).toBe(first.length > 2);
    expect((await undo(session)).outcome.failure?.stack).toBeUndefined();
    await settle(region);
    expect(worldOf(region)).toBe(untouched);
    expectSaid(back.remains, traces, tracesIn(region));
    expect((await apply(await plan(session, region, wanted))).outcome.state).toBe('done');
    // The file is put anew, hence in another version.
    const pin = /("path": "requirements.txt",\n\s*"version": )"[^"]*"/;
    expect(worldOf(region).replace(pin, '')).toBe(deployed.replace(pin, ''));
  });
});

import { removeOneOffDag, runOneOffDag } from '../../airflow/one-off-dag.ts';
import { probeDag } from '../../ingestion/dag/probe.ts';
import { Failure } from '../../text/failure.ts';
import type { StepDefinition, Target } from '../step.ts';

/**
 * A one-off DAG that imports OpenMetadata's package on a worker and tells its version: MWAA reaches AVAILABLE after a
 * pip that failed, so an update proves nothing. It is in the journal by the step's token, and removed afterwards.
 */
export const probe: StepDefinition = {
  id: 'probe',
  kind: 'probe',
  shared: false,
  look: async ({ request, known }) => {
    if (request.mode !== 'python' || known.update?.requirements === undefined) return undefined;
    return {
      action: 'wait',
      resource: 'openmetadata-ingestion on a worker',
      diff: '',
      reason: 'a one-off DAG imports it there and tells its version; it is removed afterwards',
      before: null,
    };
  },
  act: async (target, { step, signal, tell }) => {
    const { session, environment, request } = target;
    const dagId = probeId(step.token);
    const dag = { dagId, source: probeDag(dagId, request.airflowVersion) };
    let version: unknown;
    try {
      version = await runOneOffDag(session, environment, dag, { signal, tell });
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'failed' || signal.aborted) throw error;
      await removeOneOffDag(session, environment, dagId, { signal, tell });
      throw notInstalled(target, error);
    }
    await removeOneOffDag(session, environment, dagId, { signal, tell });
    if (typeof version !== 'string' || !version.startsWith(`${request.openmetadataVersion}.`)) {
      throw new Failure(
        'failed',
        `A worker has openmetadata-ingestion ${String(version)}, not ${request.openmetadataVersion}.`,
        {
          advice: 'Something else in requirements.txt holds it: see its diff. Take the deployment back meanwhile.',
          resource: environment.name,
        },
      );
    }
    tell(`a worker has openmetadata-ingestion ${version}`);
    return { version };
  },
  lookBack: async () => undefined,
  takeBack: async (target, { step, signal, tell }) => {
    // Only a run that was stopped in the middle has left it.
    if (step.after !== undefined) return;
    await removeOneOffDag(target.session, target.environment, probeId(step.token), { signal, tell });
  },
};

/** At most 18 characters, see `OneOffDag`. */
function probeId(token: string): string {
  return `mwaa_console_${token.replaceAll('-', '').slice(0, 5)}`;
}

function notInstalled({ environment, known }: Target, error: Failure): Failure {
  const { installation } = known;
  const evidence =
    installation?.state === 'failed'
      ? `pip: ${installation.line}`
      : installation?.state === 'absent'
        ? 'no log group tells of an installation'
        : error.message;
  return new Failure(
    'failed',
    `${environment.name} is AVAILABLE, but its workers can't import OpenMetadata's package: ${evidence}`,
    {
      advice: `${error.advice ?? ''} Take the deployment back, then deploy what installs.`.trim(),
      resource: environment.name,
      cause: error,
    },
  );
}

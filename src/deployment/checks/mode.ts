import { reachesInternet } from '../../fleet/network.ts';
import { modes } from '../../ingestion/modes/index.ts';
import { Failure } from '../../text/failure.ts';
import type { CheckDefinition } from './check.ts';

/** What the mode itself says of this environment, pipeline and version, its reasons one by one. */
export const modeFits: CheckDefinition = {
  id: 'mode',
  source: 'https://docs.aws.amazon.com/mwaa/latest/userguide/airflow-versions.html',
  look: async ({ environment, request, surroundings }, signal) => {
    const mode = modes.find(({ id }) => id === request.mode);
    if (mode === undefined) return undefined;
    // Versions, class and pipeline speak for themselves where the network may not be looked at.
    const subnets = await surroundings.subnets(environment.subnetIds).catch((error: unknown) => {
      if (!(error instanceof Failure) || signal.aborted) throw error;
      return undefined;
    });
    const verdict = mode.verdict({
      airflowVersion: request.airflowVersion,
      environmentClass: environment.environmentClass,
      // That workers can't reach a public one is told by the check of the network, with the subnets.
      ...(environment.webserverAccessMode === 'PUBLIC_ONLY'
        ? {}
        : { webserverAccessMode: environment.webserverAccessMode }),
      ...(subnets === undefined ? {} : { internetAccess: subnets.some((subnet) => reachesInternet(subnet)) }),
      openmetadataVersion: request.openmetadataVersion,
      pipeline: request.pipeline,
      ...(request.extras === undefined ? {} : { extras: request.extras }),
    });
    const told = verdict.reasons.filter(({ severity }) => severity !== 'info');
    if (told.length === 0) return { verdict: 'pass', evidence: `The ${mode.title} fits: ${verdict.summary}` };
    return told.map(({ severity, text, remedy, source }) => ({
      verdict: severity === 'error' ? ('fail' as const) : ('warning' as const),
      evidence: text,
      advice: remedy ?? `See ${source}.`,
    }));
  },
};

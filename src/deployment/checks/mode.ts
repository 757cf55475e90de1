import { modes } from '../../ingestion/modes/index.ts';
import type { CheckDefinition } from './check.ts';

/** What the mode itself says of this environment, pipeline and version, its reasons one by one. */
export const modeFits: CheckDefinition = {
  id: 'mode',
  source: 'https://docs.aws.amazon.com/mwaa/latest/userguide/airflow-versions.html',
  look: async ({ environment, request, surroundings }) => {
    const mode = modes.find(({ id }) => id === request.mode);
    if (mode === undefined) return undefined;
    const subnets = await surroundings.subnets(environment.subnetIds);
    const verdict = mode.verdict({
      airflowVersion: request.airflowVersion,
      environmentClass: environment.environmentClass,
      // That workers can't reach a public one is told by the check of the network, with the subnets.
      ...(environment.webserverAccessMode === 'PUBLIC_ONLY'
        ? {}
        : { webserverAccessMode: environment.webserverAccessMode }),
      internetAccess: subnets.some(({ internet }) => internet !== 'none'),
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

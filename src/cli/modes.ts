import { readEnvironment } from '../fleet/environments.ts';
import { reachesInternet, readSubnets } from '../fleet/network.ts';
import { modes as ingestionModes } from '../ingestion/modes/index.ts';
import { readPipeline } from '../ingestion/pipeline.ts';
import { serverVersion } from '../openmetadata/server.ts';
import { Failure } from '../text/failure.ts';
import { readPipelineFile } from './pipeline-file.ts';
import { present } from './present.ts';
import type { Verb } from './program.ts';

const FIT_TONE = { fits: 'ok', 'with-care': 'warn', 'does-not-fit': 'error' } as const;
const FIT_WORDS = { fits: 'fits', 'with-care': 'with care', 'does-not-fit': 'does not fit' } as const;

/** `modes ENV --pipeline FILE`: how well each way to run ingestion fits, with the reasons. */
export const modes: Verb = async (context, [name = ''], options) => {
  const { text, file } = await readPipelineFile(context, options);
  const pipeline = readPipeline(text, file);
  const session = await context.session();
  const environment = await readEnvironment(session, name, context.signal);
  const openmetadataVersion =
    options.openmetadataVersion === undefined
      ? await askedVersion(pipeline.server.hostPort, context.signal)
      : String(options.openmetadataVersion);
  const subnets = await readSubnets(session, environment.subnetIds, context.signal).catch(unlessDenied);
  const verdicts = ingestionModes.map((mode) => ({
    mode: mode.id,
    title: mode.title,
    ...mode.verdict({
      airflowVersion: environment.airflowVersion,
      environmentClass: environment.environmentClass,
      webserverAccessMode: environment.webserverAccessMode,
      ...(openmetadataVersion === undefined ? {} : { openmetadataVersion }),
      ...(subnets === undefined ? {} : { internetAccess: subnets.some((subnet) => reachesInternet(subnet)) }),
      pipeline,
    }),
  }));
  const value = {
    environment: name,
    airflowVersion: environment.airflowVersion,
    openmetadataVersion: openmetadataVersion ?? null,
    modes: verdicts,
  };
  await present(context, value, () => {
    for (const verdict of verdicts) {
      const recommended = verdict.recommended ? '  recommended' : '';
      context.print.line(
        `${verdict.title.padEnd(22)} ${FIT_WORDS[verdict.fit].padEnd(13)} ${verdict.summary}${recommended}`,
        FIT_TONE[verdict.fit],
      );
      for (const reason of verdict.reasons) {
        context.print.line(`  ${reason.severity}: ${reason.text}`);
        if (reason.remedy !== undefined) context.print.line(`    ${reason.remedy}`);
        context.print.line(`    ${reason.source}`, 'dim');
      }
    }
  });
  return 0;
};

/** Who may not look at the network gets verdicts without it. */
function unlessDenied(error: unknown): undefined {
  if (error instanceof Failure && error.kind === 'denied') return undefined;
  throw error;
}

/** The version the pipeline's server tells; undefined where it can't be reached: the verdicts then leave it out. */
async function askedVersion(hostPort: string | undefined, signal: AbortSignal): Promise<string | undefined> {
  if (hostPort === undefined) return undefined;
  try {
    return await serverVersion(hostPort, { signal });
  } catch (error) {
    if (error instanceof Failure && error.kind !== 'interrupted') return undefined;
    throw error;
  }
}

import { serverVersion } from '../../openmetadata/server.ts';
import { Failure } from '../../text/failure.ts';
import type { CheckDefinition } from './check.ts';

/** The OpenMetadata server's version against the ingestion's: major and minor have to match, a patch should. */
export const serverMatches: CheckDefinition = {
  id: 'openmetadata-version',
  source:
    'https://github.com/open-metadata/OpenMetadata/blob/main/ingestion/src/metadata/ingestion/ometa/mixins/server_mixin.py',
  look: async ({ request }, signal) => {
    const { hostPort } = request.pipeline.server;
    if (hostPort === undefined) return undefined;
    const wanted = request.openmetadataVersion;
    let served: string;
    try {
      served = await serverVersion(hostPort, { signal });
    } catch (error) {
      if (!(error instanceof Failure) || signal.aborted) throw error;
      return {
        verdict: 'unknown',
        evidence: `${hostPort} can't be asked for its version from here: ${error.message}`,
        advice: 'The ingestion needs a route to it from its own subnets; that may exist all the same.',
      };
    }
    const evidence = `The server at ${hostPort} is ${served}, the ingestion ${wanted}`;
    const [serverMajor, serverMinor, serverPatch] = numbers(served);
    const [major, minor, patch] = numbers(wanted);
    if (serverMajor !== major || serverMinor !== minor) {
      return {
        verdict: 'fail',
        evidence,
        advice: `OpenMetadata refuses an ingestion of another minor version: use --openmetadata-version ${served}.`,
      };
    }
    if (serverPatch === patch) return { verdict: 'pass', evidence };
    return {
      verdict: 'warning',
      evidence,
      advice: 'Another patch may fail on services that the server stored with newer keys: match it exactly.',
    };
  },
};

function numbers(version: string): number[] {
  return version.split(/[.-]/).slice(0, 3).map(Number);
}

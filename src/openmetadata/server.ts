import { Failure } from '../text/failure.ts';
import { type AskOptions, getJson } from './http.ts';

export type { AskOptions } from './http.ts';

/**
 * The version of an OpenMetadata server, raw, such as `1.12.8` or `2.1.0-SNAPSHOT`; needs no token.
 * @param apiUrl the pipeline's hostPort, which ends in `/api`.
 * @throws Failure as `getJson`; `service` where the answer holds no version.
 */
export async function serverVersion(apiUrl: string, options: AskOptions): Promise<string> {
  const answer = await getJson(apiUrl, '/v1/system/version', options);
  const version = isObject(answer) ? answer.version : undefined;
  if (typeof version === 'string' && version !== '') return version;
  throw new Failure('service', `The server at ${apiUrl} did not tell an OpenMetadata version.`, {
    advice: 'Give the version that the server runs with --openmetadata-version.',
    resource: apiUrl,
  });
}

/** How an OpenMetadata server is. */
export interface ServerHealth {
  readonly healthy: boolean;
  /** What it said of itself, or why it could not be asked. */
  readonly detail: string;
}

/**
 * Whether an OpenMetadata server is well; needs no token. Servers before 1.10 have no health document: then
 * one that tells its version counts as well.
 */
export async function serverHealth(apiUrl: string, options: AskOptions): Promise<ServerHealth> {
  try {
    return healthOf(await getJson(apiUrl, '/v1/system/health', options));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.kind === 'unreachable' || error.kind === 'invalid-input')
      return { healthy: false, detail: error.message };
  }
  try {
    return { healthy: true, detail: `version ${await serverVersion(apiUrl, options)}` };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { healthy: false, detail: error.message };
  }
}

/** The document's form is not documented: `status` where there is one, else each part's `passed` or `healthy`. */
function healthOf(answer: unknown): ServerHealth {
  if (!isObject(answer)) return { healthy: true, detail: 'answers' };
  const { status } = answer;
  if (typeof status === 'string') return { healthy: /^(ok|healthy|up|pass|passed)$/i.test(status), detail: status };
  const ill = Object.entries(answer).filter(
    ([, part]) => isObject(part) && (part.passed === false || part.healthy === false),
  );
  return ill.length === 0
    ? { healthy: true, detail: 'answers' }
    : { healthy: false, detail: `not well: ${ill.map(([name]) => name).join(', ')}` };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

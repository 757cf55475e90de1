import { type HttpAnswer, sendHttp } from '../aws/http.ts';
import { Failure } from '../text/failure.ts';

/** How a server is asked. */
export interface AskOptions {
  readonly signal: AbortSignal;
  /** A bot's or person's JWT; without it only what needs none. */
  readonly token?: string | undefined;
  /** Until the whole answer is there, ms of the wall clock; the network is real whatever a session's clock says. */
  readonly timeout?: number;
  /** Where HTTPS_PROXY and the like are read from; the process's own when absent. */
  readonly environment?: NodeJS.ProcessEnv;
}

const TIMEOUT = 10_000;
const REDIRECTS = 3;

/**
 * GETs a document of an OpenMetadata server as JSON.
 * @param apiUrl the pipeline's hostPort, which ends in `/api`.
 * @throws Failure: `invalid-input` for an address that is none, `unreachable`, `denied`, `not-found`, or
 * `service` where something answers that is not OpenMetadata.
 */
export async function getJson(apiUrl: string, path: string, options: AskOptions): Promise<unknown> {
  let url = address(apiUrl, path);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), options.timeout ?? TIMEOUT);
  const abort = () => limit.abort();
  options.signal.addEventListener('abort', abort, { once: true });
  try {
    options.signal.throwIfAborted();
    for (let redirects = 0; ; redirects++) {
      const answer = await ask(
        url,
        url.origin === address(apiUrl, path).origin ? options.token : undefined,
        options,
        limit.signal,
      );
      const location = answer.status >= 300 && answer.status < 400 ? answer.location : undefined;
      if (location === undefined || redirects === REDIRECTS || !URL.canParse(location, url.href))
        return read(answer, url);
      url = new URL(location, url);
    }
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof Failure) throw error;
    throw unreachable(url, limit.signal.aborted, error);
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', abort);
  }
}

function address(apiUrl: string, path: string): URL {
  const text = `${apiUrl.replace(/\/+$/, '')}${path}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new Failure('invalid-input', `Not the address of an OpenMetadata server: ${apiUrl}`, {
    advice: 'hostPort has the form https://openmetadata.example.com/api.',
    resource: apiUrl,
  });
}

function ask(
  url: URL,
  token: string | undefined,
  { environment }: AskOptions,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const headers = { accept: 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) };
  return sendHttp({ url, headers, environment, signal });
}

function read({ status, body }: HttpAnswer, url: URL): unknown {
  const resource = url.href;
  if (status === 401 || status === 403) {
    throw new Failure('denied', `OpenMetadata at ${url.host} refused ${url.pathname} with ${status}.`, {
      advice: 'The token is missing, has expired, or its bot lacks the right: see Settings, Bots in OpenMetadata.',
      resource,
    });
  }
  if (status === 404) {
    throw new Failure('not-found', `${url.host} has no ${url.pathname}.`, {
      advice: 'hostPort must lead to the API, such as https://openmetadata.example.com/api.',
      resource,
    });
  }
  if (status >= 200 && status < 300) {
    try {
      return JSON.parse(body);
    } catch {
      // Told below.
    }
  }
  throw new Failure('service', `${url.host} answered ${url.pathname} with ${status}, but not as OpenMetadata does.`, {
    advice:
      status >= 500
        ? 'The server may be starting or overloaded: try again, then look into its log.'
        : 'hostPort must lead to the API, such as https://openmetadata.example.com/api, not to the web interface.',
    resource,
  });
}

function unreachable(url: URL, timedOut: boolean, error: unknown): Failure {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  const why = timedOut ? 'it did not answer in time' : error instanceof Error ? error.message || code : String(error);
  return new Failure('unreachable', `OpenMetadata at ${url.host} can't be reached: ${why}.`, {
    advice:
      code !== undefined && /CERT|SELF_SIGNED|ALTNAME/.test(code)
        ? 'Its certificate is not trusted here: name the bundle of its authority in NODE_EXTRA_CA_CERTS.'
        : 'Look whether hostPort is right, and whether this machine reaches it (VPN, proxy); where ingestion runs has to reach it as well.',
    resource: url.href,
    ...(code !== undefined && { code }),
    cause: error,
  });
}

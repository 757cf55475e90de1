/** What an error of the SDK, of Node or of a proxy says, without its class. */
export interface ErrorFacts {
  /** The service's error code or Node's error name: `AccessDeniedException`, `TimeoutError`. */
  readonly name: string;
  readonly message: string;
  /** Status of the HTTP answer, when there was one. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestId: string | undefined;
  /** Node's code of a failed connection: `ENOTFOUND`, `ECONNREFUSED`, `CERT_HAS_EXPIRED`. */
  readonly systemCode: string | undefined;
  /** Where the connection was to go, as far as the error tells. */
  readonly host: string | undefined;
  /** The answer could not be read: it is not what the service's protocol says. */
  readonly unreadable: boolean;
  /** The SDK has just learnt how far this machine's clock is off; another attempt may succeed. */
  readonly clockCorrected: boolean;
}

/** Reads the facts of any thrown value. */
export function factsOf(error: unknown): ErrorFacts {
  const fields = asRecord(error);
  const metadata = asRecord(fields.$metadata);
  const response = asRecord(fields.$response);
  const inner = innermost(error);
  // A body that breaks off has a status already, but no answer came of it.
  const broken =
    fields.$fault === undefined && (/^E[A-Z]+$/.test(asString(inner.code) ?? '') || fields.name === 'TimeoutError');
  const status = broken ? undefined : (asNumber(metadata.httpStatusCode) ?? asNumber(response.statusCode));
  const headers = asHeaders(response.headers);
  const name = asString(fields.name) ?? asString(fields.code) ?? 'Error';
  const message = asString(fields.message) ?? asString(fields.Message) ?? (typeof error === 'string' ? error : '');
  return {
    name,
    message: message.replace(/\s*Deserialization error: to see the raw response.*$/s, '').trim(),
    status,
    headers,
    requestId: asString(metadata.requestId) ?? headers['x-amzn-requestid'] ?? headers['x-amz-request-id'],
    systemCode: status === undefined ? asString(inner.code) : undefined,
    host: asString(inner.hostname) ?? asString(inner.host) ?? addressOf(inner),
    unreadable: !broken && isUnreadable(error, message, response, headers),
    // The SDK says so of any error that came while it learnt of the difference; only these were due to it.
    clockCorrected: metadata.clockSkewCorrected === true && SIGNATURE_CODES.has(name),
  };
}

/** Refusals of a signature, which a clock that is off may have caused. */
const SIGNATURE_CODES: ReadonlySet<string> = new Set([
  'AuthFailure',
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);

/** Node tries several addresses at once and throws them together; the first tells enough. */
function innermost(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof AggregateError && error.errors.length > 0) return asRecord(error.errors[0]);
  const fields = asRecord(error);
  const cause = asRecord(fields.cause);
  return fields.code === undefined && typeof cause.code === 'string' ? cause : fields;
}

function addressOf(fields: Readonly<Record<string, unknown>>): string | undefined {
  const address = asString(fields.address);
  if (address === undefined) return undefined;
  return fields.port === undefined ? address : `${address}:${fields.port}`;
}

function isUnreadable(
  error: unknown,
  message: string,
  response: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>>,
): boolean {
  if (response.statusCode === undefined) return false;
  if (error instanceof SyntaxError || error instanceof TypeError || message.includes('Deserialization error'))
    return true;
  return isWebPage(headers);
}

/** Whether an answer is a page for people, as proxies and sign-in portals send it; no AWS service does. */
export function isWebPage(headers: Readonly<Record<string, string | undefined>>): boolean {
  return headers['content-type']?.toLowerCase().startsWith('text/html') === true;
}

/** An answer that was read without complaint and yet is none of AWS: the SDK's XML reader takes any page. */
export function notAws(response: { readonly statusCode?: number; readonly headers?: unknown }): Error {
  const error = new SyntaxError('a web page came instead of an answer');
  return Object.assign(error, { $response: { statusCode: response.statusCode, headers: response.headers } });
}

/**
 * The error without what it drags along: the SDK hangs the request on it, signature and session token
 * included, which must not end in a crash report.
 */
export function withoutRequest(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const kept = new Error(error.message);
  kept.name = error.name;
  if (error.stack !== undefined) kept.stack = error.stack;
  const members = Object.entries(error).filter(([name]) => !name.startsWith('$') && name !== 'cause');
  return Object.assign(kept, Object.fromEntries(members));
}

function asHeaders(value: unknown): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(asRecord(value))) {
    if (typeof text === 'string') headers[name.toLowerCase()] = text;
  }
  return headers;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function asString(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

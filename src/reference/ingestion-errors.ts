/** A known cause in what an ingestion logs as its error. */
export interface IngestionError {
  readonly id: string;
  readonly pattern: RegExp;
  /** The first thing to check, one or two sentences. */
  readonly advice: string;
  /** Where such a text is on record. */
  readonly source: string;
}

const MAIN = 'https://github.com/open-metadata/OpenMetadata/blob/main/ingestion/operators/docker/main.py';
const TROUBLE = 'https://docs.open-metadata.org/latest/connectors/ingestion/troubleshooting';

/** In order: the first match counts. Matched on the text of error lines and exceptions, newest first. */
const ingestionErrors: readonly IngestionError[] = [
  {
    id: 'no-configuration',
    pattern: /Missing environment variable|environment variable .{0,40}(?:not (?:set|found)|missing)/i,
    advice:
      'The container got no configuration or pipeline type: the task definition must take config from its secret, and pipelineType must be set.',
    source: MAIN,
  },
  {
    id: 'pipeline-type',
    pattern:
      /Unknown (?:workflow|pipelineType|pipeline type)|Invalid pipeline ?type|workflow .{0,40} not (?:implemented|supported)/i,
    advice: "pipelineType is not one that this image's version knows; it is case-sensitive.",
    source: MAIN,
  },
  {
    id: 'version-mismatch',
    pattern: /VersionMismatch|version mismatch|Server version is .* vs\. Client version/i,
    advice: 'Image and server have different versions: use the ingestion image with exactly the version of the server.',
    source: 'https://docs.open-metadata.org/latest/deployment/upgrade/versions',
  },
  {
    id: 'configuration',
    pattern:
      /ParsingConfigurationError|InvalidWorkflow|ValidationError|Extra inputs are not permitted|extra fields not permitted|ScannerError|ParserError/,
    advice: "The configuration is not one that this image's version takes: check its keys against the image's version.",
    source: TROUBLE,
  },
  {
    id: 'module-missing',
    pattern: /ModuleNotFoundError|No module named|ImportError/,
    advice: 'The image lacks a module of this connector: use the full ingestion image, not the slim one.',
    source: TROUBLE,
  },
  {
    id: 'openmetadata-token',
    pattern: /Invalid token|Expired token|Token has expired|JWT|Not Authorized! /i,
    advice: "OpenMetadata refused the token: take the ingestion bot's current JWT and put it into the secret.",
    source: TROUBLE,
  },
  {
    id: 'name-resolution',
    pattern:
      /Name or service not known|Temporary failure in name resolution|nodename nor servname|getaddrinfo failed|NameResolutionError/i,
    advice: "A host's name has no address inside the VPC: check the name, and the VPC's DNS.",
    source: TROUBLE,
  },
  {
    id: 'not-reached',
    pattern:
      /Connection refused|Errno 11[01]|timed? ?out|timeout expired|No route to host|Network is unreachable|could not connect|Can't connect|Broker transport failure|Max retries exceeded|NewConnectionError/i,
    advice:
      "A host was not reached: check its address and port, that its security group lets the task's security group in, and the route from the subnets.",
    source: TROUBLE,
  },
  {
    id: 'source-credentials',
    pattern:
      /password authentication failed|Access denied for user|Incorrect username or password|authentication fail|login failed|Unauthorized|\b401\b/i,
    advice: 'The source refused the credentials in the configuration: check user and password in the secret.',
    source: TROUBLE,
  },
  {
    id: 'source-permissions',
    pattern: /permission denied|insufficient privileges|AccessDenied|not authorized to perform|\b403\b/i,
    advice: 'The source let the user in, but not at this: give it the rights that the connector asks for.',
    source: TROUBLE,
  },
  {
    id: 'server-unavailable',
    pattern: /\b50[234]\b (?:Server Error|Service Unavailable|Bad Gateway|Gateway)/i,
    advice: 'The OpenMetadata server or a proxy before it was overloaded or away: look at the server, then run again.',
    source: TROUBLE,
  },
];

/** The first thing to check for texts of errors, newest first; undefined when none is known. */
export function ingestionErrorOf(texts: readonly string[]): IngestionError | undefined {
  for (const text of texts) {
    const found = ingestionErrors.find((row) => row.pattern.test(text));
    if (found !== undefined) return found;
  }
  return undefined;
}

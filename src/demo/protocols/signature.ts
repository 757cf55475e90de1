/** What a request's signature says about who sent it to which service; the signature itself is not checked. */
export interface Credential {
  readonly accessKeyId: string;
  readonly region: string;
  /** Signing name: `airflow`, `ecs`, `logs`, `s3`, `sts`, `iam`, `ec2`, `secretsmanager`. */
  readonly service: string;
}

/** A signature that can't be read: the header is there but not as Signature Version 4 has it. */
export class IncompleteSignature extends Error {}

/**
 * The credential of the `Authorization` header or of a presigned query, undefined without either.
 * Throws `IncompleteSignature`.
 */
export function readCredential(authorization: string | undefined, query: URLSearchParams): Credential | undefined {
  if (authorization !== undefined) {
    const match = /^AWS4-(?:HMAC-SHA256|ECDSA-P256-SHA256) (.+)$/.exec(authorization.trim());
    if (match === null) {
      throw new IncompleteSignature(
        `'${authorization.slice(0, 60)}' not a valid key=value pair in Authorization header.`,
      );
    }
    const parts = new Map(
      (match[1] ?? '').split(',').map((part) => {
        const [name = '', ...value] = part.trim().split('=');
        return [name, value.join('=')] as const;
      }),
    );
    for (const name of ['Credential', 'Signature', 'SignedHeaders']) {
      if (!parts.get(name)) {
        throw new IncompleteSignature(`Authorization header requires '${name}' parameter.`);
      }
    }
    return readScope(parts.get('Credential') ?? '');
  }
  const presigned = query.get('X-Amz-Credential');
  if (presigned === null) return undefined;
  if (!query.get('X-Amz-Signature'))
    throw new IncompleteSignature("AWS query-string parameters must include 'X-Amz-Signature'.");
  return readScope(presigned);
}

function readScope(text: string): Credential {
  const parts = text.split('/');
  // KEY/date/region/service/aws4_request; a key id may not hold a slash.
  const [accessKeyId = '', , region = '', service = '', terminator] = parts;
  if (parts.length !== 5 || terminator !== 'aws4_request' || accessKeyId === '') {
    throw new IncompleteSignature(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${text.slice(0, 80)}'`,
    );
  }
  return { accessKeyId, region, service };
}

import type { Session } from '../aws/session.ts';
import { Failure } from '../text/failure.ts';

/** An OpenMetadata server as the user's settings know it. */
export interface KnownServer {
  /** Its API's address, which ends in `/api`. */
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  /** Name or ARN of the secret that holds the token. */
  readonly tokenSecret?: string | undefined;
}

/**
 * The known server's token; undefined where none is known. A secret is the token itself, or an object whose member
 * `jwtToken` or `token` is it.
 * @throws Failure where the secret can't be read, or holds no token.
 */
export async function knownToken(
  session: Pick<Session, 'secretsManager'>,
  { token, tokenSecret }: KnownServer,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (token !== undefined || tokenSecret === undefined) return token;
  const { SecretString: content = '' } = await session.secretsManager.getSecretValue(
    { SecretId: tokenSecret },
    { signal },
  );
  const found = tokenOf(content.trim());
  if (found !== undefined) return found;
  throw new Failure('invalid-input', `The secret ${tokenSecret} holds no token.`, {
    advice:
      'It has to be the token as text, or an object with jwtToken or token: see openMetadataTokenSecret in the settings.',
    resource: tokenSecret,
  });
}

function tokenOf(content: string): string | undefined {
  if (!content.startsWith('{')) return isToken(content) ? content : undefined;
  try {
    const { jwtToken, token } = JSON.parse(content) as Record<string, unknown>;
    return [jwtToken, token].find(isToken);
  } catch {
    return undefined;
  }
}

/** OpenMetadata takes JSON Web Tokens: three parts, none with a space or a control. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(value);
}

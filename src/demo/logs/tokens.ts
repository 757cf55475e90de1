import { AwsError } from '../service.ts';
import { hash } from './random.ts';

/** Page tokens of CloudWatch Logs die after 24 hours. */
const LIFE = 86_400_000;

/** The service's refusal of a token that is not its own, or belongs to another query. */
export function invalidToken(): AwsError {
  return new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
}

/**
 * Makes an opaque page token that holds `state`, is bound to the query it was made for and knows its age.
 */
export function sealToken(state: readonly (string | number)[], query: string, now: number): string {
  const text = JSON.stringify([now, hash(query), ...state]);
  return Buffer.from(`${hash(text, 'sealed').toString(36).padStart(7, '0')}${text}`, 'utf8').toString('base64url');
}

/**
 * The state of a token made by `sealToken`. Throws InvalidParameterException for a forged token, one of
 * another query and one older than 24 hours.
 */
export function openToken(token: string, query: string, now: number): readonly (string | number)[] {
  const sealed = Buffer.from(token, 'base64url').toString('utf8');
  const text = sealed.slice(7);
  if (sealed.slice(0, 7) !== hash(text, 'sealed').toString(36).padStart(7, '0')) throw invalidToken();
  const [issued, bound, ...state] = JSON.parse(text) as [number, number, ...(string | number)[]];
  if (bound !== hash(query)) throw invalidToken();
  if (now - issued > LIFE) throw new AwsError('InvalidParameterException', 'The specified nextToken has expired.');
  return state;
}

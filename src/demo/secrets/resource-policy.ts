import { isStructure } from '../members.ts';
import { AwsError } from '../service.ts';

const ACTIONS = new Set(['*', 'secretsmanager:*', 'secretsmanager:Get*', 'secretsmanager:GetSecretValue']);

/** Refuses what is no resource policy, as PutResourcePolicy does. */
export function checkResourcePolicy(text: string, blockPublic: boolean): void {
  const statements = statementsOf(text);
  const malformed = (why: string) => new AwsError('MalformedPolicyDocumentException', why);
  if (statements === undefined || statements.length === 0) throw malformed('This resource policy is not valid JSON.');
  for (const { Effect: effect, Principal: principal, Action: action, Resource: resource } of statements) {
    if ((effect !== 'Allow' && effect !== 'Deny') || principal === undefined || action === undefined) {
      throw malformed('This resource policy contains an unsupported or missing element.');
    }
    if (resource === undefined) throw malformed('This resource policy is missing the element Resource.');
    if (blockPublic && effect === 'Allow' && principalsOf(principal).includes('*')) {
      throw new AwsError('PublicPolicyException', 'You cannot attach this resource policy: it allows broad access.');
    }
  }
}

/** What a secret's resource policy says of a role that wants its value; undefined where it says nothing. */
export function resourcePolicyDecision(text: string | undefined, role: string): 'allowed' | 'denied' | undefined {
  const named = (statementsOf(text ?? '') ?? []).filter(
    ({ Principal: principal, Action: action }) =>
      principalsOf(principal).some((each) => each === '*' || each === role) &&
      textsOf(action).some((each) => ACTIONS.has(each)),
  );
  if (named.length === 0) return undefined;
  return named.some(({ Effect: effect }) => effect === 'Deny') ? 'denied' : 'allowed';
}

function statementsOf(text: string): Record<string, unknown>[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isStructure(value) ? [value.Statement].flat().filter(isStructure) : undefined;
  } catch {
    return undefined;
  }
}

function principalsOf(value: unknown): string[] {
  return isStructure(value) ? Object.values(value).flatMap(textsOf) : textsOf(value);
}

function textsOf(value: unknown): string[] {
  return [value].flat().filter((each) => typeof each === 'string');
}

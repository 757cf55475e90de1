import { isStructure } from '../members.ts';
import { AwsError } from '../service.ts';

/** One condition: an operator's key and the values that it may have. */
export interface Condition {
  /** Operator without its `ForAnyValue:` prefix and `IfExists` suffix, such as `StringLike`. */
  readonly operator: string;
  readonly set: 'ForAnyValue' | 'ForAllValues' | undefined;
  readonly ifExists: boolean;
  readonly key: string;
  readonly values: readonly string[];
}

/** One statement with its elements as lists; a missing element is undefined. */
export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[] | undefined;
  readonly notActions: readonly string[] | undefined;
  readonly resources: readonly string[] | undefined;
  readonly notResources: readonly string[] | undefined;
  /** Kind (`AWS`, `Service`, `Federated`, `*`) to identifiers; only in trust policies. */
  readonly principals: Readonly<Record<string, readonly string[]>> | undefined;
  readonly conditions: readonly Condition[];
}

export interface PolicyDocument {
  readonly statements: readonly Statement[];
}

const malformed = (message: string): AwsError => new AwsError('MalformedPolicyDocument', message);

const OPERATOR =
  /^(?:(ForAnyValue|ForAllValues):)?(String(?:Not)?Equals(?:IgnoreCase)?|String(?:Not)?Like|Numeric(?:Not)?Equals|Numeric(?:Less|Greater)Than(?:Equals)?|Date(?:Not)?Equals|Date(?:Less|Greater)Than(?:Equals)?|Bool|BinaryEquals|(?:Not)?IpAddress|Arn(?:Not)?(?:Equals|Like)|Null)(IfExists)?$/i;

/**
 * Reads a policy's JSON as IAM does, with its refusals (`MalformedPolicyDocument`). `trust` wants
 * principals and no resources, as a role's trust policy has.
 */
export function readPolicyDocument(text: string, trust = false): PolicyDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  if (!isStructure(value)) throw malformed('Syntax errors in policy.');
  for (const name of Object.keys(value)) {
    if (!['Version', 'Id', 'Statement'].includes(name)) throw malformed('Syntax errors in policy.');
  }
  const version = value.Version;
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    throw malformed('Syntax errors in policy.');
  }
  const list = Array.isArray(value.Statement) ? value.Statement : [value.Statement];
  if (value.Statement === undefined || list.length === 0) throw malformed('Syntax errors in policy.');
  const statements = list.map((statement) => readStatement(statement, trust));
  const sids = statements.flatMap(({ sid }) => (sid === undefined || sid === '' ? [] : [sid]));
  if (new Set(sids).size < sids.length) throw malformed('Statement IDs (SID) in a single policy must be unique.');
  return { statements };
}

function readStatement(value: unknown, trust: boolean): Statement {
  if (!isStructure(value)) throw malformed('Syntax errors in policy.');
  const known = [
    'Sid',
    'Effect',
    'Action',
    'NotAction',
    'Resource',
    'NotResource',
    'Condition',
    'Principal',
    'NotPrincipal',
  ];
  if (Object.keys(value).some((name) => !known.includes(name))) throw malformed('Syntax errors in policy.');
  const { Sid: sid, Effect: effect } = value;
  if (sid !== undefined && typeof sid !== 'string') throw malformed('Syntax errors in policy.');
  if (!trust && typeof sid === 'string' && !/^[0-9A-Za-z]*$/.test(sid)) {
    throw malformed(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    );
  }
  if (effect !== 'Allow' && effect !== 'Deny') throw malformed('Syntax errors in policy.');
  const actions = texts(value.Action);
  const notActions = texts(value.NotAction);
  const resources = texts(value.Resource);
  const notResources = texts(value.NotResource);
  if ((actions === undefined) === (notActions === undefined)) {
    throw malformed(actions === undefined ? 'Policy statement must contain actions.' : 'Syntax errors in policy.');
  }
  for (const action of actions ?? notActions ?? []) {
    if (action !== '*' && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(action)) {
      throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
    }
  }
  if (trust) {
    if (value.Principal === undefined && value.NotPrincipal === undefined)
      throw malformed('Missing required field Principal');
    if (resources !== undefined || notResources !== undefined) throw malformed('Has prohibited field Resource');
  } else {
    if (value.Principal !== undefined || value.NotPrincipal !== undefined) {
      throw malformed('Policy document should not specify a principal.');
    }
    if ((resources === undefined) === (notResources === undefined)) {
      throw malformed(
        resources === undefined ? 'Policy statement must contain resources.' : 'Syntax errors in policy.',
      );
    }
    for (const resource of resources ?? notResources ?? []) {
      if (resource !== '*' && !/^(arn|\*|\?):/.test(resource) && !/^arn\*/.test(resource)) {
        throw malformed(`Resource ${resource} must be in ARN format or "*".`);
      }
    }
  }
  return {
    sid,
    effect,
    actions,
    notActions,
    resources,
    notResources,
    principals: readPrincipals(value.Principal),
    conditions: readConditions(value.Condition),
  };
}

function readPrincipals(value: unknown): Statement['principals'] {
  if (value === undefined) return undefined;
  if (value === '*') return { '*': ['*'] };
  if (!isStructure(value)) throw malformed('Syntax errors in policy.');
  return Object.fromEntries(Object.entries(value).map(([kind, ids]) => [kind, texts(ids) ?? []]));
}

function readConditions(value: unknown): readonly Condition[] {
  if (value === undefined) return [];
  if (!isStructure(value)) throw malformed('Syntax errors in policy.');
  const conditions: Condition[] = [];
  for (const [name, keys] of Object.entries(value)) {
    const match = OPERATOR.exec(name);
    if (match === null) throw malformed(`Invalid Condition type : ${name}.`);
    if (!isStructure(keys)) throw malformed('Syntax errors in policy.');
    for (const [key, values] of Object.entries(keys)) {
      const set = match[1]?.toLowerCase();
      conditions.push({
        operator: (match[2] ?? '').toLowerCase(),
        set: set === 'foranyvalue' ? 'ForAnyValue' : set === 'forallvalues' ? 'ForAllValues' : undefined,
        ifExists: match[3] !== undefined,
        key: key.toLowerCase(),
        values: texts(values) ?? [],
      });
    }
  }
  return conditions;
}

/** One text or a list of them; numbers and booleans of a condition as text. */
function texts(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  return (Array.isArray(value) ? value : [value]).map((entry) => {
    if (typeof entry === 'number' || typeof entry === 'boolean') return String(entry);
    if (typeof entry !== 'string') throw malformed('Syntax errors in policy.');
    return entry;
  });
}

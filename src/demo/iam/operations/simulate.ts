import { optionalStrings, optionalStructures } from '../../members.ts';
import { AwsError, type Input, type Operations } from '../../service.ts';
import { type Decision, evaluate, type NamedPolicy, type Verdict } from '../evaluate.ts';
import type { IamService } from '../service.ts';
import { listed, text } from './input.ts';

/** SimulatePrincipalPolicy in the form that it has since 2026-07-30: one result an action, detail by resource. */
export function simulateOperations(iam: IamService): Operations {
  return {
    SimulatePrincipalPolicy: (input, call) => {
      const source = text(input, 'PolicySourceArn');
      call.authorize('iam:SimulatePrincipalPolicy', source);
      const policies = [...policiesOf(iam, source), ...extraPolicies(iam, input)];
      const actions = optionalStrings(input, 'ActionNames') ?? [];
      if (actions.length === 0) {
        throw new AwsError(
          'ValidationError',
          "1 validation error detected: Value null at 'actionNames' failed to satisfy constraint: Member must not be null",
        );
      }
      for (const action of actions) {
        if (!/^[\w-]+:[\w*?]+$/.test(action)) {
          throw new AwsError('InvalidInput', `Invalid Action: ${action}.`);
        }
      }
      const asked = optionalStrings(input, 'ResourceArns') ?? [];
      const resources = asked.length === 0 ? ['*'] : asked;
      const context = contextEntries(input);
      const results = actions.map((action) => simulate(policies, action, resources, context));
      const { items, tail } = listed(input, results, (result) => result.EvalActionName);
      return { EvaluationResults: items, ...tail };
    },
  };
}

function policiesOf(iam: IamService, source: string): readonly NamedPolicy[] {
  if (!/^arn:aws:iam::\d{12}:(role|user|group)\/.+$/.test(source)) {
    throw new AwsError('InvalidInput', `Invalid Entity Arn: ${source} does not clearly define entity type and name.`);
  }
  const role = iam.role(source);
  if (role === undefined || !source.includes(':role/')) {
    throw new AwsError('NoSuchEntity', `Entity ${source} was not found.`, 404);
  }
  return iam.policiesOf(role);
}

/** Policies given with the request, which count like the principal's own. */
function extraPolicies(iam: IamService, input: Input): readonly NamedPolicy[] {
  return (optionalStrings(input, 'PolicyInputList') ?? []).map((document, index) => ({
    id: `PolicyInputList.${index + 1}`,
    type: 'none',
    document: iam.document(document),
  }));
}

function contextEntries(input: Input): Record<string, readonly string[]> {
  const context: Record<string, readonly string[]> = {};
  for (const entry of optionalStructures(input, 'ContextEntries') ?? []) {
    context[text(entry, 'ContextKeyName')] = optionalStrings(entry, 'ContextKeyValues') ?? [];
  }
  return context;
}

function simulate(
  policies: readonly NamedPolicy[],
  action: string,
  resources: readonly string[],
  context: Record<string, readonly string[]>,
) {
  const verdicts = resources.map((resource) => evaluate(policies, { action, resource, context }));
  const decisions = verdicts.map(({ decision }) => decision);
  const missing = [...new Set(verdicts.flatMap((verdict) => verdict.missing))];
  return {
    EvalActionName: action,
    EvalResourceName: resources.length === 1 ? resources[0] : '*',
    EvalDecision: worst(decisions),
    MatchedStatements: statements(verdicts),
    MissingContextValues: missing,
    ResourceSpecificResults: verdicts.map((verdict, index) => ({
      EvalResourceName: resources[index],
      EvalResourceDecision: verdict.decision,
      MatchedStatements: statements([verdict]),
      MissingContextValues: verdict.missing,
    })),
  };
}

/** The action is allowed only where every resource allows it. */
function worst(decisions: readonly Decision[]): Decision {
  if (decisions.includes('explicitDeny')) return 'explicitDeny';
  return decisions.includes('implicitDeny') ? 'implicitDeny' : 'allowed';
}

function statements(verdicts: readonly Verdict[]): object[] {
  const policies = new Set(verdicts.flatMap((verdict) => verdict.matched));
  return [...policies].map(({ id, type }) => ({ SourcePolicyId: id, SourcePolicyType: type }));
}

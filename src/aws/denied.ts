import { Failure } from '../text/failure.ts';

/** What an access-denied text tells; for advice only, never for logic (AWS words it as it likes). */
export interface Denial {
  readonly principal: string | undefined;
  readonly action: string | undefined;
  readonly resource: string | undefined;
  /** `because …`: which kind of policy refused. */
  readonly reason: string | undefined;
  readonly explicit: boolean;
}

/**
 * Takes an AccessDenied text apart: "User: … is not authorized to perform: ecs:RunTask on resource: …
 * because no identity-based policy allows the ecs:RunTask action"
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
 */
export function parseDenial(message: string): Denial {
  const [, principal] = /User: (\S+)/.exec(message) ?? [];
  const [, action, , resource] =
    /not authorized to perform: ([\w-]+:[\w*]+)( on resource: "?([^\s"]+)"?)?/.exec(message) ?? [];
  const [, reason] = /\bbecause (.+?)(?:\.? Encoded authorization failure message.*)?\.?$/s.exec(message) ?? [];
  const [, denier] = /\bwith an (explicit deny[^.]*)/.exec(message) ?? [];
  return {
    principal,
    action,
    resource: resource?.replace(/[.,;]$/, ''),
    reason: reason ?? denier,
    explicit: /explicit deny/.test(message),
  };
}

/** An IAM policy document, as little as it takes. */
export interface MinimalPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly { readonly Effect: 'Allow'; readonly Action: string[]; readonly Resource: string }[];
}

/**
 * The policy that would allow what was refused, one statement a resource; undefined where no permission of IAM is
 * missing. What an explicit deny refuses is left out: no policy allows that.
 */
export function policyForDenials(failures: readonly Failure[]): MinimalPolicy | undefined {
  const actions = new Map<string, Set<string>>();
  for (const failure of failures) {
    const { kind, action, message } = failure;
    if (kind !== 'denied' || action === undefined || /explicit deny/i.test(message)) continue;
    const resource = arnOf(failure) ?? '*';
    actions.set(resource, (actions.get(resource) ?? new Set()).add(action));
  }
  if (actions.size === 0) return undefined;
  const statements = [...actions].map(([resource, names]) => ({
    Effect: 'Allow' as const,
    Action: [...names].sort(),
    Resource: resource,
  }));
  return { Version: '2012-10-17', Statement: statements };
}

/** The ARN that was refused: a failure told again in a domain's words keeps AWS's own as its cause. */
function arnOf({ resource, cause }: Failure): string | undefined {
  if (resource?.startsWith('arn:')) return resource;
  return cause instanceof Failure ? arnOf(cause) : undefined;
}

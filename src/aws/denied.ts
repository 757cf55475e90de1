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

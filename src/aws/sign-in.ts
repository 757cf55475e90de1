import type { Profile } from './profiles.ts';

/** Where a session's credentials come from. */
export type CredentialSource =
  | { readonly type: 'given' }
  | { readonly type: 'environment' }
  | { readonly type: 'profile'; readonly profile: Profile }
  | { readonly type: 'web-identity' }
  | { readonly type: 'container' }
  | { readonly type: 'instance' }
  | { readonly type: 'none' };

/** How the user gets valid credentials (again), as one sentence, with the command where there is one. */
export function signInAdvice(source: CredentialSource): string {
  switch (source.type) {
    case 'given':
      return 'Check the credentials that were given.';
    case 'environment':
      return 'Export fresh AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or unset them and use --profile.';
    case 'web-identity':
      return 'Check AWS_WEB_IDENTITY_TOKEN_FILE and the trust policy of AWS_ROLE_ARN.';
    case 'container':
      return "Check the container's task role.";
    case 'instance':
      return "Check the instance's role.";
    case 'none':
      return 'Sign in with: aws sso login --profile NAME, then give --profile NAME or set AWS_PROFILE.';
    case 'profile':
      return profileAdvice(source.profile);
  }
}

/** The command that signs a profile in; undefined where none does. */
export function signInCommand({ name, kind, ssoProfile }: Profile): readonly string[] | undefined {
  if (ssoProfile !== undefined) return ['aws', 'sso', 'login', '--profile', ssoProfile];
  return kind === 'login' ? ['aws', 'login', '--profile', name] : undefined;
}

/** What a profile's credentials come from, in a few words. */
export function signInWay({ kind, roleArn, sourceProfile, ssoProfile }: Profile): string {
  const role = roleArn?.split('/').at(-1) ?? 'a role';
  switch (kind) {
    case 'sso':
      return 'IAM Identity Center';
    case 'login':
      return 'aws login';
    case 'role':
      return `${role} from ${sourceProfile ?? "the machine's own credentials"}${ssoProfile === undefined ? '' : ' (SSO)'}`;
    case 'web-identity':
      return `${role} by a web identity`;
    case 'process':
      return 'a command of yours';
    case 'static':
      return 'keys in the file';
    case 'none':
      return 'nothing';
  }
}

/** What the user has to do for a profile to work, in a few words; empty where nothing. */
export function signInNeeds(profile: Profile): string {
  const command = signInCommand(profile);
  const needs = [
    ...(command === undefined ? [] : [command.slice(0, -2).join(' ')]),
    ...(profile.mfa ? ['an MFA code, asked here'] : []),
    ...(profile.kind === 'none' ? ['aws configure sso'] : []),
    ...(profile.region === undefined ? ['a region: --region or :region'] : []),
  ];
  return needs.join(', ');
}

function profileAdvice(profile: Profile): string {
  const command = signInCommand(profile);
  if (command !== undefined) return `Run: ${command.map(shellWord).join(' ')}`;
  const name = shellWord(profile.name);
  switch (profile.kind) {
    case 'process':
      return `Run the credential_process of profile ${profile.name} by hand to see what it says.`;
    case 'role':
      return `Check role_arn and ${profile.sourceProfile === undefined ? 'credential_source' : 'source_profile'} of profile ${profile.name} in ~/.aws/config.`;
    case 'web-identity':
      return `Check web_identity_token_file and role_arn of profile ${profile.name} in ~/.aws/config.`;
    case 'static':
      return `Renew the keys of profile ${profile.name}: aws configure --profile ${name}`;
    default:
      return `Profile ${profile.name} names no way to sign in; run: aws configure sso --profile ${name}`;
  }
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

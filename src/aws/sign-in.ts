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

function profileAdvice(profile: Profile): string {
  if (profile.ssoProfile !== undefined) return `Run: aws sso login --profile ${shellWord(profile.ssoProfile)}`;
  const name = shellWord(profile.name);
  switch (profile.kind) {
    case 'login':
      return `Run: aws login --profile ${name}`;
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

import { readSharedFiles, type Section } from './shared-files.ts';

/** One profile of the user's shared files, and what it needs to sign in. */
export interface Profile {
  readonly name: string;
  readonly region: string | undefined;
  /** How its credentials come about; `none` when the section holds settings only. */
  readonly kind: 'sso' | 'login' | 'role' | 'web-identity' | 'process' | 'static' | 'none';
  /** Asks for a code of an MFA device. */
  readonly mfa: boolean;
  readonly roleArn: string | undefined;
  /** The profile whose credentials assume the role. */
  readonly sourceProfile: string | undefined;
  /** The profile for `aws sso login --profile`: its own or the one that its role is assumed from. */
  readonly ssoProfile: string | undefined;
  /** Account id, as far as the file says. */
  readonly account: string | undefined;
}

/**
 * The profiles of `~/.aws/config` and `~/.aws/credentials`, by name, `default` first. Reads the two files
 * only: nothing is signed in and no client is loaded.
 */
export async function listProfiles(environment: NodeJS.ProcessEnv = process.env): Promise<Profile[]> {
  const { profiles } = await readSharedFiles(environment);
  return Object.keys(profiles)
    .map((name) => describeProfile(name, profiles))
    .sort((a, b) => Number(b.name === 'default') - Number(a.name === 'default') || (a.name < b.name ? -1 : 1));
}

/** What a section of the shared files needs to sign in; the order of judgement is the SDK's. */
export function describeProfile(name: string, profiles: Readonly<Record<string, Section>>): Profile {
  const section = profiles[name] ?? {};
  const kind = kindOf(section);
  return {
    name,
    region: section.region,
    kind,
    mfa: chainOf(name, profiles).some((link) => profiles[link]?.mfa_serial !== undefined),
    roleArn: section.role_arn,
    sourceProfile: section.source_profile,
    ssoProfile: chainOf(name, profiles).find((link) => kindOf(profiles[link] ?? {}) === 'sso'),
    account: section.sso_account_id ?? section.role_arn?.split(':')[4] ?? section.aws_account_id,
  };
}

function kindOf(section: Section): Profile['kind'] {
  if (section.role_arn !== undefined && (section.source_profile ?? section.credential_source) !== undefined)
    return 'role';
  if (section.aws_access_key_id !== undefined) return 'static';
  if (section.web_identity_token_file !== undefined) return 'web-identity';
  if (section.credential_process !== undefined) return 'process';
  if (section.sso_session !== undefined || section.sso_start_url !== undefined) return 'sso';
  if (section.login_session !== undefined) return 'login';
  return 'none';
}

/** The profile and those that it takes credentials from, outermost first; a circle ends the walk. */
function chainOf(name: string, profiles: Readonly<Record<string, Section>>): string[] {
  const chain: string[] = [];
  let link: string | undefined = name;
  while (link !== undefined && profiles[link] !== undefined && !chain.includes(link)) {
    chain.push(link);
    link = profiles[link]?.source_profile;
  }
  return chain;
}

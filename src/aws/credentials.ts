import { readFile } from 'node:fs/promises';
import { Failure } from '../text/failure.ts';
import type { Clock } from './clock.ts';
import type { Configuration } from './configuration.ts';
import { credentialFailure, isWrongMfaCode } from './credential-failure.ts';
import { describeProfile } from './profiles.ts';
import { readSharedFiles, sharedFilesVersion, sharedPaths } from './shared-files.ts';
import { type CredentialSource, signInAdvice } from './sign-in.ts';
import type { Transport } from './transport.ts';

/** Keys that sign requests. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/**
 * Asks the user for a code of the MFA device with this serial number; codes are good for one use. `refused` is what AWS
 * said of the code before.
 */
export type MfaCode = (serial: string, refused?: Failure) => Promise<string>;

/** What the shared provider of a session's credentials rests on. */
export interface CredentialOptions {
  readonly configuration: Configuration;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly transport: () => Promise<Transport>;
  /** Keys that are used as they are, such as the embedded region's. */
  readonly fixed: Credentials | undefined;
  readonly mfaCode: MfaCode | undefined;
  /** Longest wait for credentials in ms, the user's own time at a prompt not counted. */
  readonly timeout: number;
  /** Called when other credentials are in force. */
  readonly changed: () => void;
}

/** Credentials that end within this time are renewed before they are used, in ms; the SDK's own margin. */
const MARGIN = 5 * 60_000;
/** How often the shared files are looked at, in ms. */
const LOOK = 1_000;

/**
 * The one provider of a session's credentials, shared by all of its clients: what it got is remembered
 * until shortly before its end, a failure never is, and callers at the same time wait for the same
 * attempt, so that an MFA code is asked for once. When the shared files change (another terminal signed
 * in or out), what was remembered is dropped.
 */
export class SharedCredentials {
  readonly #options: CredentialOptions;
  #known: Credentials | undefined;
  #pending: Promise<Credentials> | undefined;
  #filesVersion: string | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #source: CredentialSource | undefined;

  constructor(options: CredentialOptions) {
    this.#options = options;
  }

  /** When the credentials in use end (ms since the epoch); undefined for long-lived or unknown ones. */
  get expiresAt(): number | undefined {
    return this.#known?.expiration?.getTime();
  }

  /** How this session's user signs in again. */
  get signIn(): string {
    return signInAdvice(this.#source ?? { type: 'none' });
  }

  /** The credentials; throws a Failure 'not-signed-in', 'expired', 'denied' or 'unreachable'. */
  readonly provide = async (): Promise<Credentials> => {
    if (this.#known !== undefined && !this.#endsSoon(this.#known)) return this.#known;
    this.#pending ??= this.#resolve().finally(() => {
      this.#pending = undefined;
    });
    try {
      return await this.#pending;
    } catch (error) {
      if (this.#known?.expiration !== undefined) {
        // Renewal failed, but what there is holds for some minutes yet.
        if (this.#known.expiration.getTime() > this.#options.clock.now()) return this.#known;
        this.drop();
      }
      throw error;
    }
  };

  /** Forgets the credentials: the service has refused them, or they have ended. */
  drop(): void {
    this.#known = undefined;
    this.#options.changed();
  }

  /** Drops the credentials when the shared files have changed since they were read; looks once a second at most. */
  async look(): Promise<void> {
    if (this.#options.fixed !== undefined || this.#known === undefined) return;
    const now = this.#options.clock.now();
    if (now - this.#lookedAt < LOOK) return;
    this.#lookedAt = now;
    if ((await sharedFilesVersion(this.#options.environment)) !== this.#filesVersion) this.drop();
  }

  #endsSoon(credentials: Credentials): boolean {
    const end = credentials.expiration?.getTime();
    return end !== undefined && end - this.#options.clock.now() < MARGIN;
  }

  async #resolve(): Promise<Credentials> {
    const { environment, fixed } = this.#options;
    this.#filesVersion = fixed === undefined ? await sharedFilesVersion(environment) : undefined;
    const source = await findSource(this.#options);
    this.#source = source;
    if (source.type === 'none') {
      throw new Failure('not-signed-in', 'There are no AWS credentials.', { advice: signInAdvice(source) });
    }
    const found = await this.#load(source);
    this.#known = found;
    this.#options.changed();
    return found;
  }

  /** A wrong MFA code is asked for again, with what AWS said of it, until it is right or none is given. */
  async #load(source: CredentialSource): Promise<Credentials> {
    const { mfaCode, timeout, configuration } = this.#options;
    let refused: Failure | undefined;
    let asked: boolean;
    const asking = (serial: string, ask: MfaCode) => {
      asked = true;
      return ask(serial, refused);
    };
    const ask = mfaCode && ((serial: string) => asking(serial, mfaCode));
    do {
      asked = false;
      try {
        return await withDeadline(timeout, ask, (timed) => load(source, this.#options, timed));
      } catch (error) {
        refused = credentialFailure(error, source, configuration.region);
      }
    } while (asked && isWrongMfaCode(refused));
    throw refused;
  }
}

/** Who would give credentials, in the SDK's order; the first that is set up is the one, so its error is the error. */
async function findSource({ configuration, environment, fixed }: CredentialOptions): Promise<CredentialSource> {
  if (fixed !== undefined) return { type: 'given' };
  const { profiles } = await readSharedFiles(environment);
  const profile = describeProfile(configuration.profile ?? 'default', profiles);
  if (configuration.profileChosen) return { type: 'profile', profile };
  if (environment.AWS_ACCESS_KEY_ID && environment.AWS_SECRET_ACCESS_KEY) return { type: 'environment' };
  if (profile.kind !== 'none') return { type: 'profile', profile };
  if (environment.AWS_WEB_IDENTITY_TOKEN_FILE && environment.AWS_ROLE_ARN) return { type: 'web-identity' };
  if (environment.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI || environment.AWS_CONTAINER_CREDENTIALS_FULL_URI) {
    return { type: 'container' };
  }
  return (await onInstance(environment)) ? { type: 'instance' } : { type: 'none' };
}

async function load(
  source: CredentialSource,
  options: CredentialOptions,
  mfaCode: MfaCode | undefined,
): Promise<Credentials> {
  const { configuration, environment, fixed } = options;
  if (source.type === 'given' && fixed !== undefined) return fixed;
  if (source.type === 'environment') return fromEnvironment(environment);
  const providers = await import('@aws-sdk/credential-providers');
  const requestHandler = await options.transport();
  const clientConfig = { requestHandler, maxAttempts: 2, userAgentAppId: 'mwaa-console' };
  const parentClientConfig = { region: configuration.region };
  const paths = sharedPaths(environment);
  switch (source.type) {
    case 'web-identity':
      return providers.fromTokenFile({
        clientConfig,
        parentClientConfig,
        ...given({
          webIdentityTokenFile: environment.AWS_WEB_IDENTITY_TOKEN_FILE,
          roleArn: environment.AWS_ROLE_ARN,
          roleSessionName: environment.AWS_ROLE_SESSION_NAME,
        }),
      })();
    case 'container':
      return providers.fromHttp({
        timeout: 1_000,
        maxRetries: 1,
        ...given({
          awsContainerCredentialsFullUri: environment.AWS_CONTAINER_CREDENTIALS_FULL_URI,
          awsContainerCredentialsRelativeUri: environment.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,
          awsContainerAuthorizationToken: environment.AWS_CONTAINER_AUTHORIZATION_TOKEN,
          awsContainerAuthorizationTokenFile: environment.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE,
        }),
      })();
    case 'instance':
      return providers.fromInstanceMetadata({ timeout: 1_000, maxRetries: 1 })();
    default: {
      const region = (source.type === 'profile' ? source.profile.region : undefined) ?? configuration.region;
      return providers.fromIni({
        profile: configuration.profile ?? 'default',
        configFilepath: paths.config,
        filepath: paths.credentials,
        ignoreCache: true,
        clientConfig,
        parentClientConfig,
        // The SDK would ask for the code while the credentials that assume the role are on their way: where there are
        // none the user would be asked in vain, and nobody hear of that failure. So it is asked for by who assumes it.
        mfaCodeProvider: async () => '',
        roleAssumer: (masterCredentials, params) =>
          providers.fromTemporaryCredentials({
            masterCredentials,
            params,
            ...(mfaCode === undefined ? {} : { mfaCodeProvider: mfaCode }),
            clientConfig: { ...clientConfig, region },
          })(),
      })();
    }
  }
}

/** The members that have a value. */
function given<Members extends Record<string, string | undefined>>(
  members: Members,
): { [Name in keyof Members]?: string } {
  const set = Object.entries(members).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(set) as { [Name in keyof Members]?: string };
}

function fromEnvironment(environment: NodeJS.ProcessEnv): Credentials {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION } = environment;
  const expiration = new Date(AWS_CREDENTIAL_EXPIRATION ?? '');
  return {
    accessKeyId: AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: AWS_SECRET_ACCESS_KEY ?? '',
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    ...(Number.isNaN(expiration.getTime()) ? {} : { expiration }),
  };
}

/**
 * Whether this machine is plausibly an EC2 instance: asking the metadata address elsewhere only costs
 * time (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html).
 */
async function onInstance(environment: NodeJS.ProcessEnv): Promise<boolean> {
  if (environment.AWS_EC2_METADATA_DISABLED?.toLowerCase() === 'true') return false;
  if (environment.AWS_EC2_METADATA_SERVICE_ENDPOINT) return true;
  const texts = await Promise.all(
    ['sys_vendor', 'board_asset_tag', 'product_uuid'].map((name) =>
      readFile(`/sys/devices/virtual/dmi/id/${name}`, 'utf8').catch(() => ''),
    ),
  );
  return texts.some((text) => /^(?:Amazon EC2|i-[0-9a-f]+|ec2)/i.test(text.trim()));
}

/** Ends a wait that is too long; the time that the user takes to type a code is not counted. */
function withDeadline<T>(
  timeout: number,
  mfaCode: MfaCode | undefined,
  run: (mfaCode: MfaCode | undefined) => Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  return new Promise<T>((resolve, reject) => {
    const start = () => {
      timer = setTimeout(() => {
        const advice = 'Check the network, the VPN and HTTPS_PROXY, or sign in with the aws command and try again.';
        reject(new Failure('unreachable', `No credentials after ${timeout / 1_000} s.`, { advice }));
      }, timeout);
    };
    const asking = async (ask: MfaCode, serial: string) => {
      clearTimeout(timer);
      return ask(serial).finally(start);
    };
    start();
    run(mfaCode && ((serial) => asking(mfaCode, serial))).then(resolve, reject);
  }).finally(() => clearTimeout(timer));
}

import type { ServiceName } from '../reference/operations.ts';
import { Failure } from '../text/failure.ts';
import { readSharedFiles, type Section, type SharedFiles, shownSharedPaths } from './shared-files.ts';

/** Where a session talks to, and as whom, before anything has been asked. */
export interface Configuration {
  readonly profile: string | undefined;
  /** True when the user named the profile, by option or AWS_PROFILE: keys of the environment are then ignored. */
  readonly profileChosen: boolean;
  readonly region: string;
  /** The endpoint that all services share when one is overridden. */
  readonly endpoint: string | undefined;
  /** The endpoint of one service; undefined where AWS's own is meant. */
  readonly endpointOf: (service: ServiceName) => string | undefined;
  /** File with certificates to trust, from AWS_CA_BUNDLE or the profile. */
  readonly caBundle: string | undefined;
}

/** What `openSession` was asked for, as far as it decides where to talk to. */
export interface ConfigurationOptions {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
}

/** Names of AWS_ENDPOINT_URL_<SERVICE>; small letters in the shared file's `[services]` sections. */
const ENDPOINT_NAMES: Readonly<Record<ServiceName, string>> = {
  mwaa: 'MWAA',
  ecs: 'ECS',
  logs: 'CLOUDWATCH_LOGS',
  s3: 'S3',
  sts: 'STS',
  iam: 'IAM',
  ec2: 'EC2',
  secretsManager: 'SECRETS_MANAGER',
};

/**
 * Settles profile, region and endpoints in the order of the AWS CLI: option, environment, profile
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
 * Fails with 'usage' when the profile is unknown, no region is set, or an endpoint is no URL.
 */
export async function readConfiguration(
  options: ConfigurationOptions,
  environment: NodeJS.ProcessEnv,
): Promise<Configuration> {
  const files = await readSharedFiles(environment);
  const chosen = given(options.profile) ?? given(environment.AWS_PROFILE);
  if (chosen !== undefined && files.profiles[chosen] === undefined) throw unknownProfile(chosen, files, environment);
  const section = files.profiles[chosen ?? 'default'] ?? {};
  const region =
    given(options.region) ??
    given(environment.AWS_REGION) ??
    given(environment.AWS_DEFAULT_REGION) ??
    given(section.region);
  if (region === undefined) throw noRegion(chosen);
  checkRegion(region);
  const endpoints = endpointsOf(options, environment, section, files);
  return {
    profile: chosen,
    profileChosen: chosen !== undefined,
    region,
    endpoint: endpoints(undefined),
    endpointOf: endpoints,
    caBundle: given(environment.AWS_CA_BUNDLE) ?? given(section.ca_bundle),
  };
}

function endpointsOf(
  options: ConfigurationOptions,
  environment: NodeJS.ProcessEnv,
  section: Section,
  files: SharedFiles,
): (service: ServiceName | undefined) => string | undefined {
  const ignored = [environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, section.ignore_configured_endpoint_urls].some(
    (value) => value?.toLowerCase() === 'true',
  );
  const services = section.services === undefined ? {} : (files.services[section.services] ?? {});
  return (service) => {
    const name = service === undefined ? undefined : ENDPOINT_NAMES[service];
    const configured = ignored
      ? undefined
      : ((name && given(environment[`AWS_ENDPOINT_URL_${name}`])) ??
        given(environment.AWS_ENDPOINT_URL) ??
        (name && given(services[`${name.toLowerCase()}.endpoint_url`])) ??
        given(section.endpoint_url));
    const url = given(options.endpoint) ?? configured;
    return url === undefined ? undefined : checkedUrl(url);
  };
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text;
  throw new Failure('usage', `The endpoint ${JSON.stringify(text)} is no http or https URL.`, {
    advice: 'Give --endpoint-url or AWS_ENDPOINT_URL as http://host:port or https://host.',
    resource: text,
  });
}

/** A region becomes part of host names, so nothing else than a region's letters may be in it. */
function checkRegion(region: string): void {
  if (/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(region)) return;
  throw new Failure('usage', `${JSON.stringify(region)} is no AWS region.`, {
    advice: 'Give a region such as eu-west-1 with --region or AWS_REGION.',
    resource: region,
  });
}

function noRegion(profile: string | undefined): Failure {
  const file = profile === undefined ? 'the default profile' : `profile ${profile}`;
  return new Failure('usage', `No AWS region is set: neither --region, AWS_REGION nor ${file} names one.`, {
    advice: `Add --region eu-west-1, or run: aws configure set region eu-west-1${profile === undefined ? '' : ` --profile ${profile}`}`,
  });
}

function unknownProfile(name: string, files: SharedFiles, environment: NodeJS.ProcessEnv): Failure {
  const { config, credentials } = shownSharedPaths(environment);
  const known = Object.keys(files.profiles).sort();
  return new Failure('usage', `The AWS profile ${JSON.stringify(name)} does not exist.`, {
    advice:
      known.length === 0
        ? `There are no profiles in ${config} and ${credentials} yet; run: aws configure sso`
        : `Profiles that exist: ${known.join(', ')}.`,
    resource: name,
  });
}

function given(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}

import { Airflow } from '../airflow/airflow.ts';
import { isStructure } from '../members.ts';
import type { Region } from '../region.ts';
import { AwsError, type Call, type Input } from '../service.ts';
import { jsonAnswer, type WireAnswer, type WireRequest, type WireService } from '../wire.ts';
import { airflowLogGroup, arn, environmentArn } from '../world/names.ts';
import { hostOf } from './airflow-host.ts';
import { type Environment, environmentShape, type Installed, LOG_MODULES, type Settings } from './environment.ts';
import { DURATIONS, runUpdate, startOutcome } from './life.ts';
import { airflowRole, invokeRestApi } from './rest-api.ts';
import { bucketOf, defaults, merged } from './settings.ts';
import { CREATE, invalid, NAME, TAGS, UPDATE, validate } from './shapes.ts';
import { Tokens } from './tokens.ts';
import { answerWebServer, isWebServerPath } from './web-server.ts';
import { seedEnvironments } from './world.ts';

/** Most names in a page of ListEnvironments. */
const PAGE = 25;

type Route = (call: Call, input: Input, resource: string) => WireAnswer | Promise<WireAnswer>;

/** Amazon MWAA: environments that live, and their Airflows. */
export class MwaaService implements WireService {
  readonly tokens: Tokens;
  readonly #region: Region;
  readonly #environments = new Map<string, Environment>();
  readonly #routes: readonly (readonly [method: string, path: RegExp, operation: string, member: string, run: Route])[];

  constructor(region: Region) {
    this.#region = region;
    this.tokens = new Tokens(region);
    const named = /^\/environments\/([^/]+)$/;
    this.#routes = [
      ['GET', /^\/environments$/, 'ListEnvironments', '', (call, input) => this.#list(call, input)],
      ['GET', named, 'GetEnvironment', 'Name', (call, _, name) => this.#get(call, name)],
      ['PUT', named, 'CreateEnvironment', 'Name', (call, input, name) => this.#create(call, input, name)],
      ['PATCH', named, 'UpdateEnvironment', 'Name', (call, input, name) => this.#update(call, input, name)],
      ['DELETE', named, 'DeleteEnvironment', 'Name', (call, _, name) => this.#delete(call, name)],
      ['POST', /^\/clitoken\/([^/]+)$/, 'CreateCliToken', 'Name', (call, _, name) => this.#cliToken(call, name)],
      ['POST', /^\/webtoken\/([^/]+)$/, 'CreateWebLoginToken', 'Name', (call, _, name) => this.#webToken(call, name)],
      ['POST', /^\/restapi\/([^/]+)$/, 'InvokeRestApi', 'Name', (call, input, name) => this.#invoke(call, input, name)],
      ['GET', /^\/tags\/(.+)$/, 'ListTagsForResource', 'ResourceArn', (call, _, of) => this.#listTags(call, of)],
      ['POST', /^\/tags\/(.+)$/, 'TagResource', 'ResourceArn', (call, input, of) => this.#tag(call, input, of)],
      ['DELETE', /^\/tags\/(.+)$/, 'UntagResource', 'ResourceArn', (call, input, of) => this.#untag(call, input, of)],
    ];
  }

  /** Makes the environments that there are, after everything that they stand on. */
  start(): void {
    seedEnvironments(this, this.#region);
  }

  environment(name: string): Environment | undefined {
    return this.#environments.get(name);
  }

  /** All environments, by name. */
  environments(): readonly Environment[] {
    return [...this.#environments.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  arnOf(name: string): string {
    return environmentArn(name);
  }

  /** An environment's Airflow, once it has been created. */
  airflow(name: string): Airflow | undefined {
    return this.#environments.get(name)?.airflow;
  }

  /** Adds an environment of the world and starts its Airflow. */
  add(environment: Environment): void {
    this.#environments.set(environment.name, environment);
    this.#createGroups(environment);
    if (environment.airflow === undefined) this.startAirflow(environment, { seeded: true });
  }

  /**
   * Starts an environment's Airflow, with the runs that the world knows of or empty; none where a real one has
   * been put in its place, or each of its tasks would run twice.
   */
  startAirflow(environment: Environment, options: { readonly seeded: boolean }): void {
    if (this.#region.options.airflow?.[environment.name] !== undefined) return;
    environment.airflow = new Airflow(hostOf(this.#region, environment));
    environment.airflow.start(options);
  }

  /** Begins an update, `elapsed` ms ago, and carries it to its end. */
  beginUpdate(
    environment: Environment,
    wanted: Settings,
    strategy: 'FORCED' | 'GRACEFUL' | undefined,
    elapsed = 0,
  ): void {
    const createdAt = this.#region.clock.now() - elapsed;
    environment.status = 'UPDATING';
    environment.lastUpdate = { status: 'PENDING', createdAt, error: undefined, source: undefined, strategy };
    const ended = (): void => {
      environment.reachable = true;
      environment.airflow?.restart();
    };
    const succeeded = (installed: Installed): void => {
      const moved =
        bucketOf(wanted) !== bucketOf(environment.settings) || wanted.dagS3Path !== environment.settings.dagS3Path;
      environment.settings = wanted;
      environment.installed = installed;
      environment.status = 'AVAILABLE';
      environment.lastUpdate = { status: 'SUCCESS', createdAt, error: undefined, source: undefined, strategy };
      this.#createGroups(environment);
      ended();
      if (moved) environment.airflow?.restart();
    };
    const failed = (code: string, message: string): void => {
      environment.status = 'UPDATE_FAILED';
      environment.lastUpdate = { status: 'FAILED', createdAt, error: { code, message }, source: undefined, strategy };
      ended();
    };
    runUpdate(this.#region, environment, wanted, strategy ?? 'FORCED', { succeeded, failed }, elapsed);
  }

  async handle(request: WireRequest): Promise<WireAnswer> {
    if (isWebServerPath(request.path)) return answerWebServer(this, request);
    const path = request.path.replace(/\/+$/, '') || '/';
    for (const [method, pattern, operation, member, run] of this.#routes) {
      const match = pattern.exec(path);
      if (method !== request.method || match === null) continue;
      const resource = decoded(match[1] ?? '');
      const body = readBody(request);
      const query = Object.fromEntries(
        [...new Set(request.query.keys())].map((name) => [
          name,
          name === 'tagKeys' ? request.query.getAll(name) : request.query.get(name),
        ]),
      );
      const input = { ...(member === '' ? {} : { [member]: resource }), ...query, ...body };
      return request.perform(operation, input, (call) => run(call, { ...query, ...body }, resource));
    }
    throw new AwsError('UnknownOperationException', '', 404);
  }

  #found(name: string): Environment {
    validate({ Name: name }, { kind: 'structure', members: { Name: NAME }, required: ['Name'] });
    const environment = this.#environments.get(name);
    if (environment === undefined) {
      throw new AwsError(
        'ResourceNotFoundException',
        `The environment named ${name} does not exist in this account.`,
        404,
      );
    }
    return environment;
  }

  #list(call: Call, input: Input): WireAnswer {
    call.authorize('airflow:ListEnvironments', '*');
    const asked = input.MaxResults;
    const most = asked === undefined ? PAGE : Number(asked);
    if (!Number.isInteger(most) || most < 1 || most > PAGE) {
      const constraint = most > PAGE ? `less than or equal to ${PAGE}` : 'greater than or equal to 1';
      throw invalid(
        `1 validation error detected: Value '${asked}' at 'maxResults' failed to satisfy constraint: Member must have value ${constraint}`,
      );
    }
    const names = this.environments().map(({ name }) => name);
    const from = input.NextToken === undefined ? 0 : readToken(String(input.NextToken), names);
    const page = names.slice(from, from + most);
    const rest =
      from + most < names.length ? { NextToken: Buffer.from(`after:${page.at(-1)}`).toString('base64') } : {};
    return jsonAnswer(200, { Environments: page, ...rest });
  }

  #get(call: Call, name: string): WireAnswer {
    call.authorize('airflow:GetEnvironment', environmentArn(name));
    return jsonAnswer(200, { Environment: environmentShape(this.#found(name)) });
  }

  #update(call: Call, input: Input, name: string): WireAnswer {
    call.authorize('airflow:UpdateEnvironment', environmentArn(name));
    validate(input, UPDATE);
    const environment = this.#found(name);
    if (environment.status !== 'AVAILABLE' && environment.status !== 'UPDATE_FAILED') {
      throw invalid(`Environments with ${environment.status} status cannot be updated.`);
    }
    const wanted = merged(environment.settings, input, call, environment);
    const strategy = input.WorkerReplacementStrategy;
    this.beginUpdate(environment, wanted, strategy === 'GRACEFUL' || strategy === 'FORCED' ? strategy : undefined);
    return jsonAnswer(200, { Arn: environment.arn });
  }

  #create(call: Call, input: Input, name: string): WireAnswer {
    const region = this.#region;
    call.authorize('airflow:CreateEnvironment', environmentArn(name));
    validate(input, CREATE);
    validate({ Name: name }, { kind: 'structure', members: { Name: NAME }, required: ['Name'] });
    if (this.#environments.has(name)) throw invalid(`Environment ${name} already exists.`);
    const settings = merged(defaults(input), { ...input, Name: name }, call, undefined);
    const network = isStructure(input.NetworkConfiguration) ? input.NetworkConfiguration : {};
    const subnetIds = (network.SubnetIds as readonly string[] | undefined) ?? [];
    this.#checkNetwork(subnetIds, settings.securityGroupIds);
    const managed = input.EndpointManagement === 'CUSTOMER' ? 'CUSTOMER' : 'SERVICE';
    const environment: Environment = {
      name,
      arn: environmentArn(name),
      createdAt: region.clock.now(),
      subnetIds,
      kmsKey: typeof input.KmsKey === 'string' ? input.KmsKey : undefined,
      endpointManagement: managed,
      celeryQueue: arn('sqs', `airflow-celery-${region.uuid()}`),
      webserverHost: `${region.uuid()}.c3.airflow.${region.name}.on.aws`,
      urlHasScheme: true,
      databaseService: `com.amazonaws.vpce.${region.name}.vpce-svc-0${region.hex(16)}`,
      webserverService: `com.amazonaws.vpce.${region.name}.vpce-svc-0${region.hex(16)}`,
      tags: new Map(
        Object.entries(isStructure(input.Tags) ? input.Tags : {}).map(([key, value]) => [key, String(value)]),
      ),
      status: 'CREATING',
      settings,
      lastUpdate: undefined,
      installed: { distributions: new Set(), versions: new Map(), pluginModules: new Set() },
      airflow: undefined,
      reachable: false,
    };
    this.#environments.set(name, environment);
    this.#createGroups(environment);
    this.#live(environment);
    return jsonAnswer(200, { Arn: environment.arn });
  }

  /** A new environment's way to AVAILABLE; with the customer's own endpoints it waits for them. */
  #live(environment: Environment): void {
    const { clock } = this.#region;
    const still = (status: Environment['status']): boolean =>
      environment.status === status && this.#environments.get(environment.name) === environment;
    if (environment.endpointManagement === 'CUSTOMER') {
      clock.after(DURATIONS.create / 3, () => {
        if (still('CREATING')) environment.status = 'PENDING';
      });
      clock.after(DURATIONS.pending, () => {
        if (still('PENDING')) environment.status = 'CREATE_FAILED';
      });
      return;
    }
    const outcome = startOutcome(this.#region, environment.name, environment.settings);
    clock.after(DURATIONS.create, () => {
      if (!still('CREATING')) return;
      if (outcome.failure !== undefined) {
        environment.status = 'CREATE_FAILED';
        return;
      }
      environment.installed = outcome.installed;
      environment.status = 'AVAILABLE';
      environment.reachable = true;
      this.startAirflow(environment, { seeded: false });
    });
  }

  #checkNetwork(subnetIds: readonly string[], groups: readonly string[]): void {
    const { subnets, securityGroups } = this.#region.ec2;
    const found = subnetIds.map((id) => subnets.get(id));
    const missing = subnetIds.find((id) => !subnets.has(id));
    if (missing !== undefined) throw invalid(`The subnet ID '${missing}' does not exist.`);
    const group = groups.find((id) => !securityGroups.has(id));
    if (group !== undefined) throw invalid(`The security group '${group}' does not exist.`);
    if (new Set(found.map((subnet) => subnet?.availabilityZone)).size < 2) {
      throw invalid('The subnets must be in two different Availability Zones.');
    }
  }

  #createGroups(environment: Environment): void {
    for (const [module, name] of Object.entries(LOG_MODULES)) {
      const logging = environment.settings.logging[module as keyof typeof LOG_MODULES];
      if (logging.Enabled) this.#region.logs.createGroup(airflowLogGroup(environment.name, name));
    }
  }

  #delete(call: Call, name: string): WireAnswer {
    call.authorize('airflow:DeleteEnvironment', environmentArn(name));
    const environment = this.#found(name);
    const deletable = ['AVAILABLE', 'UPDATE_FAILED', 'CREATE_FAILED', 'UNAVAILABLE', 'PENDING'];
    if (!deletable.includes(environment.status)) {
      throw invalid(`Environments with ${environment.status} status cannot be deleted.`);
    }
    environment.status = 'DELETING';
    environment.reachable = false;
    environment.airflow?.stop();
    this.#region.clock.after(DURATIONS.delete, () => this.#environments.delete(name));
    return jsonAnswer(200, {});
  }

  #cliToken(call: Call, name: string): WireAnswer {
    call.authorize('airflow:CreateCliToken', environmentArn(name));
    const environment = this.#found(name);
    return jsonAnswer(200, {
      CliToken: this.tokens.give(name, 'cli', 'Admin'),
      WebServerHostname: environment.webserverHost,
    });
  }

  #webToken(call: Call, name: string): WireAnswer {
    const role = airflowRole(call, 'airflow:CreateWebLoginToken', name);
    const environment = this.#found(name);
    const identity = call.caller.arn.split(':').at(-1) ?? '';
    return jsonAnswer(200, {
      WebToken: this.tokens.give(name, 'web', role),
      WebServerHostname: environment.webserverHost,
      IamIdentity: identity,
      AirflowIdentity: identity.slice(0, 64),
    });
  }

  async #invoke(call: Call, input: Input, name: string): Promise<WireAnswer> {
    const answer = await invokeRestApi(this.#found(name), input, call);
    return jsonAnswer(200, { RestApiStatusCode: answer.status, RestApiResponse: answer.body ?? {} });
  }

  #tagged(call: Call, action: string, resource: string): Environment {
    call.authorize(`airflow:${action}`, resource);
    const environment = this.environments().find((each) => each.arn === resource);
    if (environment === undefined)
      throw new AwsError('ResourceNotFoundException', `Resource ${resource} does not exist.`, 404);
    return environment;
  }

  #listTags(call: Call, resource: string): WireAnswer {
    return jsonAnswer(200, { Tags: Object.fromEntries(this.#tagged(call, 'ListTagsForResource', resource).tags) });
  }

  #tag(call: Call, input: Input, resource: string): WireAnswer {
    const { tags } = this.#tagged(call, 'TagResource', resource);
    validate(input, { kind: 'structure', members: { Tags: TAGS }, required: ['Tags'] });
    for (const [key, value] of Object.entries(isStructure(input.Tags) ? input.Tags : {})) tags.set(key, String(value));
    return jsonAnswer(200, {});
  }

  #untag(call: Call, input: Input, resource: string): WireAnswer {
    const { tags } = this.#tagged(call, 'UntagResource', resource);
    for (const key of Array.isArray(input.tagKeys) ? input.tagKeys : []) tags.delete(String(key));
    return jsonAnswer(200, {});
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readBody({ body }: WireRequest): Input {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON.');
  }
  if (!isStructure(value)) throw new AwsError('SerializationException', 'The request body must be a JSON object.');
  return value;
}

/** Where a page begins. */
function readToken(token: string, names: readonly string[]): number {
  const text = Buffer.from(token, 'base64').toString('utf8');
  const last = text.startsWith('after:') ? text.slice('after:'.length) : undefined;
  if (last === undefined) throw invalid('The provided NextToken is invalid.');
  return names.findIndex((name) => name > last) < 0 ? names.length : names.findIndex((name) => name > last);
}

import type {
  Environment as SdkEnvironment,
  LastUpdate as SdkLastUpdate,
  UpdateEnvironmentInput,
} from '@aws-sdk/client-mwaa';
import { type Answer, restJsonCommand } from './rest-json-command.ts';

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** `LastUpdate` with what has come since 2024; status values are raw. */
interface LastUpdate extends Omit<SdkLastUpdate, 'Status'> {
  readonly Status?: string;
  /** Since 2025-05: `FORCED` or `GRACEFUL`. */
  readonly WorkerReplacementStrategy?: string;
}

/** An environment as MWAA describes it, members newer than the SDK's model included; enumerations are raw. */
export interface Environment
  extends Omit<SdkEnvironment, 'Status' | 'WebserverAccessMode' | 'EndpointManagement' | 'LastUpdate'> {
  readonly Status?: string;
  /** `PRIVATE_ONLY`, `PUBLIC_ONLY` and, since 2026-05, `PUBLIC_AND_PRIVATE`. */
  readonly WebserverAccessMode?: string;
  readonly EndpointManagement?: string;
  /** Since 2024-05. */
  readonly MinWebservers?: number;
  readonly MaxWebservers?: number;
  readonly LastUpdate?: LastUpdate;
}

/** UpdateEnvironment's input with what has come since 2024. */
export interface UpdateEnvironmentRequest extends Omit<UpdateEnvironmentInput, 'Name' | 'WebserverAccessMode'> {
  readonly Name: string;
  readonly WebserverAccessMode?: string;
  readonly MinWebservers?: number;
  readonly MaxWebservers?: number;
  /** `FORCED` stops workers at once, `GRACEFUL` lets them end their tasks (up to 12 h). */
  readonly WorkerReplacementStrategy?: 'FORCED' | 'GRACEFUL';
}

/** One call of an environment's Airflow REST API, carried by MWAA. */
export interface InvokeRestApiRequest {
  /** The environment's name. */
  readonly Name: string;
  /** Without version: `/dags`; at most 64 characters. */
  readonly Path: string;
  readonly Method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly QueryParameters?: { readonly [key: string]: Json | undefined };
  readonly Body?: { readonly [key: string]: Json | undefined };
}

/** What Airflow answered. */
export interface InvokeRestApiAnswer extends Answer {
  readonly RestApiStatusCode?: number;
  /** A JSON value, or a string where Airflow sent something else. */
  readonly RestApiResponse?: Json;
}

/** POST /restapi/{Name}; errors RestApiClientException and RestApiServerException carry Airflow's answer. */
export const InvokeRestApiCommand = restJsonCommand<InvokeRestApiRequest, InvokeRestApiAnswer>({
  name: 'InvokeRestApi',
  method: 'POST',
  hostPrefix: 'env.',
  path: (input) => `/restapi/${encodeURIComponent(input.Name.toWellFormed())}`,
  body: ({ Name: _, ...body }) => body,
  output: (json) => ({
    ...(typeof json.RestApiStatusCode === 'number' ? { RestApiStatusCode: json.RestApiStatusCode } : {}),
    ...(json.RestApiResponse === undefined ? {} : { RestApiResponse: json.RestApiResponse as Json }),
  }),
});

/** GET /environments/{Name}, with every member that the service sends. */
export const GetEnvironmentCommand = restJsonCommand<
  { readonly Name: string },
  Answer & { readonly Environment?: Environment }
>({
  name: 'GetEnvironment',
  method: 'GET',
  hostPrefix: 'api.',
  path: (input) => `/environments/${encodeURIComponent(input.Name.toWellFormed())}`,
  body: () => undefined,
  output: (json) => (isObject(json.Environment) ? { Environment: environmentFrom(json.Environment) } : {}),
});

/** PATCH /environments/{Name}; only the members given change. */
export const UpdateEnvironmentCommand = restJsonCommand<UpdateEnvironmentRequest, Answer & { readonly Arn?: string }>({
  name: 'UpdateEnvironment',
  method: 'PATCH',
  hostPrefix: 'api.',
  path: (input) => `/environments/${encodeURIComponent(input.Name.toWellFormed())}`,
  body: ({ Name: _, ...body }) => body,
  output: (json) => (typeof json.Arn === 'string' ? { Arn: json.Arn } : {}),
});

/** Times come as seconds since the epoch; everything else is passed on as it is. */
function environmentFrom(json: Readonly<Record<string, unknown>>): Environment {
  const { CreatedAt: createdAt, LastUpdate: lastUpdate, ...members } = json;
  return {
    ...members,
    ...dateMember(createdAt),
    ...(isObject(lastUpdate) ? { LastUpdate: { ...lastUpdate, ...dateMember(lastUpdate.CreatedAt) } } : {}),
  };
}

function dateMember(value: unknown): { CreatedAt?: Date } {
  if (typeof value === 'number') return { CreatedAt: new Date(value * 1_000) };
  return typeof value === 'string' ? { CreatedAt: new Date(value) } : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

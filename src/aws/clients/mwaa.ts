import {
  CreateCliTokenCommand,
  CreateWebLoginTokenCommand,
  ListEnvironmentsCommand,
  ListTagsForResourceCommand,
  MWAAClient,
} from '@aws-sdk/client-mwaa';
import { GetEnvironmentCommand, InvokeRestApiCommand, UpdateEnvironmentCommand } from '../mwaa-commands.ts';

export const Client = MWAAClient;
export const commands = {
  CreateCliToken: CreateCliTokenCommand,
  CreateWebLoginToken: CreateWebLoginTokenCommand,
  GetEnvironment: GetEnvironmentCommand,
  InvokeRestApi: InvokeRestApiCommand,
  ListEnvironments: ListEnvironmentsCommand,
  ListTagsForResource: ListTagsForResourceCommand,
  UpdateEnvironment: UpdateEnvironmentCommand,
};

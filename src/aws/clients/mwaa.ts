import {
  CreateCliTokenCommand,
  CreateWebLoginTokenCommand,
  GetEnvironmentCommand,
  ListEnvironmentsCommand,
  ListTagsForResourceCommand,
  MWAAClient,
  UpdateEnvironmentCommand,
} from '@aws-sdk/client-mwaa';

export const Client = MWAAClient;
export const commands = {
  CreateCliToken: CreateCliTokenCommand,
  CreateWebLoginToken: CreateWebLoginTokenCommand,
  GetEnvironment: GetEnvironmentCommand,
  ListEnvironments: ListEnvironmentsCommand,
  ListTagsForResource: ListTagsForResourceCommand,
  UpdateEnvironment: UpdateEnvironmentCommand,
};

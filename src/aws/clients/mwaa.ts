import { GetEnvironmentCommand, ListEnvironmentsCommand, MWAAClient } from '@aws-sdk/client-mwaa';

export const Client = MWAAClient;
export const commands = { GetEnvironment: GetEnvironmentCommand, ListEnvironments: ListEnvironmentsCommand };

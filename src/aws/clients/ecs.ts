import { DescribeClustersCommand, ECSClient, ListClustersCommand, RunTaskCommand } from '@aws-sdk/client-ecs';

export const Client = ECSClient;
export const commands = {
  DescribeClusters: DescribeClustersCommand,
  ListClusters: ListClustersCommand,
  RunTask: RunTaskCommand,
};

import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';

export const Client = CloudWatchLogsClient;
export const commands = {
  CreateLogGroup: CreateLogGroupCommand,
  DeleteLogGroup: DeleteLogGroupCommand,
  DescribeLogGroups: DescribeLogGroupsCommand,
  DescribeLogStreams: DescribeLogStreamsCommand,
  FilterLogEvents: FilterLogEventsCommand,
  GetLogEvents: GetLogEventsCommand,
  ListTagsForResource: ListTagsForResourceCommand,
  PutRetentionPolicy: PutRetentionPolicyCommand,
  TagResource: TagResourceCommand,
};

import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  FilterLogEventsResponse$,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';

// The events of a page (up to 10,000) are taken as JSON gives them: reading each against the SDK's shape takes longer than
// all the rest of a page. A member whose shape is a plain text (0) is handed on as it is.
FilterLogEventsResponse$[5][0] = 0;

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

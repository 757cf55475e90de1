/** The parts of an Amazon Resource Name. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  /** Empty for global services. */
  readonly region: string;
  /** Empty where the service leaves it out, such as S3. */
  readonly account: string;
  /** Everything after the fifth colon, as it came: `environment/data-prod`, `log-group:/ecs/x:*`. */
  readonly resource: string;
}

/** The parts of an ARN; undefined when the text is none. */
export function parseArn(text: string): Arn | undefined {
  const parts = text.split(':');
  const [prefix, partition, service, region, account] = parts;
  const resource = parts.slice(5).join(':');
  if (prefix !== 'arn' || !partition || !service || resource === '') return undefined;
  return { partition, service, region: region ?? '', account: account ?? '', resource };
}

/** The text of an ARN; `parseArn` of it gives the same parts. */
export function formatArn(arn: Arn): string {
  return ['arn', arn.partition, arn.service, arn.region, arn.account, arn.resource].join(':');
}

/**
 * The name at an ARN's end: `environment/data-prod` is `data-prod`, `task/cluster/id` is `id`,
 * `log-group:/ecs/x:*` is `/ecs/x`. A text that is no ARN is returned as it is.
 */
export function arnName(text: string): string {
  const resource = parseArn(text)?.resource;
  if (resource === undefined) return text;
  const [, afterColon] = /^[^:/]+:(.+?)(?::\*)?$/.exec(resource) ?? [];
  return afterColon ?? resource.slice(resource.lastIndexOf('/') + 1);
}

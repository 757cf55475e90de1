import { AwsError } from '../service.ts';

/** ECS's refusal of a parameter. */
export const invalidParameter = (message: string): AwsError => new AwsError('InvalidParameterException', message);

/** ECS's refusal of what a caller asked of a resource. */
export const clientError = (message: string): AwsError => new AwsError('ClientException', message);

export const clusterNotFound = (): AwsError => new AwsError('ClusterNotFoundException', 'Cluster not found.');

export const serviceNotFound = (): AwsError => new AwsError('ServiceNotFoundException', 'Service not found.');

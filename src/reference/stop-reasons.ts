/** What is known of a stopped task or container; every text raw, as ECS gave it. */
export interface StopFacts {
  readonly stopCode: string | undefined;
  readonly stoppedReason: string | undefined;
  /** The container's own reason. */
  readonly reason: string | undefined;
  readonly exitCode: number | undefined;
}

/** A known way to stop: what it means and the first thing to check. */
export interface StopReason {
  readonly id: string;
  /** Whether the facts are of this kind. */
  readonly matches: (facts: StopFacts, text: string) => boolean;
  readonly meaning: string;
  /** The first thing to check, one or two sentences. */
  readonly advice: string;
  /** Where this is written down. */
  readonly source: string;
}

const ERROR_CODES = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html';
const TASK_STOPPED = 'https://repost.aws/knowledge-center/ecs-task-stopped';
const LIFECYCLE = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html';
const EXIT_CODES = 'https://docs.docker.com/engine/containers/run/#exit-status';
const OPENMETADATA = 'https://github.com/open-metadata/OpenMetadata/blob/main/ingestion/operators/docker/main.py';

const said =
  (pattern: RegExp): StopReason['matches'] =>
  (_facts, text) =>
    pattern.test(text);
const exited =
  (code: number): StopReason['matches'] =>
  (facts) =>
    facts.exitCode === code;

/** In order: the first match counts. Texts are matched on the stopped reason and the container's reason together. */
export const stopReasons: readonly StopReason[] = [
  {
    id: 'pull-not-found',
    matches: said(
      /CannotPull\w*Error[\s\S]*(?:not found|manifest unknown|no matching manifest|does not exist|unknown blob)/i,
    ),
    meaning: 'The image could not be pulled: the registry has no such image or tag, or none for this architecture',
    advice: 'Check image name, tag and CPU architecture in the task definition.',
    source: ERROR_CODES,
  },
  {
    id: 'pull-rate-limit',
    matches: said(/CannotPull\w*Error[\s\S]*(?:toomanyrequests|rate limit)/i),
    meaning: 'The image could not be pulled: the registry limits how often it may be asked',
    advice: 'Docker Hub limits anonymous pulls by address: mirror the image to ECR and use that one, or sign in to it.',
    source: ERROR_CODES,
  },
  {
    id: 'pull-denied',
    matches: said(
      /CannotPull\w*Error[\s\S]*(?:no basic auth|denied|unauthorized|403 forbidden|not authorized|authorization)/i,
    ),
    meaning: 'The image could not be pulled: the registry refused',
    advice:
      'Give the task execution role ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer, or credentials for a private registry.',
    source: ERROR_CODES,
  },
  {
    id: 'pull-disk',
    matches: said(/CannotPull\w*Error[\s\S]*no space left/i),
    meaning: "The image could not be pulled: it does not fit the task's disk",
    advice: 'Raise ephemeralStorage in the task definition (20 GiB by default) or use a smaller image.',
    source: ERROR_CODES,
  },
  {
    id: 'pull-no-route',
    matches: said(/CannotPull\w*Error/i),
    meaning: 'The image could not be pulled: the registry was not reached',
    advice:
      'Check the way out of the subnets: a NAT gateway, a public IP, or VPC endpoints for ecr.api, ecr.dkr and s3; and that the security groups let port 443 out.',
    source: ERROR_CODES,
  },
  {
    id: 'secret-denied',
    matches: said(
      /ResourceInitializationError[\s\S]*(?:secret|ssm|registry auth)[\s\S]*(?:AccessDenied|not authorized|is not authorized)/i,
    ),
    meaning: 'The task did not start: its execution role may not read the secret',
    advice:
      'Allow secretsmanager:GetSecretValue on the secret (and kms:Decrypt on its key) to the task execution role.',
    source: ERROR_CODES,
  },
  {
    id: 'secret-missing',
    matches: said(
      /ResourceInitializationError[\s\S]*secret[\s\S]*(?:ResourceNotFoundException|can't find the specified secret|did not contain json key|marked for deletion)/i,
    ),
    meaning: 'The task did not start: the secret that its definition names is not there, or lacks the key',
    advice: 'Check the ARN under secrets in the task definition, and that the secret is not scheduled for deletion.',
    source: ERROR_CODES,
  },
  {
    id: 'secret-no-route',
    matches: said(/ResourceInitializationError[\s\S]*(?:unable to pull secrets|registry auth)/i),
    meaning: 'The task did not start: its secrets or registry credentials could not be fetched',
    advice:
      'Check the task execution role (secretsmanager, ssm, ecr, kms) and its way there: NAT, a public IP or VPC endpoints, and DNS in the VPC.',
    source: ERROR_CODES,
  },
  {
    id: 'log-group-missing',
    matches: said(
      /ResourceInitializationError[\s\S]*(?:logging driver|log group|awslogs)[\s\S]*(?:ResourceNotFoundException|does not exist)/i,
    ),
    meaning: 'The task did not start: the log group that its definition names does not exist',
    advice:
      'Create the log group, or set awslogs-create-group and allow logs:CreateLogGroup to the task execution role.',
    source: ERROR_CODES,
  },
  {
    id: 'log-driver',
    matches: said(/ResourceInitializationError[\s\S]*(?:logging driver|awslogs|logger)/i),
    meaning: 'The task did not start: its log driver could not be set up',
    advice:
      'Check the awslogs options of the task definition, logs:CreateLogStream and logs:PutLogEvents of the task execution role, and the way to CloudWatch Logs.',
    source: ERROR_CODES,
  },
  {
    id: 'env-file',
    matches: said(/ResourceInitializationError[\s\S]*(?:env(?:ironment)? ?files?)/i),
    meaning: 'The task did not start: its environment file could not be read from S3',
    advice: "Check the object's key, s3:GetObject of the task execution role, and the way to S3.",
    source: ERROR_CODES,
  },
  {
    id: 'initialization',
    matches: said(/ResourceInitializationError/i),
    meaning: 'The task did not start: what it needs could not be prepared',
    advice: 'Read the raw reason; most often it is the task execution role or the way out of the subnets.',
    source: ERROR_CODES,
  },
  {
    id: 'out-of-memory',
    matches: said(/OutOfMemory/i),
    meaning: 'The container was killed because it needed more memory than it has',
    advice: 'Raise memory in the task definition; OpenMetadata ingestion wants 4096 MiB, profiling 8192.',
    source: ERROR_CODES,
  },
  {
    id: 'cannot-start',
    matches: said(/CannotStartContainerError|CannotCreateContainerError/i),
    meaning: 'The container could not be started',
    advice: "Check command and entry point, and that the image is for the task's CPU architecture (exec format error).",
    source: ERROR_CODES,
  },
  {
    id: 'platform',
    matches: said(
      /ContainerRuntimeTimeoutError|ContainerRuntimeError|CannotInspectContainerError|CannotCreateVolumeError|InternalError/i,
    ),
    meaning: 'The platform under the container failed',
    advice: 'Run it once more; if it stays, open a case with AWS.',
    source: ERROR_CODES,
  },
  {
    id: 'network-interface',
    matches: said(/network interface provisioning|unexpected EC2 error while attempting to .*network interface/i),
    meaning: 'The task got no network interface',
    advice: 'Check that the subnets have free addresses; else it passes: run it once more.',
    source: ERROR_CODES,
  },
  {
    id: 'spot',
    matches: (facts, text) => facts.stopCode === 'SpotInterruption' || /spot .*(?:interrupt|capacity)/i.test(text),
    meaning: 'AWS took the Spot capacity back',
    advice: 'Run it again, on FARGATE instead of FARGATE_SPOT if it has to end.',
    source: LIFECYCLE,
  },
  {
    id: 'capacity',
    matches: said(/capacity is unavailable|insufficient capacity|RESOURCE:(?:CPU|MEMORY|ENI|FARGATE)/i),
    meaning: 'AWS has no capacity for this task now',
    advice: 'Try again in some minutes, with subnets of more zones, or another size.',
    source: 'https://repost.aws/knowledge-center/ecs-fargate-runtask-capacity',
  },
  {
    id: 'stopped-by-user',
    matches: (facts) => facts.stopCode === 'UserInitiated',
    meaning: 'It was stopped by a user or a program',
    advice: 'Nothing failed by itself; CloudTrail has who called StopTask.',
    source: LIFECYCLE,
  },
  {
    id: 'scheduler',
    matches: (facts, text) =>
      facts.stopCode === 'ServiceSchedulerInitiated' || /scaling activity|deployment ecs-svc/i.test(text),
    meaning: 'Its service stopped it',
    advice: "A deployment or scaling of the service: look at the service's events.",
    source: LIFECYCLE,
  },
  {
    id: 'termination-notice',
    matches: (facts) => facts.stopCode === 'TerminationNotice' || facts.stopCode === 'InfrastructureHealth',
    meaning: 'AWS retired or repaired the infrastructure under it',
    advice: 'Run it again; nothing of yours failed.',
    source: LIFECYCLE,
  },
  {
    id: 'exit-1',
    matches: exited(1),
    meaning: 'The ingestion itself failed',
    advice:
      "Read the last error lines: a source or the OpenMetadata server that can't be reached, a wrong credential, or more failed records than successThreshold allows.",
    source: OPENMETADATA,
  },
  {
    id: 'exit-126-127',
    matches: (facts) => facts.exitCode === 126 || facts.exitCode === 127,
    meaning: "The container's command can't be run or wasn't found",
    advice: "OpenMetadata's image has no entry point: the command must be python main.py.",
    source: EXIT_CODES,
  },
  {
    id: 'exit-137',
    matches: exited(137),
    meaning: 'The container was killed (SIGKILL)',
    advice:
      'Without a word of memory this is a stop that took longer than stopTimeout; if nobody stopped it, raise memory.',
    source: TASK_STOPPED,
  },
  {
    id: 'exit-139',
    matches: exited(139),
    meaning: 'The process crashed (segmentation fault)',
    advice: 'A native driver most often: check that image and CPU architecture fit.',
    source: EXIT_CODES,
  },
  {
    id: 'exit-143',
    matches: exited(143),
    meaning: 'The process was asked to end (SIGTERM) and did',
    advice: 'Somebody or something stopped the task; the stopped reason names it.',
    source: EXIT_CODES,
  },
  {
    id: 'exit-255',
    matches: exited(255),
    meaning: 'The process ended with an error that says no more',
    advice: 'Read the last lines of its log.',
    source: EXIT_CODES,
  },
  {
    id: 'exit-other',
    matches: (facts) => facts.exitCode !== undefined && facts.exitCode !== 0,
    meaning: 'The process ended with an error',
    advice: 'Read the last lines of its log.',
    source: EXIT_CODES,
  },
  {
    id: 'failed-to-start',
    matches: (facts) => facts.stopCode === 'TaskFailedToStart',
    meaning: 'The task did not start',
    advice: 'Read the raw reason; most often it is the task execution role or the way out of the subnets.',
    source: LIFECYCLE,
  },
];

/** The row for how a task or container stopped; undefined when it is of no known kind. */
export function stopReasonOf(facts: StopFacts): StopReason | undefined {
  const text = [facts.stoppedReason, facts.reason].filter((part) => part !== undefined).join('\n');
  return stopReasons.find((row) => row.matches(facts, text));
}

/** What RunTask's `failures[].reason` means; the raw text where it is of no known kind. */
export function placementAdvice(reason: string): { readonly meaning: string; readonly advice: string } {
  if (/^RESOURCE:/i.test(reason) || /capacity is unavailable/i.test(reason)) {
    return {
      meaning: 'ECS has no capacity for the task now',
      advice: 'Try again in some minutes, with subnets of more zones, or another CPU and memory size.',
    };
  }
  if (/^ATTRIBUTE/i.test(reason)) {
    return {
      meaning: 'No container instance has what the task definition asks for',
      advice: 'On Fargate this means a wrong launch type or platform version; check requiresCompatibilities.',
    };
  }
  if (/^AGENT/i.test(reason)) {
    return {
      meaning: 'The ECS agent of the container instance is not connected',
      advice: "Check the cluster's container instances, or use Fargate.",
    };
  }
  if (/^MISSING/i.test(reason)) {
    return {
      meaning: 'ECS does not find what was asked for',
      advice: 'Check cluster, capacity provider and task definition.',
    };
  }
  return { meaning: 'ECS did not place the task', advice: 'Read the raw reason.' };
}

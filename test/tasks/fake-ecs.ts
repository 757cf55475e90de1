import { rememberServerDate } from '../../src/aws/server-date.ts';
import type { Session } from '../../src/aws/session.ts';
import { fakeSession } from '../fleet/fake-session.ts';
import { FakeLogService } from '../logs/fake-log-service.ts';
import { HandClock } from '../support/hand-clock.ts';

export const START = Date.UTC(2026, 10, 22, 11, 0, 0);
const SECOND = 1000;
const CLUSTER_ARN = 'arn:aws:ecs:eu-west-1:123456789012:cluster/openmetadata-ingestion';
const ID = '1f0c35a7d0d94b0f9d2c4f6b8a1e339a';
export const TASK_ARN = `arn:aws:ecs:eu-west-1:123456789012:task/openmetadata-ingestion/${ID}`;
export const GROUP = '/ecs/openmetadata-ingestion';
const STREAM = `ingest/openmetadata-ingestion/${ID}`;
const DEFINITION = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/data-prod-postgres_usage:3';

/** When a task reaches each point of its life, in seconds after its creation; what is absent is not reached. */
export interface Life {
  readonly pending?: number;
  readonly pullStarted?: number;
  readonly pullStopped?: number;
  readonly started?: number;
  readonly ended?: number;
  readonly stopped: number;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly exitCode?: number;
  readonly reason?: string;
}

type Answer = Record<string, unknown>;

/** One ECS task whose life is written down beforehand, with its log, on virtual time. */
export class FakeEcs {
  readonly clock = new HandClock(START);
  readonly logs = new FakeLogService(this.clock);
  readonly session: Session;
  readonly calls: readonly { operation: string; input: Record<string, unknown> }[];
  life: Life;
  /** The first so many DescribeTasks answer MISSING. */
  unknownFor = 0;
  /** The clock that ECS dates its answers by minus the reader's, ms. */
  ahead = 0;
  /** Thrown by calls while set. */
  outage: Error | undefined;
  runTask: (input: Record<string, unknown>) => Answer = () => ({ tasks: [{ taskArn: TASK_ARN }], failures: [] });
  logOptions: Record<string, string> = {
    'awslogs-group': GROUP,
    'awslogs-region': 'eu-west-1',
    'awslogs-stream-prefix': 'ingest',
    mode: 'blocking',
  };
  #stop: { readonly at: number; readonly reason: string } | undefined;

  constructor(life: Life) {
    this.life = life;
    this.logs.createGroup(GROUP);
    const { session, calls } = fakeSession(
      {
        ecs: {
          describeTasks: () => {
            const answer = this.#describe();
            rememberServerDate(answer, new Date(this.clock.now() + this.ahead).toUTCString());
            return answer;
          },
          describeTaskDefinition: () => ({ taskDefinition: this.#definition() }),
          runTask: (input) => this.runTask(input),
          stopTask: (input) => {
            this.#stop = { at: this.clock.now(), reason: String(input.reason) };
            return {};
          },
        },
        logs: {
          filterLogEvents: (input, options) =>
            this.logs.session.logs.filterLogEvents(input, options as { signal: AbortSignal }),
        },
      },
      this.clock,
    );
    this.session = session;
    this.calls = calls;
  }

  /** Writes a line of the task, `at` seconds after its creation, seen by readers `delay` seconds later. */
  line(at: number, message: string, delay = 3): void {
    this.logs.write(GROUP, {
      timestamp: START + at * SECOND,
      visibleAt: START + (at + delay) * SECOND,
      stream: STREAM,
      message,
    });
  }

  /** The task's life, cut short by StopTask. */
  get #lived(): Life {
    if (this.#stop === undefined) return this.life;
    const at = (this.#stop.at - START) / SECOND;
    return {
      ...this.life,
      ended: at + 2,
      stopped: at + 10,
      stopCode: 'UserInitiated',
      stoppedReason: this.#stop.reason,
      exitCode: 143,
    };
  }

  #describe(): Answer {
    if (this.outage !== undefined) throw this.outage;
    if (this.unknownFor > 0) {
      this.unknownFor -= 1;
      return { tasks: [], failures: [{ arn: TASK_ARN, reason: 'MISSING' }] };
    }
    const life = this.#lived;
    const seconds = (this.clock.now() - START) / SECOND;
    const past = (point: number | undefined) => point !== undefined && seconds >= point;
    const date = (point: number | undefined) =>
      point !== undefined && seconds >= point ? new Date(START + point * SECOND) : undefined;
    const stopped = past(life.stopped);
    const status = stopped
      ? 'STOPPED'
      : past(life.ended)
        ? 'DEPROVISIONING'
        : past(life.started)
          ? 'RUNNING'
          : past(life.pullStopped)
            ? 'ACTIVATING'
            : past(life.pending)
              ? 'PENDING'
              : 'PROVISIONING';
    const container = {
      name: 'openmetadata-ingestion',
      image: 'docker.io/openmetadata/ingestion-base:1.12.8',
      lastStatus: status,
      ...(stopped && life.exitCode !== undefined && { exitCode: life.exitCode }),
      ...(stopped && life.reason !== undefined && { reason: life.reason }),
    };
    return {
      failures: [],
      tasks: [
        {
          taskArn: TASK_ARN,
          clusterArn: CLUSTER_ARN,
          taskDefinitionArn: DEFINITION,
          lastStatus: status,
          desiredStatus: stopped || past(life.ended) ? 'STOPPED' : 'RUNNING',
          createdAt: new Date(START),
          pullStartedAt: date(life.pullStarted),
          pullStoppedAt: date(life.pullStopped),
          startedAt: date(life.started),
          executionStoppedAt: date(life.ended),
          stoppingAt: date(life.ended),
          stoppedAt: date(life.stopped),
          ...(stopped && { stopCode: life.stopCode, stoppedReason: life.stoppedReason }),
          containers: status === 'PROVISIONING' ? [] : [container],
        },
      ],
    };
  }

  #definition(): Answer {
    return {
      taskDefinitionArn: DEFINITION,
      family: 'data-prod-postgres_usage',
      revision: 3,
      containerDefinitions: [
        {
          name: 'openmetadata-ingestion',
          image: 'docker.io/openmetadata/ingestion-base:1.12.8',
          essential: true,
          logConfiguration: { logDriver: 'awslogs', options: this.logOptions },
        },
      ],
    };
  }
}

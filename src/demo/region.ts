import { type Clock, ScaledClock } from './clock.ts';
import { Ec2Service } from './ec2/service.ts';
import { EcsService } from './ecs/service.ts';
import { IamService } from './iam/service.ts';
import { LogsService } from './logs/service.ts';
import { MwaaService } from './mwaa/service.ts';
import { OpenMetadataService } from './openmetadata/service.ts';
import { PostgresService } from './postgres/service.ts';
import { S3Service } from './s3/service.ts';
import { SecretsService } from './secrets/service.ts';
import { RegionServer } from './server.ts';
import { AwsError } from './service.ts';
import { StsService } from './sts/service.ts';
import { ACCOUNT, REGION } from './world/names.ts';

/** How a region is started. */
export interface RegionOptions {
  /** TCP port on 127.0.0.1; 0 or none picks a free one. */
  readonly port?: number;
  /** Seed of everything random, so that a run can be repeated. */
  readonly seed?: number;
  /** How many times faster than the wall the region's time runs. */
  readonly speed?: number;
  /** A clock of the caller's own; `speed` is then only what is told of it. */
  readonly clock?: Clock;
  /** Environments whose InvokeRestApi goes to a real Airflow: name to base URL. */
  readonly airflow?: Readonly<Record<string, string>>;
  /** Container images that run as a local process: image to command line. */
  readonly images?: Readonly<Record<string, string>>;
  /** False switches the request budgets off, for tests on a clock that stands still. */
  readonly throttling?: boolean;
}

/** The region as its services see it. Services are there from `start()` on, not while they are constructed. */
export interface Region {
  /** Actions due later are dropped when the region closes. */
  readonly clock: Clock;
  /** May be changed as the region runs, but on a clock of the caller's own. */
  speed: number;
  readonly account: string;
  readonly name: string;
  /** `http://127.0.0.1:PORT`, known before the services are constructed. */
  readonly url: string;
  readonly options: RegionOptions;
  readonly iam: IamService;
  readonly sts: StsService;
  readonly ec2: Ec2Service;
  readonly secrets: SecretsService;
  readonly logs: LogsService;
  readonly ecs: EcsService;
  readonly s3: S3Service;
  readonly mwaa: MwaaService;
  readonly openmetadata: OpenMetadataService;
  readonly postgres: PostgresService;
  /** Seeded; from 0 up to, not including, 1. */
  random(): number;
  /** Seeded lower-case hexadecimal digits, as in task ids. */
  hex(digits: number): string;
  /** A seeded UUID. */
  uuid(): string;
  /** Called once when the region closes: child processes, listeners. */
  onClose(action: () => void): void;
}

/** A region that answers on its port. */
export interface RunningRegion {
  readonly region: Region;
  readonly url: string;
  readonly port: number;
  /** Stops its life, drops its connections and frees the port. */
  close(): Promise<void>;
}

/** Seeded pseudo-random numbers (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A clock whose outstanding actions can all be dropped. */
class RegionClock implements Clock {
  readonly #clock: Clock;
  readonly #outstanding = new Set<() => void>();
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined for a clock of the caller's own. */
  get speed(): number | undefined {
    return this.#clock instanceof ScaledClock ? this.#clock.speed : undefined;
  }

  set speed(speed: number) {
    if (!(this.#clock instanceof ScaledClock)) {
      throw new AwsError('ValidationException', "The region's clock is its caller's own.");
    }
    this.#clock.speed = speed;
  }

  now(): number {
    return this.#clock.now();
  }

  after(ms: number, action: () => void): () => void {
    if (this.#closed) return () => {};
    const drop = this.#clock.after(ms, () => {
      this.#outstanding.delete(cancel);
      action();
    });
    const cancel = () => {
      this.#outstanding.delete(cancel);
      drop();
    };
    this.#outstanding.add(cancel);
    return cancel;
  }

  close(): void {
    this.#closed = true;
    for (const cancel of [...this.#outstanding]) cancel();
  }
}

class LiveRegion implements Region {
  readonly clock: RegionClock;
  readonly account = ACCOUNT;
  readonly name = REGION;
  readonly url: string;
  readonly options: RegionOptions;
  readonly iam: IamService;
  readonly sts: StsService;
  readonly ec2: Ec2Service;
  readonly secrets: SecretsService;
  readonly logs: LogsService;
  readonly ecs: EcsService;
  readonly s3: S3Service;
  readonly mwaa: MwaaService;
  readonly openmetadata: OpenMetadataService;
  readonly postgres: PostgresService;
  readonly random: () => number;
  readonly #closing: (() => void)[] = [];

  constructor(url: string, clock: RegionClock, options: RegionOptions) {
    this.url = url;
    this.clock = clock;
    this.options = options;
    this.random = generator(options.seed ?? 1);
    this.iam = new IamService(this);
    this.sts = new StsService(this);
    this.ec2 = new Ec2Service(this);
    this.secrets = new SecretsService(this);
    this.logs = new LogsService(this);
    this.ecs = new EcsService(this);
    this.s3 = new S3Service(this);
    this.mwaa = new MwaaService(this);
    this.openmetadata = new OpenMetadataService(this);
    this.postgres = new PostgresService(this);
  }

  /** Seeds the world in the order in which later services build on earlier ones. */
  start(): void {
    this.iam.start();
    this.sts.start();
    this.ec2.start();
    this.secrets.start();
    this.logs.start();
    this.s3.start();
    this.ecs.start();
    this.mwaa.start();
    this.openmetadata.start();
  }

  get speed(): number {
    return this.clock.speed ?? this.options.speed ?? 1;
  }

  set speed(speed: number) {
    this.clock.speed = speed;
  }

  hex(digits: number): string {
    let text = '';
    while (text.length < digits) {
      text += Math.floor(this.random() * 0x100000000)
        .toString(16)
        .padStart(8, '0');
    }
    return text.slice(0, digits);
  }

  uuid(): string {
    const digits = this.hex(32);
    const variant = '89ab'.charAt(Number.parseInt(digits.charAt(16), 16) % 4);
    const parts = [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(13, 16)}`];
    return [...parts, `${variant}${digits.slice(17, 20)}`, digits.slice(20)].join('-');
  }

  onClose(action: () => void): void {
    this.#closing.push(action);
  }

  close(): void {
    this.clock.close();
    for (const action of this.#closing.splice(0)) action();
  }
}

/**
 * Starts the embedded region: one loopback port that speaks the AWS wire protocols, with a world that
 * lives. Rejects when the port can't be had.
 */
export async function startRegion(options: RegionOptions = {}): Promise<RunningRegion> {
  const clock = new RegionClock(options.clock ?? new ScaledClock(options.speed ?? 1));
  const server = new RegionServer(clock);
  const port = await server.listen(options.port ?? 0);
  const url = `http://127.0.0.1:${port}`;
  try {
    const region = new LiveRegion(url, clock, options);
    region.start();
    server.serve(region);
    return {
      region,
      url,
      port,
      close: async () => {
        region.close();
        await server.close();
      },
    };
  } catch (error) {
    clock.close();
    await server.close();
    throw error;
  }
}

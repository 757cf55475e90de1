/** The memory that goes with a number of CPU units on Fargate. */
export interface FargateSize {
  /** CPU units, 1024 to a vCPU. */
  readonly cpu: number;
  /** MiB, ascending. */
  readonly memory: readonly number[];
  readonly source: string;
}

const SOURCE = 'docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html';

/** The pairs that Fargate runs, the last two on Linux platform 1.4.0 and later. */
export const fargateSizes: readonly FargateSize[] = [
  { cpu: 256, memory: [512, 1024, 2048], source: SOURCE },
  { cpu: 512, memory: steps(1024, 4096, 1024), source: SOURCE },
  { cpu: 1024, memory: steps(2048, 8192, 1024), source: SOURCE },
  { cpu: 2048, memory: steps(4096, 16_384, 1024), source: SOURCE },
  { cpu: 4096, memory: steps(8192, 30_720, 1024), source: SOURCE },
  { cpu: 8192, memory: steps(16_384, 61_440, 4096), source: SOURCE },
  { cpu: 16_384, memory: steps(32_768, 122_880, 8192), source: SOURCE },
];

/** The memory sizes, in MiB, that Fargate takes with these CPU units; empty where it has no such CPU size. */
export function fargateMemories(cpu: number): readonly number[] {
  return fargateSizes.find((row) => row.cpu === cpu)?.memory ?? [];
}

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, at) => from + at * by);
}

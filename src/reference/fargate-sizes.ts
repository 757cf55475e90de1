import { Failure } from '../text/failure.ts';

/** What Fargate takes for one CPU size: MiB. */
export interface FargateSize {
  /** CPU units, 1024 to a vCPU. */
  readonly cpu: number;
  /** In MiB, ascending. */
  readonly memory: readonly number[];
}

/**
 * The pairs that Fargate runs, on Linux platform 1.4.0 and later. Source:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
export const fargateSizes: readonly FargateSize[] = [
  { cpu: 256, memory: [512, 1024, 2048] },
  { cpu: 512, memory: steps(1024, 4096, 1024) },
  { cpu: 1024, memory: steps(2048, 8192, 1024) },
  { cpu: 2048, memory: steps(4096, 16_384, 1024) },
  { cpu: 4096, memory: steps(8192, 30_720, 1024) },
  { cpu: 8192, memory: steps(16_384, 61_440, 4096) },
  { cpu: 16_384, memory: steps(32_768, 122_880, 8192) },
];

/** Refuses a pair that Fargate does not run: Failure 'invalid-input' that names the nearest ones. */
export function checkFargateSize(cpu: number, memory: number): void {
  const size = fargateSizes.find((each) => each.cpu === cpu);
  if (size === undefined) {
    throw new Failure('invalid-input', `Fargate has no size of ${cpu} CPU units.`, {
      advice: `Use --cpu ${fargateSizes.map((each) => each.cpu).join(', ')}.`,
    });
  }
  if (size.memory.includes(memory)) return;
  const least = size.memory[0] ?? 0;
  const most = size.memory.at(-1) ?? 0;
  const near = size.memory.find((each) => each >= memory) ?? most;
  throw new Failure('invalid-input', `Fargate runs no ${memory} MiB with ${cpu} CPU units.`, {
    advice: `Use --memory ${near}; ${cpu} CPU units take ${least} to ${most} MiB.`,
  });
}

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, index) => from + index * by);
}

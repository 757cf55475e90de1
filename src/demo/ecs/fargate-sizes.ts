/** MiB that each number of CPU units may go with on Fargate (ECS developer guide, "Task CPU and memory"). */
const SIZES: Readonly<Record<number, { readonly from: number; readonly to: number; readonly step: number }>> = {
  256: { from: 512, to: 2048, step: 0 },
  512: { from: 1024, to: 4096, step: 1024 },
  1024: { from: 2048, to: 8192, step: 1024 },
  2048: { from: 4096, to: 16_384, step: 1024 },
  4096: { from: 8192, to: 30_720, step: 1024 },
  8192: { from: 16_384, to: 61_440, step: 4096 },
  16384: { from: 32_768, to: 122_880, step: 8192 },
};

/** CPU units of `1024`, `1 vCPU` or `.5 vCPU`; undefined for anything else. */
export function cpuUnits(text: string): number | undefined {
  const found = /^\s*(\d*\.?\d+)\s*(vcpu)?\s*$/i.exec(text);
  if (found === null) return undefined;
  const units = Number(found[1]) * (found[2] === undefined ? 1 : 1024);
  return Number.isInteger(units) ? units : undefined;
}

/** MiB of `2048` or `2 GB`; undefined for anything else. */
export function memoryMiB(text: string): number | undefined {
  const found = /^\s*(\d*\.?\d+)\s*(gb)?\s*$/i.exec(text);
  if (found === null) return undefined;
  const mebibytes = Number(found[1]) * (found[2] === undefined ? 1 : 1024);
  return Number.isInteger(mebibytes) ? mebibytes : undefined;
}

/** Whether Fargate has a size with so many CPU units at all. */
export function isFargateCpu(cpu: number): boolean {
  return Object.hasOwn(SIZES, cpu);
}

/** Whether Fargate runs tasks of this size. */
export function isFargateSize(cpu: number, memory: number): boolean {
  const size = SIZES[cpu];
  if (size === undefined || memory < size.from || memory > size.to) return false;
  return size.step === 0 ? [512, 1024, 2048].includes(memory) : (memory - size.from) % size.step === 0;
}

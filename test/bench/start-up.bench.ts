import { demoRegion } from '../support/demo-region.ts';
import { loadedBeforeFirstFrame } from '../support/first-frame.ts';
import { PROGRAM, Started } from './product.ts';
import { median, milliseconds, size, type Table } from './table.ts';

const ROUNDS = 15;

/** How long the product takes to start, and what it has loaded when its first frame stands. */
export default async function* startUp(): AsyncGenerator<Table, void, void> {
  const region = await demoRegion(PROGRAM);
  try {
    yield await times(region.env);
  } finally {
    await region.close();
  }
  yield await loaded();
}

/** One after the other in each round, so that a busy machine is busy for all of them. */
async function times(regionEnv: Readonly<Record<string, string>>): Promise<Table> {
  const measured = new Map<string, number[]>();
  const note = (what: string, ms: number) => measured.set(what, [...(measured.get(what) ?? []), ms]);
  // The first round fills the caches of the disk and of the compiler.
  for (let round = 0; round <= ROUNDS; round += 1) {
    if (round === 1) measured.clear();
    note('bare node (-e 0)', await new Started(['-e', '0']).ended());
    note('--version', await new Started([PROGRAM, '--version']).ended());
    for (const [where, args, env] of [
      ['on a region that runs', [], regionEnv],
      ['--demo', ['--demo'], {}],
    ] as const) {
      const console = new Started([PROGRAM, ...args], env);
      note(`first frame, ${where}`, await console.sees('Dashboard'));
      note(`first row, ${where}`, await console.sees('data-prod'));
      await console.stop();
    }
  }
  const bare = median(measured.get('bare node (-e 0)') ?? []);
  return {
    title: 'Start-up',
    head: ['what', 'median', 'best', 'times bare node'],
    rows: [...measured].map(([what, figures]) => [
      what,
      milliseconds(median(figures)),
      milliseconds(Math.min(...figures)),
      (median(figures) / bare).toFixed(2),
    ]),
    note: `From the start of the process, on a terminal of 120 x 40; ${ROUNDS} rounds. Aim: first frame at most 2.5 times bare node.`,
  };
}

/** Whose code that is: a package of node_modules, or a room of ours. */
function owner(module: string): string {
  const library = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(module)?.[1];
  return library ?? /^src\/[^/]+(?=\/)/.exec(module)?.[0] ?? 'src';
}

async function loaded(): Promise<Table> {
  const { files, modules, builtin } = await loadedBeforeFirstFrame(
    PROGRAM,
    (env) => new Started([PROGRAM, '--demo'], env),
  );
  const owners = new Map<string, { modules: number; bytes: number }>();
  for (const [module, bytes] of modules) {
    const sum = owners.get(owner(module)) ?? { modules: 0, bytes: 0 };
    owners.set(owner(module), { modules: sum.modules + 1, bytes: sum.bytes + bytes });
  }
  const rows = [...owners].sort(([, a], [, b]) => b.bytes - a.bytes);
  const total = rows.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  const aws = [...modules.keys()].filter((module) => /\/@(aws-sdk|aws|smithy)\//.test(module));
  return {
    title: 'Loaded before the first frame',
    head: ['whose', 'modules', 'bytes'],
    rows: [
      ...rows.map(([name, sum]) => [name, String(sum.modules), size(sum.bytes)]),
      [`all, in ${files.length} files`, String(modules.size), size(total)],
      ['AWS clients', String(aws.length), aws.length === 0 ? 'none' : aws.join(', ')],
    ],
    note: `Of Node itself: ${[...builtin].sort().join(', ')}.`,
  };
}

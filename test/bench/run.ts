import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { type Bench, tableText } from './table.ts';

// `npm run bench [-- NAME…]`: every `<name>.bench.ts` of this folder, or the named ones.
const folder = new URL('.', import.meta.url);
const known = readdirSync(folder).flatMap((name) => /^(.*)\.bench\.tsx?$/.exec(name)?.[1] ?? []);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No such bench: ${unknown.join(', ')}. There are ${known.join(', ')}.\n`);
  process.exit(2);
}
const machine = cpus();
process.stdout.write(`Node ${process.versions.node}, ${machine.length} × ${machine[0]?.model ?? 'unknown'}\n\n`);
for (const name of wanted.length > 0 ? wanted : known) {
  const { default: bench } = (await import(new URL(`${name}.bench.ts`, folder).href)) as { default: Bench };
  for await (const table of bench()) process.stdout.write(`${tableText(table)}\n`);
}

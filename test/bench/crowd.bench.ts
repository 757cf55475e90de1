import { crowdedAccount } from './crowd-account.ts';
import { PROGRAM, Started } from './product.ts';
import { median, milliseconds, type Table } from './table.ts';

const ENVIRONMENTS = 500;
const CLUSTERS = 2_000;
const KEYS = 200;
const ANYTHING = /./s;

/** How the dashboard answers keys in a large account, and when it is complete. */
export default async function* crowd(): AsyncGenerator<Table, void, void> {
  const account = await crowdedAccount(ENVIRONMENTS, CLUSTERS);
  const console = new Started([PROGRAM], {
    AWS_ENDPOINT_URL: account.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIABENCH00000000000',
    AWS_SECRET_ACCESS_KEY: 'bench',
  });
  try {
    // Heard from the start: what was written is forgotten with each key.
    const listing = console.sees(counted(CLUSTERS));
    const named = await console.sees(counted(ENVIRONMENTS));
    const meanwhile = await latencies(console);
    const listed = await listing;
    const complete = await latencies(console);
    yield {
      title: `The dashboard with ${ENVIRONMENTS} environments and ${CLUSTERS} clusters`,
      head: ['what', 'p50', 'p95', 'slowest'],
      rows: [
        ['key to frame, while rows are read', ...figures(meanwhile)],
        ['key to frame, later', ...figures(complete)],
        ['all environments named', milliseconds(named), '', ''],
        ['all clusters named', milliseconds(listed), '', ''],
      ],
      note: `${KEYS} keys each, moving the selection, one after the other's frame; names since the start, within the request rates that the console keeps to.`,
    };
  } finally {
    await console.stop();
    await account.close();
  }
}

/** A table's count as it is painted anew: what stays of its title is not written again. */
function counted(rows: number): string {
  return `m${rows}\x1b`;
}

async function latencies(console: Started): Promise<readonly number[]> {
  const all: number[] = [];
  for (let at = 0; at < KEYS; at += 1) all.push(await console.answers(at % 40 < 20 ? 'j' : 'k', ANYTHING));
  return all;
}

function figures(latency: readonly number[]): readonly string[] {
  const sorted = [...latency].sort((one, other) => one - other);
  return [median(sorted), sorted[Math.floor(sorted.length * 0.95)] ?? 0, sorted.at(-1) ?? 0].map(milliseconds);
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type LogSource, logSource } from './log-source.ts';
import { PROGRAM } from './product.ts';
import { size, type Table } from './table.ts';

const EVENTS = 200_000;
const RATE = 5_000;
/** How long a follow is watched, s; a drain that takes longer than DEADLINE is cut short. */
const FOLLOWED = 40;
const DEADLINE = 120;
/** What a page of 10,000 events took, ms, where the aims come from: a bare loop read as many events in 1.6 s, 0.5 s of it CPU. */
const SERVICE_PACE = 50;
/** The server tells that its time runs so fast: the request budget is then no part of what is measured. */
const UNHURRIED = 100;

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const AWSLOGS = path('../../.peers/awslogs/bin/awslogs');
/** Named, for its script names the folder that it was installed into. */
const PYTHON = path('../../.peers/awslogs/bin/python');

interface Measured {
  readonly lines: number;
  /** s until it has ended. */
  readonly wall: number;
  /** CPU seconds. */
  readonly cpu: number;
  /** Most memory, bytes. */
  readonly memory: number;
}

/** Reading and following log groups as `logs` does, beside a bare loop and another tool, in the same run. */
export default async function* logs(): AsyncGenerator<Table, void, void> {
  yield await drain(SERVICE_PACE);
  yield await drain(0);
  yield await follow();
}

/** Reads all events from a server that takes `thought` ms for a page. */
async function drain(thought: number): Promise<Table> {
  const free = await logSource(EVENTS, 0, UNHURRIED, thought);
  const shipped = await logSource(EVENTS, 0, 1, thought);
  try {
    const bare = await measured(free, [process.execPath, path('bare-reader.mjs'), free.url]);
    const row = (what: string, { lines, wall, cpu, memory }: Measured) => [
      what,
      lines === 0 ? '-' : String(lines),
      `${wall.toFixed(2)} s`,
      `${cpu.toFixed(2)} s`,
      size(memory),
      (wall / bare.wall).toFixed(2),
      (cpu / bare.cpu).toFixed(2),
    ];
    const since = ['--since', '30d'];
    return {
      title: `Reading ${EVENTS} events that are there, ${thought === 0 ? 'answered at once' : `${thought} ms a page`}`,
      head: ['what', 'lines', 'wall', 'CPU', 'memory', '× bare wall', '× bare CPU'],
      rows: [
        row('bare loop: HTTP and JSON.parse', bare),
        row('logs -o json, requests free', await measured(free, product(free, '-o', 'json', ...since))),
        row('logs, requests free', await measured(free, product(free, ...since))),
        row('logs -o json, as shipped', await measured(shipped, product(shipped, '-o', 'json', ...since))),
        ...(thought === 0 ? await peer(shipped, [], row) : []),
      ],
      note:
        thought === 0
          ? 'As shipped it takes 2.5 requests a second, 5 at once.'
          : 'Aims, of `logs -o json, requests free`: 1.5 × wall, 3 × CPU; set where a bare loop took 1.6 s, 0.5 s of it CPU.',
    };
  } finally {
    free.close();
    shipped.close();
  }
}

async function follow(): Promise<Table> {
  const events = RATE * FOLLOWED;
  const row = (what: string, { lines, cpu, memory }: Measured) => [
    what,
    String(lines),
    `${((lines / events) * 100).toFixed(1)} %`,
    `${cpu.toFixed(2)} s`,
    size(memory),
  ];
  const followed = async (command: (source: LogSource) => Promise<string[][]>) => {
    const source = await logSource(events, RATE, 1);
    try {
      return await command(source);
    } finally {
      source.close();
    }
  };
  const limit = FOLLOWED + 15;
  return {
    title: `Following ${RATE} events a second for ${FOLLOWED} s, ${limit - FOLLOWED} s longer to the end`,
    head: ['what', 'lines', 'of those written', 'CPU', 'memory'],
    rows: [
      ...(await followed(async (source) => [
        row('logs -f -o json', await measured(source, product(source, '-f', '-o', 'json'), limit)),
      ])),
      ...(await followed((source) => peer(source, ['--watch'], row, limit))),
    ],
    note: 'Both as shipped; what is not 100 % was lost, doubled, or not read in time.',
  };
}

function product({ url }: LogSource, ...args: readonly string[]): string[] {
  return [process.execPath, PROGRAM, 'logs', '/bench', '--endpoint-url', url, ...args];
}

async function peer(
  source: LogSource,
  more: readonly string[],
  row: (what: string, measured: Measured) => string[],
  seconds = DEADLINE,
): Promise<string[][]> {
  if (!existsSync(AWSLOGS)) return [['awslogs: install it by `node test/peers/install.mjs`']];
  const command = [
    PYTHON,
    AWSLOGS,
    'get',
    '/bench',
    'ALL',
    '--start',
    '30d',
    '--aws-endpoint-url',
    source.url,
    ...more,
  ];
  return [row(['awslogs get', ...more].join(' '), await measured(source, command, seconds))];
}

async function measured({ env }: LogSource, command: readonly string[], seconds = DEADLINE): Promise<Measured> {
  const { stdout } = await promisify(execFile)('python3', [path('measured.py'), String(seconds), ...command], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', ...env },
  });
  return JSON.parse(stdout) as Measured;
}

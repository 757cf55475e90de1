import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoRegion } from '../support/demo-region.ts';
import { CANARY, redshiftPipeline } from '../support/pipelines.ts';

/** How a run of the program ended. */
interface Ended {
  readonly code: number | null;
  readonly killed: boolean;
  readonly out: string;
  readonly err: string;
}

/** Runs of the program on a region of their own, each of which may be killed, in a folder that is also their home. */
export interface KilledRuns {
  /** Path of the pipeline to deploy, whose secrets are canaries; so is the caller's own secret key. */
  readonly pipeline: string;
  /** Runs the program; with `until`, kills it by SIGKILL as soon as it says that. */
  run(argv: readonly string[], until?: RegExp): Promise<Ended>;
  /** All that was printed, the arguments of all processes, and the files that are left but for the pipeline. */
  everything(): string[];
  close(): Promise<void>;
}

/** Starts the region, whose time runs 60 times as fast as the wall's. */
export async function killedRuns(program: string): Promise<KilledRuns> {
  const region = await demoRegion(program, 60);
  const folder = mkdtempSync(join(tmpdir(), 'mwaa-console-kill-'));
  const pipeline = join(folder, 'redshift.yaml');
  writeFileSync(pipeline, redshiftPipeline(region.env.AWS_ENDPOINT_URL ?? ''));
  const told: string[] = [];
  return {
    pipeline,
    run: (argv, until) => {
      const child = spawn(process.execPath, [program, ...argv, '--debug', join(folder, 'debug.log')], {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: folder, ...region.env, AWS_SECRET_ACCESS_KEY: `${CANARY}-key` },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let out = '';
      let err = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        err += text;
        if (child.pid !== undefined) told.push(...argumentsOf(child.pid));
        if (until?.test(err)) child.kill('SIGKILL');
      });
      return new Promise((resolve) =>
        child.on('close', (code, signal) => {
          told.push(out, err);
          resolve({ code, killed: signal === 'SIGKILL', out, err });
        }),
      );
    },
    everything: () => {
      const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
      const files = paths.filter((path) => path !== pipeline && statSync(path).isFile());
      return [...told, ...files.map((path) => readFileSync(path, 'utf8'))];
    },
    close: async () => {
      rmSync(folder, { recursive: true, force: true });
      await region.close();
    },
  };
}

/** The arguments of a process and of its children, as anybody on the machine can read them; none but on Linux. */
function argumentsOf(pid: number): string[] {
  const read = (file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  const children = read(`task/${pid}/children`).split(' ').filter(Boolean);
  return [read('cmdline'), ...children.flatMap((child) => argumentsOf(Number(child)))];
}

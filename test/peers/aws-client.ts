import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const peers = fileURLToPath(new URL('../../.peers', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));

/** What a run of the `aws` client gave. */
export interface AwsAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The answers that the client got, in order, each held against the service's model. */
  readonly answers: readonly CheckedAnswer[];
}

/** One raw answer of a service, and where it disagrees with the model. */
export interface CheckedAnswer {
  /** Service and operation, as `ecs RunTask`. */
  readonly operation: string;
  readonly status: number;
  readonly problems: readonly string[];
}

/** The loaded client that forks a child for each command. */
interface Runner {
  readonly process: ChildProcess;
  readonly folder: string;
  /** Commands under way, by the path of their output. */
  readonly waiting: Map<string, { ended(code: number): void; failed(reason: Error): void }>;
  started: number;
}

/** The real `aws` client on an endpoint, each raw answer held against the service's model by `answer_checker.py`. */
export class AwsClient {
  readonly #endpoint: string;
  readonly #accessKeyId: string;
  readonly #runner: Runner;
  readonly #problems: string[];

  constructor(endpoint: string, accessKeyId = 'AKIADEMOADMIN0000000', shared?: AwsClient) {
    this.#endpoint = endpoint;
    this.#accessKeyId = accessKeyId;
    this.#runner = shared === undefined ? startRunner() : shared.#runner;
    this.#problems = shared === undefined ? [] : shared.#problems;
  }

  /** The same client with another access key: the region's keys map to roles. */
  as(accessKeyId: string): AwsClient {
    return new AwsClient(this.#endpoint, accessKeyId, this);
  }

  /** A file for a command to read. */
  file(name: string, content: string | Buffer): string {
    const path = join(this.#runner.folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** Runs `aws` with these arguments, whatever its exit code. */
  async run(...args: string[]): Promise<AwsAnswer> {
    const runner = this.#runner;
    runner.started += 1;
    const path = join(runner.folder, `run-${runner.started}`);
    const code = await new Promise<number>((ended, failed) => {
      runner.waiting.set(path, { ended, failed });
      const request = { path, arguments: args, environment: this.#environment() };
      runner.process.stdin?.write(`${JSON.stringify(request)}\n`);
    });
    const read = (name: string) => (existsSync(`${path}.${name}`) ? readFileSync(`${path}.${name}`, 'utf8') : '');
    const answers = read('answers')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as CheckedAnswer);
    for (const { operation, status, problems } of answers) {
      for (const problem of problems) this.#problems.push(`${operation} ${status}: ${problem}`);
    }
    return { code, stdout: read('out'), stderr: read('err'), answers };
  }

  /** Runs `aws` and reads its JSON; throws with what it said when it failed, and when no answer was checked. */
  async json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
    return (await this.paged<T>(...args)).answer;
  }

  /** As `json`, with the number of requests that the client made to put the answer together. */
  async paged<T = Record<string, unknown>>(...args: string[]): Promise<{ answer: T; requests: number }> {
    const { code, stdout, stderr, answers } = await this.run(...args, '--output', 'json');
    if (code !== 0) throw new Error(`aws ${args.join(' ')} ended with ${code}: ${stderr}`);
    if (answers.length === 0) throw new Error(`aws ${args.join(' ')}: no answer was held against the model.`);
    return { answer: (stdout.trim() === '' ? {} : JSON.parse(stdout)) as T, requests: answers.length };
  }

  /** Runs a command that has to be refused by the service: the error's code and text, as the client tells them. */
  async refusal(...args: string[]): Promise<string> {
    const { code, stdout, stderr, answers } = await this.run(...args);
    if (code === 0) throw new Error(`aws ${args.join(' ')} was not refused: ${stdout}`);
    if (!answers.some(({ status }) => status >= 300)) throw new Error(`aws ${args.join(' ')} got no answer: ${stderr}`);
    return stderr.trim();
  }

  /** Where the answers so far disagreed with the models, and forgets them. */
  problems(): string[] {
    return this.#problems.splice(0);
  }

  dispose(): void {
    this.#runner.process.kill();
    rmSync(this.#runner.folder, { recursive: true, force: true });
  }

  #environment(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '',
      HOME: this.#runner.folder,
      AWS_CONFIG_FILE: join(this.#runner.folder, 'config'),
      AWS_ENDPOINT_URL: this.#endpoint,
      AWS_ACCESS_KEY_ID: this.#accessKeyId,
      AWS_SECRET_ACCESS_KEY: 'demo',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_DISABLE_HOST_PREFIX_INJECTION: 'true',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
      AWS_MAX_ATTEMPTS: '1',
      NO_PROXY: '*',
    };
  }
}

function startRunner(): Runner {
  const folder = mkdtempSync(join(tmpdir(), 'aws-client-'));
  writeFileSync(join(folder, 'config'), '[plugins]\nanswer_checker = answer_checker\n');
  const child = spawn(`${peers}/aws/bin/python`, [join(here, 'aws_runner.py')], {
    env: { PATH: process.env.PATH, HOME: folder, PYTHONPATH: here, PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const runner: Runner = { process: child, folder, waiting: new Map(), started: 0 };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { path, code } = JSON.parse(line) as { path: string; code: number };
    runner.waiting.get(path)?.ended(code);
    runner.waiting.delete(path);
  });
  const fail = (reason: Error) => {
    for (const { failed } of runner.waiting.values()) failed(reason);
    runner.waiting.clear();
  };
  child.on('error', fail);
  child.on('exit', (code, signal) => fail(new Error(`aws_runner.py ended: ${signal ?? code}`)));
  child.stdin.on('error', fail);
  return runner;
}

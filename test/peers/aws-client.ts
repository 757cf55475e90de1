import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const peers = fileURLToPath(new URL('../../.peers', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));

/** What a run of the `aws` client gave. */
export interface AwsAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real `aws` client on an endpoint, each raw answer held against the service's model by `answer_checker.py`. */
export class AwsClient {
  readonly #endpoint: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'aws-client-'));
  readonly #problems = join(this.#folder, 'problems.jsonl');

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
    writeFileSync(join(this.#folder, 'config'), '[plugins]\nanswer_checker = answer_checker\n');
    writeFileSync(this.#problems, '');
  }

  /** A file for a command to read. */
  file(name: string, content: string): string {
    const path = join(this.#folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** Runs `aws` with these arguments, whatever its exit code. */
  async run(...args: string[]): Promise<AwsAnswer> {
    try {
      const { stdout, stderr } = await execute(`${peers}/aws/bin/aws`, args, {
        env: this.environment(),
        maxBuffer: 64 * 1024 * 1024,
      });
      return { code: 0, stdout, stderr };
    } catch (error) {
      const failed = error as { code?: number; stdout?: string; stderr?: string };
      return { code: failed.code ?? -1, stdout: failed.stdout ?? '', stderr: failed.stderr ?? '' };
    }
  }

  /** Runs `aws` and reads its JSON; throws with what it said when it failed. */
  async json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run(...args, '--output', 'json');
    if (code !== 0) throw new Error(`aws ${args.join(' ')} ended with ${code}: ${stderr}`);
    return (stdout.trim() === '' ? {} : JSON.parse(stdout)) as T;
  }

  /** Where the answers so far disagreed with the models, and forgets them. */
  problems(): string[] {
    const lines = readFileSync(this.#problems, 'utf8').split('\n').filter(Boolean);
    writeFileSync(this.#problems, '');
    return lines.map((line) => {
      const { operation, problem } = JSON.parse(line) as { operation: string; problem: string };
      return `${operation}: ${problem}`;
    });
  }

  environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      HOME: this.#folder,
      AWS_CONFIG_FILE: join(this.#folder, 'config'),
      PYTHONPATH: here,
      PYTHONDONTWRITEBYTECODE: '1',
      ANSWER_PROBLEMS: this.#problems,
      AWS_ENDPOINT_URL: this.#endpoint,
      AWS_ACCESS_KEY_ID: 'AKIADEMOADMIN0000000',
      AWS_SECRET_ACCESS_KEY: 'demo',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_DISABLE_HOST_PREFIX_INJECTION: 'true',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
      AWS_MAX_ATTEMPTS: '1',
    };
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

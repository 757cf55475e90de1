import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type DemoRegion, demoRegion } from '../support/demo-region.ts';
import { CANARY, redshiftPipeline } from '../support/pipelines.ts';

let region: DemoRegion;
let folder: string;

beforeAll(async () => {
  region = await demoRegion(inject('program'), 60);
  folder = mkdtempSync(join(tmpdir(), 'mwaa-console-e2e-run-'));
});
afterAll(async () => {
  await region?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the packed program without a terminal, its state in a folder of its own. */
function program(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, XDG_STATE_HOME: folder, ...region.env };
  return new Promise((resolve) => {
    execFile(process.execPath, [inject('program'), ...argv], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

test('a run that ends well exits with 0 after its lines, its summary and its phases', async () => {
  const { code, stdout } = await program('run', 'data-prod', 'postgres_usage');
  expect(code, stdout).toBe(0);
  expect(stdout).toMatch(/^\d\d:\d\d:\d\d +.*INFO/m);
  expect(stdout).toMatch(/^Succeeded: exit code 0/m);
  expect(stdout).toMatch(
    /^provisioning \S+ > pending \S+ \(pull \S+\) > activating \S+ > running \S+ > stopping \S+$/m,
  );
  expect(stdout).toMatch(/^workflow: \d+ records?, \d+ filtered, \d+ warnings?, \d+ errors?, success [\d.]+ %$/m);
});

test('one whose source refuses exits with 1, and with a configuration of its own it ends well', async () => {
  const failed = await program('run', 'data-prod', 'kafka_metadata');
  expect(failed.code).toBe(1);
  expect(failed.stdout).toMatch(/^Failed: exit code 1, EssentialContainerExited\n.*\nA host was not reached/m);

  const configuration = join(folder, 'own.yaml');
  writeFileSync(configuration, redshiftPipeline(region.env.AWS_ENDPOINT_URL ?? ''));
  const own = await program('run', 'data-prod', 'kafka_metadata', '--config', configuration, '--yes');
  expect(own.code, own.stderr).toBe(0);
  expect(own.stdout + own.stderr).not.toContain(CANARY);
  expect(readdirSync(join(folder, 'mwaa-console', 'temporary'))).toEqual([]);
});

test('both are kept on this machine', async () => {
  const { code, stdout } = await program('tasks', 'openmetadata-ingestion', '-o', 'json');
  expect(code).toBe(0);
  const ran = (JSON.parse(stdout) as { run: { exitCode: number } | null }[]).flatMap(({ run }) => run ?? []);
  expect(ran.map(({ exitCode }) => exitCode).sort()).toEqual([0, 0, 1]);
});

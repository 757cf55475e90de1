import { execFileSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import { command } from '../support/command.ts';

let script: string;
beforeAll(async () => {
  const { code, stdout } = await command(['completion', 'bash']);
  expect(code).toBe(0);
  script = stdout;
});

/** What bash offers for the last word. */
function offers(...words: string[]): string[] {
  const line = ['mwaa-console', ...words];
  const program = `${script}
COMP_WORDS=(${line.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
_mwaa_console; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', program], { encoding: 'utf8' }).trim().split('\n');
}

test('bash completes verbs, their options and the values that are known by name', () => {
  expect(offers('depl')).toEqual(['deploy', 'deployments']);
  expect(offers('plan', 'data-prod', '--det')).toEqual(['--detailed-exitcode']);
  expect(offers('plan', 'data-prod', '--mode', '')).toEqual(['ecs', 'python', 'virtualenv']);
  expect(offers('logs', '--region', 'eu-west')).toEqual(['eu-west-1', 'eu-west-2', 'eu-west-3']);
  expect(offers('dashboard', '--detailed')).toEqual(['']);
});

test('fish and zsh have every verb; another shell is refused with the names of those that are there', async () => {
  const [fish, zsh, other] = await Promise.all(['fish', 'zsh', 'tcsh'].map((shell) => command(['completion', shell])));
  for (const verb of ['dashboard', 'deploy', 'logs', 'completion']) {
    expect(fish?.stdout).toContain(`-a ${verb} -d`);
    expect(zsh?.stdout).toContain(`'${verb}:`);
  }
  expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('bash, zsh, fish') });
});

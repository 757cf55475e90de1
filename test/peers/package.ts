import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** `bin/mwaa-console.js` of the package as it would be published, unpacked in a folder of its own. */
    readonly program: string;
  }
}

/** Packs the product once for all files, so that what is tested is what would be published. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'mwaa-console-package-'));
  const { root } = project.config;
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root, encoding: 'utf8' }),
  ) as [{ filename: string }];
  execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', folder]);
  project.provide('program', join(folder, 'package/bin/mwaa-console.js'));
  return () => rmSync(folder, { recursive: true, force: true });
}

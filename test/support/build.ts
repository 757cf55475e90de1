import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** `bin/mwaa-console.js` of the package as it would be published, unpacked in a folder of its own. */
    readonly program: string;
    /** The packed package itself. */
    readonly tarball: string;
  }
}

/**
 * Builds the product where `dist/` is older than its sources, packs it and unpacks it, once for all files: what is
 * tested is what would be published.
 */
export default function setup(project: TestProject): () => void {
  const { root } = project.config;
  const npm = (...args: string[]) => execFileSync('npm', args, { cwd: root, encoding: 'utf8' });
  const sources = ['src', 'package.json', 'package-lock.json'].map((path) => changed(join(root, path)));
  if (changed(join(root, 'dist')) < Math.max(...sources)) npm('run', '--silent', 'build');
  const folder = mkdtempSync(join(tmpdir(), 'mwaa-console-package-'));
  const packed = npm('pack', '--json', '--ignore-scripts', '--pack-destination', folder);
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  const tarball = join(folder, filename);
  execFileSync('tar', ['-xzf', tarball, '-C', folder]);
  project.provide('program', join(folder, 'package/bin/mwaa-console.js'));
  project.provide('tarball', tarball);
  return () => rmSync(folder, { recursive: true, force: true });
}

/** When a file, or anything below a folder, was last changed (ms since the epoch); 0 where there is none. */
function changed(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => changed(join(path, name))));
}

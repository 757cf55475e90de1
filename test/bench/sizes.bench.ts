import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { size, type Table } from './table.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LARGEST = 15;

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** How large the package is, and which of its files are. */
export default async function* sizes(): AsyncGenerator<Table, void, void> {
  const told = execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const [packed] = JSON.parse(told) as [Packed];
  const inputs = JSON.parse(readFileSync(`${ROOT}/dist/inputs.json`, 'utf8')) as Record<string, Record<string, number>>;
  const bundle = packed.files.filter(({ path }) => path.startsWith('dist/'));
  yield {
    title: 'The package',
    head: ['what', 'files', 'bytes'],
    rows: [
      ['tarball', '1', size(packed.size)],
      ['unpacked', String(packed.files.length), size(packed.unpackedSize)],
      ['of that the bundle', String(bundle.length), size(bundle.reduce((sum, file) => sum + file.size, 0))],
    ],
    note: 'Limit: 5 MB unpacked.',
  };
  yield {
    title: 'Its largest files',
    head: ['file', 'bytes', 'mostly'],
    rows: [...bundle]
      .sort((a, b) => b.size - a.size)
      .slice(0, LARGEST)
      .map((file) => [file.path, size(file.size), largest(inputs[file.path.slice('dist/'.length)] ?? {})]),
  };
}

/** The module that most of a file was made of. */
function largest(modules: Readonly<Record<string, number>>): string {
  const [name = '', bytes = 0] = Object.entries(modules).sort(([, a], [, b]) => b - a)[0] ?? [];
  return `${name.replace(/^node_modules\//, '')} (${size(bytes)})`;
}

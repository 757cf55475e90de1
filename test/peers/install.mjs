// Installs what others wrote into .peers/ (PostgreSQL into the system), each peer once for each form of its recipe.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { recipes } from './recipes.mjs';

const peers = fileURLToPath(new URL('../../.peers', import.meta.url));
const uv = `${peers}/uv/bin/uv`;
const run = (command, args) => execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });

/** How each kind of recipe is carried out in a folder. */
const kinds = {
  pip(folder, { packages }) {
    run('python3', ['-m', 'venv', '--clear', folder]);
    run(`${folder}/bin/pip`, ['install', '--quiet', '--disable-pip-version-check', ...packages]);
  },
  uv(folder, { python, before, compiled, bare = [], packages }) {
    run(uv, ['venv', '--quiet', '--clear', ...(python === undefined ? [] : ['--python', python]), folder]);
    const install = ['pip', 'install', '--quiet', '--python', `${folder}/bin/python`];
    if (before !== undefined) install.push('--exclude-newer', before);
    if (compiled) install.push('--compile-bytecode');
    run(uv, [...install, ...packages]);
    if (bare.length > 0) run(uv, [...install, '--no-deps', ...bare]);
  },
  debian(_, { provides, packages }) {
    if (existsSync(provides)) return;
    run('apt-get', ['update', '--quiet']);
    run('apt-get', ['install', '--quiet', '--yes', '--no-install-recommends', ...packages]);
  },
  npm(folder, { packages }) {
    rmSync(folder, { recursive: true, force: true });
    run('npm', ['install', '--silent', '--no-save', '--prefix', folder, ...packages]);
  },
};

mkdirSync(peers, { recursive: true });
for (const { name, kind, ...recipe } of recipes) {
  const mark = `${peers}/${name}.recipe`;
  const text = `${JSON.stringify({ kind, ...recipe })}\n`;
  if (existsSync(mark) && readFileSync(mark, 'utf8') === text) continue;
  const began = Date.now();
  kinds[kind](`${peers}/${name}`, recipe);
  writeFileSync(mark, text);
  process.stderr.write(`installed ${name} in ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
}

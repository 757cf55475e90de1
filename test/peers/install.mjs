// Installs what others wrote into .peers/: the `aws` client, moto's server, Node 22 and 24.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const peers = fileURLToPath(new URL('../../.peers', import.meta.url));
const run = (command, args) => execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
mkdirSync(peers, { recursive: true });

/** Runs an installation unless it, in this form, has been done here before. */
function once(name, recipe, install) {
  const mark = `${peers}/${name}.done`;
  if (existsSync(`${mark}-${recipe}`)) return;
  install();
  writeFileSync(`${mark}-${recipe}`, '');
}

once('uv', '1', () => {
  run('python3', ['-m', 'venv', `${peers}/uv`]);
  run(`${peers}/uv/bin/pip`, ['install', '--quiet', '--disable-pip-version-check', 'uv']);
});
const uv = `${peers}/uv/bin/uv`;
// Without its bytecode a Python program of this size takes seconds to start, each time.
once('aws', 'awscli-1.46-compiled', () => {
  run(uv, ['venv', '--quiet', '--clear', `${peers}/aws`]);
  run(uv, ['pip', 'install', '--quiet', '--compile-bytecode', '-p', `${peers}/aws/bin/python`, 'awscli>=1.46,<1.47']);
});
once('moto', 'moto-5.2-compiled', () => {
  run(uv, ['venv', '--quiet', '--clear', `${peers}/moto`]);
  run(uv, [
    'pip',
    'install',
    '--quiet',
    '--compile-bytecode',
    '-p',
    `${peers}/moto/bin/python`,
    'moto[server]>=5.2,<6',
    'setuptools',
  ]);
});
for (const major of [22, 24]) {
  once(`node${major}`, '1', () => {
    run('npm', [
      'install',
      '--silent',
      '--no-save',
      '--prefix',
      `${peers}/node${major}`,
      `node-${process.platform}-${process.arch}@${major}`,
    ]);
  });
}

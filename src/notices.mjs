// The licences of what is bundled ask that their texts go with it.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The libraries' folders that the bundle takes files from, by esbuild's metafile. */
function foldersOf({ outputs }) {
  const files = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const folders = files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/**
 * The licences of all libraries in a bundle, as one text: each licence once, under the names and versions of those that
 * are under it. Fails where a library names none.
 */
export async function notices(root, metafile) {
  const holders = new Map();
  for (const folder of foldersOf(metafile)) {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    if (typeof license !== 'string') throw new Error(`${folder} names no licence`);
    const files = (await readdir(join(root, folder))).filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file));
    const texts = await Promise.all(files.sort().map((file) => readFile(join(root, folder, file), 'utf8')));
    const text = [license, ...texts.map((each) => each.replaceAll('\r\n', '\n').trim())].join('\n\n');
    holders.set(text, (holders.get(text) ?? new Set()).add(`${name} ${version}`));
  }
  const parts = [...holders].map(([text, names]) => `${[...names].join(', ')}\n\n${text}\n`);
  return `mwaa-console holds code of these libraries.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

// Puts the files of a split bundle that are always loaded together into one.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/**
 * esbuild makes a file of every set of modules that the same lazy parts share, some two hundred of them, and Node takes
 * about half a millisecond to find, read and link each. Here the files of a bundle become fewer: `groups` names new
 * files, the first wanted first, and what each holds is `wanted` of the file's path and not in a group before it.
 * `banner` stands at the top of every file. What else is in the folder imports from the new files then.
 * Resolves with what went into which file: its name, and the bytes of each source in it.
 */
export async function gather(folder, metafile, groups, banner) {
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([file, output]) => [basename(file), { ...output, gathered: undefined }]),
  );
  for (const [name, wanted] of groups) {
    for (const [file, output] of outputs) if (wanted(file) && output.gathered === undefined) output.gathered = name;
  }
  const bare = new Map();
  for (const file of outputs.keys()) bare.set(file, (await readFile(join(folder, file), 'utf8')).replace(banner, ''));
  const sources = new Map([...outputs].map(([file, { inputs }]) => [file, bytesOf(inputs)]));
  for (const [name] of groups) {
    const members = [...outputs].filter(([, { gathered }]) => gathered === name).map(([file]) => file);
    await bundled(name, members.map((file) => reexport(file, `./${file}`, 'out')).join('\n'), name);
    sources.set(
      `${name}.js`,
      members.flatMap((file) => sources.get(file)),
    );
  }
  for (const [file, { gathered, entryPoint }] of outputs) {
    if (gathered === undefined) await bundled(basename(file, '.js'), bare.get(file));
    // A dynamic import asks for the file by its name.
    else if (entryPoint !== undefined) await writeFile(join(folder, file), reexport(file, `./${gathered}.js`, 'in'));
    else await rm(join(folder, file));
    if (gathered !== undefined) sources.set(file, []);
  }
  return Object.fromEntries([...sources].map(([file, inputs]) => [file, Object.fromEntries(inputs)]));

  /** Exports what a file exports: from itself into the group that it is in (`out`), or from there by its own names (`in`). */
  function reexport(file, from, way) {
    const names = outputs.get(file).exports.map((name) => {
      const there = inGroup(file, name);
      if (there === name) return name;
      return way === 'out' ? `${name} as ${there}` : `${there} as ${name}`;
    });
    return `export{${names.join(',')}}from${JSON.stringify(from)};`;
  }

  /** What a file's export is called in its group: as in the file, unless another file there has the same name. */
  function inGroup(file, name) {
    const { gathered } = outputs.get(file);
    const isTaken = [...outputs].some(
      ([other, output]) => other !== file && output.gathered === gathered && output.exports.includes(name),
    );
    return isTaken ? `${name}_${basename(file, '.js').replaceAll('-', '_')}` : name;
  }

  /** Writes one file again, with what is in its own group inside it. */
  async function bundled(name, contents, group) {
    const inside = {
      name: 'inside',
      setup(plugin) {
        plugin.onResolve({ filter: /^\.\// }, ({ path, kind }) => {
          const gathered = outputs.get(basename(path))?.gathered;
          if (kind === 'dynamic-import' || gathered === undefined) return { path, external: true };
          return { path: basename(path), namespace: gathered === group ? 'inside' : 'elsewhere' };
        });
        plugin.onLoad({ filter: /./, namespace: 'inside' }, ({ path }) => ({ contents: bare.get(path) }));
        plugin.onLoad({ filter: /./, namespace: 'elsewhere' }, ({ path }) => ({
          contents: reexport(path, `./${outputs.get(path).gathered}.js`, 'in'),
        }));
      },
    };
    await build({
      stdin: { contents },
      outfile: join(folder, `${name}.js`),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      minifySyntax: true,
      minifyWhitespace: true,
      legalComments: 'none',
      banner: { js: banner },
      plugins: [inside],
      logLevel: 'warning',
    });
  }
}

function bytesOf(inputs) {
  return Object.entries(inputs).map(([input, { bytesInOutput }]) => [input, bytesInOutput]);
}

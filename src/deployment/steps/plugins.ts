import { type UnzipFileFilter, unzipSync, type Zippable, zipSync } from 'fflate';
import { type PluginNeed, pluginNeed } from '../../ingestion/plugins.ts';
import { unifiedDiff } from '../../text/diff.ts';
import { Failure } from '../../text/failure.ts';
import { type EnvironmentFileKind, environmentFileStep } from './environment-file.ts';
import { earlierPlugin, hasLeftPlugin, isNeededByOthers } from './options.ts';

/** The same content makes the same archive. */
const STAMP = { mtime: new Date('1980-01-01T00:00:00') };

type Files = Readonly<Record<string, Uint8Array>>;

/** The environment's plugins.zip with what an ingestion by the virtualenv operator needs in it. */
export const pluginsFile: EnvironmentFileKind = {
  member: 'plugins',
  kind: 'plugins',
  defaultPath: 'plugins.zip',
  contentType: 'application/zip',
  empty: zipSync({}),
  reason: ({ request: { mode } }) =>
    mode === 'virtualenv' ? 'lets Airflow find virtualenv' : 'no ingestion needs the plugin for virtualenv any more',
  concerns: (target) => pluginNeed(target.request) !== undefined || hasLeftPlugin(target),
  want: (existing, target) => {
    if (target.request.mode === 'virtualenv') return withPlugin(existing, pluginNeed(target.request));
    return hasLeftPlugin(target) ? existing && withoutPlugin(existing, earlierPlugin(target)) : undefined;
  },
  unwant: (existing, target) =>
    target.request.mode !== 'virtualenv'
      ? (withPlugin(existing, earlierPlugin(target)) ?? existing)
      : isNeededByOthers(target)
        ? existing
        : withoutPlugin(existing, pluginNeed(target.request)),
  suffices: (earlier, _, target) => {
    const files = read(earlier);
    const need = pluginNeed(target.request);
    return (
      !isNeededByOthers(target) || Object.keys(need === undefined ? {} : filesOf(need)).every((path) => path in files)
    );
  },
  neededByOthers: isNeededByOthers,
  significant: (content) =>
    JSON.stringify(
      Object.entries(read(content))
        .map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')])
        .sort(),
    ),
  diff: (before, after, path) =>
    unifiedDiff(before === undefined ? undefined : listing(before), listing(after), `${path} (its files)`),
};

export const plugins = environmentFileStep(pluginsFile);

/** The archive with the plugin in it; one that holds it is left byte for byte. */
function withPlugin(existing: Uint8Array | undefined, need: PluginNeed | undefined): Uint8Array | undefined {
  if (need === undefined) return undefined;
  const own = filesOf(need);
  const files = read(existing);
  const missing = Object.entries(own).filter(([path, content]) => !isSame(files[path], content));
  return existing !== undefined && missing.length === 0 ? existing : write({ ...files, ...own });
}

function withoutPlugin(existing: Uint8Array, need: PluginNeed | undefined): Uint8Array {
  const own = Object.keys(need === undefined ? {} : filesOf(need));
  const files = read(existing);
  if (!own.some((path) => path in files)) return existing;
  return write(Object.fromEntries(Object.entries(files).filter(([path]) => !own.includes(path))));
}

function filesOf({ files }: PluginNeed): Files {
  return Object.fromEntries(files.map(({ path, content }) => [path, new TextEncoder().encode(content)]));
}

function read(archive: Uint8Array | undefined, filter?: UnzipFileFilter): Files {
  if (archive === undefined || archive.length === 0) return {};
  try {
    return unzipSync(archive, filter && { filter });
  } catch (cause) {
    throw new Failure('failed', "The environment's plugins.zip can't be read.", {
      advice: 'Put one that is a ZIP archive and update the environment with it; then plan again.',
      resource: 'plugins.zip',
      cause,
    });
  }
}

/** The paths of an archive's files; nothing is unpacked. Failure 'failed' where it is no ZIP archive. */
export function fileNames(archive: Uint8Array): string[] {
  const names: string[] = [];
  const note = ({ name }: { readonly name: string }) => {
    names.push(name);
    return false;
  };
  read(archive, note);
  return names;
}

function write(files: Files): Uint8Array {
  const entries = Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1));
  return zipSync(Object.fromEntries(entries.map(([path, bytes]) => [path, [bytes, STAMP]])) as Zippable);
}

function listing(archive: Uint8Array): string {
  const files = Object.entries(read(archive)).sort(([one], [other]) => (one < other ? -1 : 1));
  return files.map(([path, { length }]) => `${path}  ${length} bytes\n`).join('');
}

function isSame(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one !== undefined && Buffer.compare(one, other) === 0;
}

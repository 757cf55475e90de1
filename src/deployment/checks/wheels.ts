import { statementsOf } from '../../ingestion/requirements/file.ts';
import { mergeRequirements, PLUGINS_FOLDER } from '../../ingestion/requirements/merge.ts';
import { requirementsNeed } from '../../ingestion/requirements/need.ts';
import { type PackageRequirement, packageName, satisfies } from '../../reference/version-specifier.ts';
import { readObject } from '../steps/bucket-object.ts';
import { fileNames } from '../steps/plugins.ts';
import type { CheckDefinition } from './check.ts';

const PACKAGE = 'openmetadata-ingestion';

/**
 * Where nothing is fetched from an index, plugins.zip has OpenMetadata's own package: no image of MWAA has it, so pip would
 * end with an error for certain. What that needs in turn only pip can tell.
 */
export const wheelsShipped: CheckDefinition = {
  id: 'wheels',
  source: 'https://docs.aws.amazon.com/mwaa/latest/userguide/configuring-networking.html',
  look: async (preflight, signal) => {
    const need = requirementsNeed(preflight.request);
    if (need === undefined) return undefined;
    const statements = statementsOf(mergeRequirements(preflight.request.requirements ?? '', need).text);
    const looksInPlugins = statements.some(({ option, text }) => isFindLinks(option) && text.includes(PLUGINS_FOLDER));
    const wanted = statements.find(({ requirement }) => requirement?.name === PACKAGE)?.requirement;
    if (!statements.some(({ option }) => option === '--no-index') || !looksInPlugins || wanted === undefined)
      return undefined;
    const { plugins } = preflight.environment;
    const archive = plugins && (await readObject(preflight, plugins.path, signal, plugins.versionId));
    const shipped = archive === undefined ? [] : fileNames(archive.bytes).filter((path) => isWheel(path, wanted));
    if (shipped.length > 0) return { verdict: 'pass', evidence: `plugins.zip brings ${shipped.join(', ')}` };
    return {
      verdict: 'fail',
      evidence: `Nothing is fetched from an index here, and ${
        plugins === undefined ? 'the environment has no plugins.zip' : `${plugins.path} brings no wheel`
      } of ${PACKAGE}${wanted.specifier}: pip would install nothing`,
      advice:
        'Add the wheels that `pip download` brings to plugins.zip and update the environment with it, or use the ECS operator.',
    };
  },
};

function isFindLinks(option: string | undefined): boolean {
  return option === '--find-links' || option === '-f';
}

/** Whether a file is a wheel of a release that is wanted: `name-version-….whl` (PEP 427). */
function isWheel(path: string, { name, specifier }: PackageRequirement): boolean {
  const [, distribution = '', version = ''] = /(?:^|\/)([^/-]+)-([^/-]+)-[^/]*\.whl$/.exec(path) ?? [];
  return packageName(distribution) === name && satisfies(version, specifier);
}

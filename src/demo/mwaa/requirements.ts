import { pythonVersion } from '../airflow/python/modules.ts';
import { atLeast } from '../airflow/versions.ts';

/** A line of requirements.txt that names a distribution. */
interface Requirement {
  readonly line: number;
  readonly text: string;
  /** In small letters, `-` for `_`. */
  readonly name: string;
  readonly extras: readonly string[];
  readonly operator: string;
  readonly version: string | undefined;
}

/** What pip makes of a requirements.txt on a container. */
export interface Installation {
  /** What it prints. */
  readonly lines: readonly string[];
  readonly outcome: 'installed' | 'failed' | 'timed out';
  /** In one line, for an update that fails by it. */
  readonly reason: string | undefined;
  /** All of the file's distributions, or none: pip installs nothing when one can't be. */
  readonly distributions: ReadonlySet<string>;
  /** Their versions, by name. */
  readonly versions: ReadonlyMap<string, string>;
}

/** What decides an installation beside the file. */
export interface Image {
  readonly airflowVersion: string;
  /** The files that plugins.zip brings. */
  readonly plugins: readonly string[];
  /** A file of the DAGs or plugins folder, by its path in the container. */
  readonly file: (path: string) => string | undefined;
}

const PLUGINS = '/usr/local/airflow/plugins';
const FILE = '/usr/local/airflow/requirements/requirements.txt';

/** SQLAlchemy in the images; the essential constraints hold it whatever the file says (aws/amazon-mwaa-docker-images). */
function sqlAlchemy(airflowVersion: string): string {
  if (atLeast(airflowVersion, '3.3.0')) return '2.0.51';
  if (atLeast(airflowVersion, '3.2.0')) return '2.0.49';
  return atLeast(airflowVersion, '2.10.3') ? '1.4.54' : atLeast(airflowVersion, '2.9.2') ? '1.4.52' : '1.4.49';
}

/** Pins of Airflow's own constraint files that openmetadata-ingestion's run against. */
function officialConstraints(airflowVersion: string): ReadonlyMap<string, string> {
  return new Map([
    ['importlib-metadata', atLeast(airflowVersion, '2.9.0') ? '8.5.0' : '6.8.0'],
    ['chardet', '5.2.0'],
    ['tabulate', atLeast(airflowVersion, '2.11.0') ? '0.10.0' : '0.9.0'],
  ]);
}

/** Installs a requirements.txt as an MWAA container does at its start: pip, with constraints. */
export function install(text: string, image: Image): Installation {
  const { requirements, constraints, missing } = read(text, image);
  const python = pythonVersion(image.airflowVersion);
  const offline = /^--no-index\s*$/m.test(text);
  const head = [
    `Installing Python dependencies from ${FILE}`,
    offline ? `Looking in links: ${PLUGINS}` : 'Looking in indexes: https://pypi.org/simple',
  ];
  if (missing !== undefined) {
    const reason = `Could not open requirements file: [Errno 2] No such file or directory: '${missing}'`;
    return failed([...head.slice(0, 1), `ERROR: ${reason}`], reason);
  }
  const lines = [...head];
  for (const requirement of requirements) {
    const problem =
      offline && !isShipped(requirement, image)
        ? unavailable(requirement.text, [])
        : conflict(requirement, image.airflowVersion, python, constraints);
    if (problem !== undefined) {
      const collected = problem.found ? collecting(requirement) : [];
      return failed([...lines, ...collected, ...problem.lines], problem.reason);
    }
    lines.push(...collecting(requirement));
    if (requirement.name === 'openmetadata-ingestion' && requirement.extras.includes('all')) {
      return {
        lines: [
          ...lines,
          'INFO: pip is still looking at multiple versions of grpcio to determine which version is compatible with other requirements. This could take a while.',
          'ERROR: pip installation timed out after 540 seconds',
        ],
        outcome: 'timed out',
        reason: `Requirements could not be installed within 10 minutes: ${requirement.text}`,
        distributions: new Set(),
        versions: new Map(),
      };
    }
  }
  const names = requirements.map(({ name }) => name);
  const installed = requirements.map((requirement) => `${requirement.name}-${versionOf(requirement)}`);
  return {
    lines:
      names.length === 0
        ? lines
        : [
            ...lines,
            `Installing collected packages: ${names.join(', ')}`,
            `Successfully installed ${installed.join(' ')}`,
          ],
    outcome: 'installed',
    reason: undefined,
    distributions: new Set(names),
    versions: new Map(requirements.map((requirement) => [requirement.name, versionOf(requirement)])),
  };
}

/** Whether pip finds it without an index: OpenMetadata only as a wheel, everything else may be in the image. */
function isShipped({ name, version = '' }: Requirement, { plugins }: Image): boolean {
  const wheel = `openmetadata_ingestion-${version.replace(/\.\*$/, '')}`;
  return name !== 'openmetadata-ingestion' || plugins.some((file) => file.startsWith(wheel) && file.endsWith('.whl'));
}

function failed(lines: readonly string[], reason: string): Installation {
  return {
    lines: [...lines, 'ERROR: pip installation exited with a non-zero error code: 1'],
    outcome: 'failed',
    reason: `Requirements could not be installed: ${reason}`,
    distributions: new Set(),
    versions: new Map(),
  };
}

function read(
  text: string,
  image: Image,
): {
  requirements: Requirement[];
  constraints: ReadonlyMap<string, string>;
  missing: string | undefined;
} {
  const requirements: Requirement[] = [];
  let constraints = officialConstraints(image.airflowVersion);
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const constraint = /^(?:-c|--constraint)[\s=]+["']?([^"'\s]+)/.exec(line)?.[1];
    if (constraint !== undefined) {
      if (/^https?:/.test(constraint)) continue;
      if (constraint === '/dev/null') constraints = new Map();
      else {
        const own = image.file(constraint);
        if (own === undefined) return { requirements, constraints, missing: constraint };
        constraints = pins(own);
      }
      continue;
    }
    // MWAA leaves its own constraint file out where any line mentions the option, a comment too.
    if (/^#.*(-c |--constraint )/.test(line)) constraints = new Map();
    const match = /^([A-Za-z0-9][\w.-]*)(?:\[([^\]]*)\])?\s*(?:([=~<>!]=?=?)\s*([\w.*+!-]+))?/.exec(line);
    if (match === null || line.startsWith('#') || line.startsWith('-')) continue;
    const [, name = '', extras = '', operator = '', version] = match;
    requirements.push({
      line: index + 1,
      text: line.split(/\s+[#;]/)[0] ?? line,
      name: name.toLowerCase().replaceAll('_', '-'),
      extras: extras
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== ''),
      operator,
      version,
    });
  }
  return { requirements, constraints, missing: undefined };
}

function pins(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Za-z0-9][\w.-]*)==([\w.+!-]+)/.exec(line.trim());
    if (match !== null) found.set((match[1] ?? '').toLowerCase().replaceAll('_', '-'), match[2] ?? '');
  }
  return found;
}

interface Conflict {
  /** Whether pip found the distribution itself. */
  readonly found: boolean;
  readonly lines: readonly string[];
  readonly reason: string;
}

function conflict(
  requirement: Requirement,
  airflowVersion: string,
  python: string,
  constraints: ReadonlyMap<string, string>,
): Conflict | undefined {
  const { text, name, version = '' } = requirement;
  if (/does-not-exist/.test(text) || version.startsWith('99')) return unavailable(text, []);
  if (name === 'apache-airflow' && version !== '' && version !== airflowVersion) {
    return unresolvable(
      requirement,
      'The user requested',
      `apache-airflow==${version}`,
      'apache-airflow',
      airflowVersion,
    );
  }
  if (name !== 'openmetadata-ingestion' || version === '') return undefined;
  if (python === '3.12' && !atLeast(version, '1.11.0')) {
    const ignored = `ERROR: Ignored the following versions that require a different python version: ${version} Requires-Python >=3.9,<3.12`;
    return unavailable(text, [ignored]);
  }
  const needed = atLeast(version, '1.13.0') ? 'sqlalchemy<3 and >=2.0.0' : 'sqlalchemy<2 and >=1.4.0';
  const held = sqlAlchemy(airflowVersion);
  if (held.startsWith('2') !== atLeast(version, '1.13.0'))
    return unresolvable(requirement, named(requirement), needed, 'sqlalchemy', held);
  const metadata = constraints.get('importlib-metadata');
  if (!atLeast(version, '1.5.0') && metadata !== undefined && atLeast(metadata, '5')) {
    return unresolvable(
      requirement,
      named(requirement),
      'importlib-metadata<5 and >=4.13.0',
      'importlib-metadata',
      metadata,
    );
  }
  for (const [pinned, wanted] of [
    ['chardet', '4.0.0'],
    ['tabulate', '0.9.0'],
  ] as const) {
    const pin = constraints.get(pinned);
    if (pin !== undefined && pin !== wanted)
      return unresolvable(requirement, named(requirement), `${pinned}==${wanted}`, pinned, pin);
  }
  return undefined;
}

function named(requirement: Requirement): string {
  const extras = requirement.extras.length === 0 ? '' : `[${requirement.extras.join(',')}]`;
  return `${requirement.name}${extras} ${versionOf(requirement)} depends on`;
}

function unavailable(text: string, before: readonly string[]): Conflict {
  const reason = `No matching distribution found for ${text}`;
  const lines = [
    ...before,
    `ERROR: Could not find a version that satisfies the requirement ${text} (from versions: none)`,
    `ERROR: ${reason}`,
  ];
  return { found: false, lines, reason };
}

function unresolvable(requirement: Requirement, who: string, needs: string, held: string, pin: string): Conflict {
  const { line, name, extras, text } = requirement;
  const full = `${name}${extras.length === 0 ? '' : `[${extras.join(',')}]`}`;
  return {
    found: true,
    lines: [
      `INFO: pip is looking at multiple versions of ${full} to determine which version is compatible with other requirements. This could take a while.`,
      `ERROR: Cannot install -r ${FILE} (line ${line}) because these package versions have conflicting dependencies.`,
      ' ',
      'The conflict is caused by:',
      `    ${who} ${needs}`,
      `    The user requested (constraint) ${held}==${pin}`,
      ' ',
      'To fix this you could try to:',
      "1. loosen the range of package versions you've specified",
      '2. remove package versions to allow pip attempt to solve the dependency conflict',
      ' ',
      'ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/dependency-resolution/#dealing-with-dependency-conflicts',
    ],
    reason: `${text} (line ${line}) needs ${needs}, the environment holds ${held}==${pin}`,
  };
}

function versionOf({ name, version, operator }: Requirement): string {
  if (version === undefined) return '1.0.0';
  const exact = version.replace(/\.\*$/, '');
  return name === 'openmetadata-ingestion' && exact.split('.').length === 3
    ? `${exact}.0`
    : operator === '~='
      ? exact
      : exact;
}

function collecting(requirement: Requirement): string[] {
  const { text, line, name } = requirement;
  const wheel = `${name.replaceAll('-', '_')}-${versionOf(requirement)}-py3-none-any.whl.metadata`;
  return [
    `Collecting ${text} (from -r ${FILE} (line ${line}))`,
    `  Downloading ${wheel} (${4 + (name.length % 30)} kB)`,
  ];
}

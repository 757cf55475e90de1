import { inSpan, type Span } from './span.ts';
import { compareVersions, minorLine } from './version.ts';
import type { PackageRequirement } from './version-specifier.ts';

/**
 * Package | release line:specifier, from that line on; `-` where the package is no longer asked for with a limit.
 * Source: package metadata (Requires-Dist without extras) of openmetadata-ingestion 1.2.0.1, 1.3.0.1, 1.4.0.1, 1.5.6.0,
 * 1.6.0.0, 1.7.0.1, 1.8.0.0, 1.9.0.0, 1.10.0.0, 1.11.0.0, 1.12.8.10, 1.13.0.0 and 2.0.7.0.
 */
const TABLE = `
antlr4-python3-runtime | 1.2:==4.9.2
avro | 1.2:~=1.11 1.4:-
azure-identity | 1.4:~=1.12
boto3 | 1.2:<2.0,>=1.20 1.12:~=1.41.5
cached-property | 1.2:==1.5.2
certifi | 2.0:>=2026.10.19
chardet | 1.2:==4.0.0
collate-data-diff | 1.6:- 1.9:>=0.11.6 1.12:>=0.11.9 1.13:>=0.11.11 2.0:>=0.11.17
collate-sqllineage | 1.2:>=1.0.4 1.3:~=1.3.0 1.4:~=1.4.0 1.6:~=1.5.0 1.7:~=1.6.0 1.12:>=2.1.1 1.13:>=2.1.3 2.0:==2.1.7
croniter | 1.2:~=1.3.0 1.4:-
cryptography | 1.2:- 1.4:>=42.0.0 1.13:>=46.0.5 2.0:>=48.0.1
dbt-extractor | 1.12:>=0.5.0
email-validator | 1.2:>=1.0.3 1.5:>=2.0
google | 1.2:>=3.0.0 1.4:-
google-auth | 1.2:>=1.33.0 1.4:-
google-cloud-secret-manager | 1.5:==2.19.0 1.7:<2.20.1,>=2.19.0 1.8:==2.22.1 1.11:==2.24.0
grpcio-tools | 1.2:>=1.47.2 1.4:-
httpx | 1.11:~=0.28.0
idna | 1.2:<3,>=2.5 1.4:- 1.13:>=3.15
importlib-metadata | 1.2:>=4.13.0
jaraco-context | 1.12:==6.0.1 1.13:>=6.1.0
jaraco-functools | 1.8:<4.2.0
jinja2 | 1.2:>=2.11.3 2.0:>=3.1.6
jsonpatch | 1.2:==1.32 1.3:<2.0,>=1.24
kubernetes | 1.9:>=21.0.0 1.13:<36,>=21.0.0
lxml | 1.13:>=6.1.0
mako | 1.13:>=1.3.12
mistune | 1.13:>=3.2.1 2.0:>=3.3.3
mypy-extensions | 1.2:>=0.4.3
mysql-connector-python | 1.7:>=9.1 1.13:-
pydantic | 1.2:~=1.10 1.5:~=2.0 1.6:>=2.7.0,~=2.0 1.11:<2.12,>=2.7.0,~=2.0 2.0:<3,>=2.12.5
pydantic-settings | 1.7:>=2.7.0,~=2.0 2.0:>=2.14.2,~=2.0
pyjwt | 1.13:>=2.12.0 2.0:>=2.15.0
pymysql | 1.2:>=1.0.2 1.5:~=1.0
python-dateutil | 1.2:>=2.8.1
python-dotenv | 1.8:>=0.19.0
python-jose | 1.2:~=3.3 1.4:-
pyyaml | 1.2:~=6.0
requests | 1.2:>=2.23 2.0:>=2.33.0
requests-aws4auth | 1.2:~=1.1
setuptools | 1.2:~=66.0.0 1.4:- 1.7:~=70.0 1.11:~=78.1.1 1.12:<81,>=78.1.1 1.13:>=78.1.1 2.0:>=83
snowflake-connector-python | 1.7:<4.0.0,>=3.13.1 1.12:~=3.18.0 1.13:-
sqlalchemy | 1.2:<2,>=1.4.0 1.13:<3,>=2.0.0 2.0:<2.1,>=2.0.0
tabulate | 1.2:==0.9.0
tenacity | 1.12:<10,>=8.0
typing-compat | 1.2:~=0.1.0 1.3:-
typing-extensions | 1.2:<=4.5.0 1.3:-
urllib3 | 2.0:>=2.8.0
wheel | 1.2:~=0.38.4 1.4:-
`;

/**
 * What a release imports and does not ask for: cachetools came with google-auth, which no longer brings it. Tried on
 * 1.12.8.10, whose workflows can't be imported without it; the modules of 1.7 to 1.12 name it.
 */
const UNDECLARED: readonly Span[] = [{ name: 'cachetools', since: '1.7', until: '1.13' }];

/**
 * The same of pkg_resources, which is part of setuptools below 82. MWAA's images have it; a virtual environment may not.
 * Tried on 1.5.6.0, whose workflows can't be imported without it; 1.4 and 1.6 don't ask for it either.
 */
const UNDECLARED_TOOLS: readonly (Span & { readonly specifier: string })[] = [
  { name: 'setuptools', specifier: '<81', since: '1.4', until: '1.7' },
];

/** What a virtual environment needs in which pkg_resources has to be, such as `setuptools<81`. */
export function undeclaredTools(version: string): string[] {
  return UNDECLARED_TOOLS.filter((row) => inSpan(row, version)).map(({ name, specifier }) => `${name}${specifier}`);
}

/** Packages to install beside a release of openmetadata-ingestion, which it imports without asking for them. */
export function undeclaredPackages(version: string): string[] {
  return UNDECLARED.filter((row) => inSpan(row, version)).map(({ name }) => name);
}

/**
 * What to hold back of what a release brings, where it has a Python to itself. dbt-core comes with collate-data-diff; from
 * 1.12 on it needs dbt-core-experimental-parser, whose package fetches a wheel from github.com as it is installed, so that
 * a package index alone is no longer enough. Source: pypi.org/project/dbt-core-experimental-parser, 2.0.8.
 */
const HELD_BACK: readonly (Span & { readonly specifier: string })[] = [
  { name: 'dbt-core', specifier: '<1.12', since: '1.12', until: '2.1' },
];

/** What to hold back beside a release of openmetadata-ingestion in an environment of its own, such as `dbt-core<1.12`. */
export function heldBack(version: string): string[] {
  return HELD_BACK.filter((row) => inSpan(row, version)).map(({ name, specifier }) => `${name}${specifier}`);
}

/** What a release of openmetadata-ingestion asks of other packages, where it asks for certain versions. */
export function ingestionNeeds(version: string): PackageRequirement[] {
  const line = minorLine(version);
  return TABLE.trim()
    .split('\n')
    .flatMap((row) => {
      const [name = '', cells = ''] = row.split(' | ');
      const cell = cells.split(' ').findLast((each) => compareVersions(each.split(':')[0] ?? '', line) <= 0);
      const specifier = cell?.split(':')[1] ?? '-';
      return specifier === '-' ? [] : [{ name, extras: [], specifier }];
    });
}

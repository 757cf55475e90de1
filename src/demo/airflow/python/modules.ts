import { atLeast } from '../versions.ts';
import { PythonError } from './tokens.ts';

/** The Python that parses an environment's DAG files. */
export interface PythonEnvironment {
  readonly airflowVersion: string;
  /** Distributions that requirements.txt brought, in small letters. */
  readonly installed: ReadonlySet<string>;
  /** Top-level modules of the DAGs folder and of plugins.zip. */
  readonly local: ReadonlySet<string>;
}

const words = (text: string): string[] => text.trim().split(/\s+/);

const STANDARD_LIBRARY = new Set(
  words(`
__future__ abc aifc argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect builtins bz2
cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall concurrent
configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal
difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput
fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq
hmac html http imaplib imghdr imp importlib inspect io ipaddress itertools json keyword linecache locale
logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder multiprocessing netrc nis nntplib
numbers opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib
poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri
random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil
signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat
statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib
tempfile termios textwrap threading time timeit token tokenize tomllib trace traceback tracemalloc tty types
typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser wsgiref xdrlib xml xmlrpc
zipapp zipfile zipimport zlib zoneinfo
`),
);

/** What every MWAA image holds beside Airflow (aws/amazon-mwaa-docker-images, constraint files). */
const IMAGE = new Set(
  words(`
airflow aiobotocore aiohttp aiosignal alembic anyio argcomplete asgiref asyncpg attr attrs blinker boto3 botocore
cachelib cattrs celery certifi cffi charset_normalizer click colorlog croniter cryptography dateutil deprecated dill
docutils fastapi flask flask_appbuilder flask_login flask_session flask_sqlalchemy flask_wtf fsspec greenlet gunicorn
h11 httpcore httpx idna inflection itsdangerous jinja2 jmespath jsonpath_ng jsonschema jwt kombu lazy_object_proxy
lockfile mako markdown marshmallow markupsafe methodtools more_itertools mwaa numpy opentelemetry packaging pandas
pathspec pendulum pip pkg_resources pluggy psutil psycopg2 pyathena pydantic pygments pyparsing pytz redshift_connector
referencing requests requests_toolbelt rfc3339_validator rich s3transfer setproctitle setuptools six slugify sniffio
sqlalchemy sqlparse starlette statsd structlog tabulate tenacity termcolor text_unidecode typing_extensions tzdata
tzlocal unicodecsv urllib3 uvicorn virtualenv watchtower websocket werkzeug wheel wrapt wtforms yaml yarl
`),
);

/** Providers that every MWAA image holds; `standard` came with Airflow 3. */
const PROVIDERS = new Set(words('amazon celery common fab ftp http imap postgres smtp sqlite standard'));

/** Distributions whose module has another name. */
const MODULES: Readonly<Record<string, string>> = {
  'openmetadata-ingestion': 'metadata',
  'snowflake-connector-python': 'snowflake',
  'dbt-core': 'dbt',
  pyyaml: 'yaml',
  'scikit-learn': 'sklearn',
  'google-cloud-storage': 'google',
  'google-cloud-bigquery': 'google',
  'mysql-connector-python': 'mysql',
  pymysql: 'pymysql',
  'confluent-kafka': 'confluent_kafka',
  'python-dateutil': 'dateutil',
  beautifulsoup4: 'bs4',
  pillow: 'PIL',
};

interface Lifetime {
  /** First Airflow version that has it. */
  readonly since?: string;
  /** First Airflow version that lacks it. */
  readonly until?: string;
}

/** Modules of Airflow that not every version has; the longest match counts. */
const AIRFLOW_MODULES: Readonly<Record<string, Lifetime>> = {
  'airflow.contrib': { until: '3.0.0' },
  'airflow.datasets': { since: '2.4.0', until: '3.2.0' },
  'airflow.hooks.base_hook': { until: '3.0.0' },
  'airflow.operators.bash': { until: '3.2.0' },
  'airflow.operators.bash_operator': { until: '3.0.0' },
  'airflow.operators.branch': { until: '3.2.0' },
  'airflow.operators.branch_operator': { until: '3.0.0' },
  'airflow.operators.dagrun_operator': { until: '3.0.0' },
  'airflow.operators.datetime': { until: '3.2.0' },
  'airflow.operators.dummy': { until: '3.0.0' },
  'airflow.operators.dummy_operator': { until: '3.0.0' },
  'airflow.operators.email': { until: '3.2.0' },
  'airflow.operators.email_operator': { until: '3.0.0' },
  'airflow.operators.empty': { since: '2.3.0', until: '3.2.0' },
  'airflow.operators.latest_only': { until: '3.2.0' },
  'airflow.operators.python': { until: '3.2.0' },
  'airflow.operators.python_operator': { until: '3.0.0' },
  'airflow.operators.smooth': { until: '3.2.0' },
  'airflow.operators.subdag': { until: '3.0.0' },
  'airflow.operators.subdag_operator': { until: '3.0.0' },
  'airflow.operators.trigger_dagrun': { until: '3.2.0' },
  'airflow.operators.weekday': { until: '3.2.0' },
  'airflow.providers.standard': { since: '3.0.0' },
  'airflow.sdk': { since: '3.0.0' },
  'airflow.sensors.bash': { until: '3.2.0' },
  'airflow.sensors.date_time': { until: '3.2.0' },
  'airflow.sensors.external_task': { until: '3.2.0' },
  'airflow.sensors.external_task_sensor': { until: '3.0.0' },
  'airflow.sensors.filesystem': { until: '3.2.0' },
  'airflow.sensors.python': { until: '3.2.0' },
  'airflow.sensors.time_delta': { until: '3.2.0' },
  'airflow.utils.dates': { until: '3.0.0' },
  'airflow.utils.python_virtualenv': { until: '3.0.0' },
  'airflow.www': { until: '3.0.0' },
};

/**
 * Names inside modules: the ECS operator's, by the amazon provider of each MWAA image (providers/amazon
 * CHANGELOG 5.0.0 and 8.0.0).
 */
const AIRFLOW_NAMES: Readonly<Record<string, Readonly<Record<string, Lifetime>>>> = {
  'airflow.providers.amazon.aws.operators.ecs': {
    ECSOperator: { until: '2.4.0' },
    EcsOperator: { since: '2.3.0', until: '2.7.0' },
    EcsRunTaskOperator: { since: '2.4.0' },
  },
  'airflow.utils': { dates: { until: '3.0.0' } },
  'airflow.sdk': {},
};

function lives({ since, until }: Lifetime, version: string): boolean {
  return (since === undefined || atLeast(version, since)) && (until === undefined || !atLeast(version, until));
}

/** Python of an MWAA version, as it stands in paths. */
export function pythonVersion(airflowVersion: string): string {
  if (atLeast(airflowVersion, '2.11.0')) return '3.12';
  if (atLeast(airflowVersion, '2.7.0')) return '3.11';
  return atLeast(airflowVersion, '2.4.0') ? '3.10' : '3.7';
}

function missing(module: string, line: number): PythonError {
  return new PythonError('ModuleNotFoundError', `No module named '${module}'`, line);
}

/** Refuses, as Python would, an import of what the environment doesn't have. */
export function checkImport(
  environment: PythonEnvironment,
  module: string,
  names: readonly string[] | undefined,
  line: number,
): void {
  const { airflowVersion: version } = environment;
  const [top = ''] = module.split('.');
  if (module.startsWith('.')) {
    throw new PythonError('ImportError', 'attempted relative import with no known parent package', line);
  }
  if (top === 'airflow') checkAirflowModule(environment, module, line);
  else if (
    !STANDARD_LIBRARY.has(top) &&
    !IMAGE.has(top) &&
    !environment.local.has(top) &&
    !isInstalled(environment, top)
  ) {
    throw missing(top === module ? top : top, line);
  }
  const lifetimes = AIRFLOW_NAMES[module] ?? {};
  for (const name of names ?? []) {
    const lifetime = lifetimes[name];
    if (lifetime !== undefined && !lives(lifetime, version)) {
      const file = `${module.replaceAll('.', '/')}.py`;
      const site = `/usr/local/airflow/.local/lib/python${pythonVersion(version)}/site-packages`;
      throw new PythonError('ImportError', `cannot import name '${name}' from '${module}' (${site}/${file})`, line);
    }
    if (module === 'airflow.operators' || module === 'airflow.sensors') {
      checkAirflowModule(environment, `${module}.${name}`, line);
    }
  }
}

function checkAirflowModule(environment: PythonEnvironment, module: string, line: number): void {
  const parts = module.split('.');
  for (let length = parts.length; length > 1; length--) {
    const name = parts.slice(0, length).join('.');
    const lifetime = AIRFLOW_MODULES[name];
    if (lifetime === undefined) continue;
    if (!lives(lifetime, environment.airflowVersion)) throw missing(name, line);
    return;
  }
  const [, second, provider] = parts;
  if (second !== 'providers' || provider === undefined || PROVIDERS.has(provider)) return;
  const distribution = `apache-airflow-providers-${parts.slice(2).join('-')}`;
  const installed = [...environment.installed].some(
    (name) => name.startsWith('apache-airflow-providers-') && `${distribution}-`.startsWith(`${name}-`),
  );
  if (!installed) throw missing(`airflow.providers.${provider}`, line);
}

function isInstalled(environment: PythonEnvironment, module: string): boolean {
  return [...environment.installed].some((name) => (MODULES[name] ?? name.replaceAll('-', '_')) === module);
}

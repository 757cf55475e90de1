import { airflowVersion } from '../reference/airflow-versions.ts';
import type { DeploymentRequest, GeneratedFile } from './request.ts';

/** What an environment's plugins.zip has to hold for an ingestion, and how Airflow has to load it. */
export interface PluginNeed {
  /** Paths inside plugins.zip. */
  readonly files: readonly GeneratedFile[];
  /** Airflow configuration options, such as `core.lazy_load_plugins`. */
  readonly configuration: Readonly<Record<string, string>>;
}

const VIRTUALENV_PLUGIN = `"""Put the scripts of the environment's own packages on PATH.

Made by mwaa-console. PythonVirtualenvOperator of this Airflow looks for virtualenv there as
a DAG file is parsed, and Amazon MWAA installs it for a user whose scripts are not on it.
"""

import os
import site

from airflow.plugins_manager import AirflowPlugin

SCRIPTS = os.path.join(site.getuserbase(), "bin")

if SCRIPTS not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join([SCRIPTS, os.environ.get("PATH", os.defpath)])


class VirtualenvOnPath(AirflowPlugin):
    """Does nothing but be loaded, and this file with it."""

    name = "virtualenv_on_path"
`;

/**
 * The plugin that the virtualenv operator needs where its Airflow looks for virtualenv on PATH; undefined everywhere
 * else. Plugins are loaded only when something of theirs is used, unless an option says otherwise
 * (docs.aws.amazon.com/mwaa/latest/userguide/samples-virtualenv.html).
 */
export function pluginNeed({ mode, airflowVersion: version }: DeploymentRequest): PluginNeed | undefined {
  if (mode !== 'virtualenv' || airflowVersion(version).row.findsVirtualenv === 'as-package') return undefined;
  return {
    files: [{ path: 'virtualenv_on_path.py', content: VIRTUALENV_PLUGIN }],
    configuration: { 'core.lazy_load_plugins': 'False' },
  };
}

"""Put the scripts of the environment's own packages on PATH.

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

import type { Random } from '../random.ts';
import type { Line } from '../streams.ts';

const FAILED = `Installing Python dependencies from /usr/local/airflow/requirements/requirements.txt
Looking in indexes: https://pypi.org/simple
Collecting apache-airflow-providers-amazon==8.7.1 (from -r /usr/local/airflow/requirements/requirements.txt (line 2))
  Downloading apache_airflow_providers_amazon-8.7.1-py3-none-any.whl.metadata (10 kB)
Collecting openmetadata-ingestion[mysql]==1.4.1 (from -r /usr/local/airflow/requirements/requirements.txt (line 3))
  Downloading openmetadata_ingestion-1.4.1.0-py3-none-any.whl.metadata (33 kB)
Requirement already satisfied: boto3<2.0,>=1.20 in /usr/local/airflow/.local/lib/python3.11/site-packages (from openmetadata-ingestion[mysql]==1.4.1->-r /usr/local/airflow/requirements/requirements.txt (line 3)) (1.28.64)
Collecting PyMySQL~=1.0 (from openmetadata-ingestion[mysql]==1.4.1->-r /usr/local/airflow/requirements/requirements.txt (line 3))
  Downloading PyMySQL-1.1.0-py3-none-any.whl.metadata (4.4 kB)
INFO: pip is looking at multiple versions of openmetadata-ingestion[mysql] to determine which version is compatible with other requirements. This could take a while.
ERROR: Cannot install -r /usr/local/airflow/requirements/requirements.txt (line 3) because these package versions have conflicting dependencies.

The conflict is caused by:
    openmetadata-ingestion[mysql] 1.4.1.0 depends on importlib-metadata<5 and >=4.13.0
    The user requested (constraint) importlib-metadata==6.8.0

To fix this you could try to:
1. loosen the range of package versions you've specified
2. remove package versions to allow pip attempt to solve the dependency conflict

ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/dependency-resolution/#dealing-with-dependency-conflicts
ERROR: pip installation exited with a non-zero error code: 1`;

const RESTORED = `Installing Python dependencies from /usr/local/airflow/requirements/requirements.txt
Looking in indexes: https://pypi.org/simple
Collecting apache-airflow-providers-amazon==8.7.1 (from -r /usr/local/airflow/requirements/requirements.txt (line 2))
  Downloading apache_airflow_providers_amazon-8.7.1-py3-none-any.whl.metadata (10 kB)
Requirement already satisfied: apache-airflow>=2.4.0 in /usr/local/airflow/.local/lib/python3.11/site-packages (2.7.2)
Installing collected packages: apache-airflow-providers-amazon
Successfully installed apache-airflow-providers-amazon-8.7.1`;

/** The lines of one container's installation of requirements from `at` on (ms since the epoch), the failing or the restored ones. */
export function requirementsLines(
  outcome: 'failed' | 'restored',
): (from: number, to: number, random: Random) => Line[] {
  return (from, _to, random) => {
    let at = from;
    return (outcome === 'failed' ? FAILED : RESTORED).split('\n').map((message) => {
      at += random.between(40, 2_400);
      // The service takes no empty event: the agent sends a blank instead.
      return { at, message: message === '' ? ' ' : message };
    });
  };
}

import { airflowVersion } from '../../reference/airflow-versions.ts';
import { heldBack, undeclaredPackages, undeclaredTools } from '../../reference/ingestion-needs.ts';
import { openmetadataVersion, workflowClass } from '../../reference/openmetadata-versions.ts';
import { Failure } from '../../text/failure.ts';
import { pythonConstant, pythonList } from '../python-text.ts';
import type { DeploymentRequest } from '../request.ts';
import { neededPackages } from '../requirements/needed.ts';
import { secretReferences } from '../secret-references.ts';
import { type DagParts, RUN_ID_LINES } from './parts.ts';

/** The ingestion in the worker's own Python, where requirements.txt has installed its packages. */
export function pythonParts(request: DeploymentRequest): DagParts {
  return {
    how: "in the worker's own Python",
    paragraphs: [
      configurationParagraph(request),
      "The environment's requirements.txt installs openmetadata-ingestion. The task imports it, and not this file, " +
        'which is parsed over and over.',
    ],
    imports: [`from ${airflowVersion(request.airflowVersion).row.pythonOperators} import PythonOperator`],
    constants: [...placeConstants(request), '', ...RUN_ID_LINES],
    definitions: callable(request),
    task: `    PythonOperator(
        task_id="ingest",
        python_callable=ingest,
${ARGUMENTS}
    )
`,
  };
}

/** The ingestion in a virtual environment that each run builds anew on the worker. */
export function virtualenvParts(request: DeploymentRequest): DagParts {
  const { row } = airflowVersion(request.airflowVersion);
  const version = request.openmetadataVersion;
  return {
    how: 'in a virtual environment of the worker',
    paragraphs: [
      configurationParagraph(request),
      'The function below runs in the virtual environment by itself: whatever it uses, it imports or is given.',
    ],
    imports: [`from ${row.pythonOperators} import PythonVirtualenvOperator`],
    constants: [
      ...placeConstants(request),
      needsAirflow(request)
        ? "# The server's own release, in any of its builds, with the Airflow that it reads by."
        : "# The server's own release, in any of its builds; no Airflow is among them.",
      ...(undeclaredPackages(version).length === 0 ? [] : ['# It imports cachetools, and does not ask for it.']),
      ...(undeclaredTools(version).length === 0 ? [] : ['# It imports pkg_resources, and does not ask for it.']),
      ...(heldBack(version).length === 0 ? [] : ['# Newer ones of dbt-core fetch from GitHub as they are installed.']),
      pythonList('REQUIREMENTS', neededPackages(request)),
      '',
      ...RUN_ID_LINES,
    ],
    definitions: callable(request),
    task: `    PythonVirtualenvOperator(
        task_id="ingest",
        python_callable=ingest,
${ARGUMENTS}
        # Built for each run with the worker's own Python (${row.python}), and removed after it.
        requirements=REQUIREMENTS,
        system_site_packages=False,
        expect_airflow=False,
    )
`,
  };
}

const ARGUMENTS = `        op_kwargs={
            "region": REGION,
            "secret": SECRET,
            "pipeline_run_id": PIPELINE_RUN_ID,
        },`;

function configurationParagraph({ secretName }: DeploymentRequest): string {
  return `The workflow configuration is not in this file. Each run reads it from the secret ${secretName}.`;
}

function placeConstants({ region, secretName }: DeploymentRequest): string[] {
  return [pythonConstant('REGION', region), pythonConstant('SECRET', secretName)];
}

/** OpenMetadata's Airflow source imports Airflow, whichever connection it reads by; a virtual environment has none. */
function needsAirflow({ mode, pipeline }: DeploymentRequest): boolean {
  return mode === 'virtualenv' && pipeline.sourceType === 'airflow';
}

/** The function that a task runs: every import inside it, so that parsing the file loads nothing but Airflow. */
function callable(request: DeploymentRequest): string {
  const { pipeline, openmetadataVersion: version } = request;
  const workflow = workflowClass(pipeline.pipelineType, version);
  if (workflow === undefined) {
    throw new Failure('refused', `OpenMetadata ${version} does not run ${pipeline.pipelineType} pipelines.`, {
      advice: 'Upgrade OpenMetadata, or use another pipeline.',
    });
  }
  const { printStatus } = openmetadataVersion(version).row;
  const airflowInside = needsAirflow(request);
  const settings = [
    ...(airflowInside ? OWN_AIRFLOW_SETTINGS : []),
    ...(secretReferences(pipeline) !== undefined
      ? [
          '    # Where OpenMetadata looks up what the configuration refers to.',
          '    os.environ["AWS_DEFAULT_REGION"] = region',
        ]
      : []),
  ];
  const standard = ['    import os', ...(airflowInside ? ['    import tempfile'] : [])];
  const handler = pipeline.pipelineType === 'application' ? 'application_output_handler' : 'workflow_output_handler';
  return [
    'def ingest(region, secret, pipeline_run_id):',
    '    """Run the workflow that the secret holds, and fail where it fails."""',
    ...(settings.length > 0 ? [...standard, '', ...settings, ''] : []),
    '    import boto3',
    '    import yaml',
    `    from ${workflow.module} import ${workflow.name}`,
    ...(printStatus === 'function' ? [`    from metadata.workflow.${handler} import print_status`] : []),
    '',
    '    secrets = boto3.client("secretsmanager", region_name=region)',
    '    answer = secrets.get_secret_value(SecretId=secret)',
    '    config = yaml.safe_load(answer["SecretString"])',
    '    config["pipelineRunId"] = pipeline_run_id',
    `    workflow = ${workflow.name}.create(config)`,
    '    try:',
    '        workflow.execute()',
    ...(printStatus === 'function' ? ['        print_status(workflow)'] : []),
    ...(printStatus === 'method' ? ['        workflow.print_status()'] : []),
    '        workflow.raise_from_status()',
    '    finally:',
    '        workflow.stop()',
  ].join('\n');
}

/**
 * What a child of the worker inherits names modules of MWAA's image that a virtual environment lacks, and on Airflow 3 a
 * database address that no engine takes; the Airflow in it is told nothing of either.
 */
const OWN_AIRFLOW_SETTINGS: readonly string[] = [
  "    # The worker's settings of Airflow name modules that are not in here.",
  '    for name in [name for name in os.environ if name.startswith("AIRFLOW_")]:',
  '        del os.environ[name]',
  '    os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp()',
];

def ingest(region, secret, pipeline_run_id):
    """Run the workflow that the secret holds, and fail where it fails."""
    import os
    import tempfile

    # The worker's settings of Airflow name modules that are not in here.
    for name in [name for name in os.environ if name.startswith("AIRFLOW_")]:
        del os.environ[name]
    os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp()
    # Where OpenMetadata looks up what the configuration refers to.
    os.environ["AWS_DEFAULT_REGION"] = region

    import boto3
    import yaml
    from metadata.workflow.metadata import MetadataWorkflow

    secrets = boto3.client("secretsmanager", region_name=region)
    answer = secrets.get_secret_value(SecretId=secret)
    config = yaml.safe_load(answer["SecretString"])
    config["pipelineRunId"] = pipeline_run_id
    workflow = MetadataWorkflow.create(config)
    try:
        workflow.execute()
        workflow.raise_from_status()
    finally:
        workflow.stop()

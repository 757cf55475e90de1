def ingest(region, secret, pipeline_run_id):
    """Run the workflow that the secret holds, and fail where it fails."""
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
        workflow.print_status()
        workflow.raise_from_status()
    finally:
        workflow.stop()

"""Holds workflows against the models of the installed openmetadata-ingestion.

Standard input: a list of texts, as the secret holds them. Standard output: for each null, or what it is refused for.
"""

import json
import logging
import sys
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

import yaml  # noqa: E402
from metadata.generated.schema.metadataIngestion.application import OpenMetadataApplicationConfig  # noqa: E402
from metadata.ingestion.api.parser import parse_workflow_config_gracefully  # noqa: E402


def refusal(text):
    try:
        config = yaml.safe_load(text)
        if "source" in config:
            parse_workflow_config_gracefully(config)
        else:
            # What ApplicationWorkflow.create does.
            OpenMetadataApplicationConfig.model_validate(config)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


answers = [refusal(text) for text in json.load(sys.stdin)]
json.dump(answers, sys.stdout)

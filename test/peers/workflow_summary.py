"""Prints the summary of a workflow by openmetadata-ingestion's own output handler, without a server.

The steps come as JSON on standard input: name, and how many records, updates, warnings, filtered and failures.
"""

import json
import sys

from metadata.generated.schema.entity.services.ingestionPipelines.status import StackTraceError
from metadata.ingestion.api.status import Status
from metadata.utils.logger import set_loggers_level
from metadata.workflow.workflow_output_handler import WorkflowOutputHandler


class Step:
    """What the handler asks of a step."""

    report_all_failures = True

    def __init__(self, spec):
        self.name = spec["name"]
        self.status = Status()
        self.status.records.extend(f"record {at}" for at in range(spec["records"]))
        self.status.updated_records.extend(f"update {at}" for at in range(spec["updated"]))
        for at in range(spec["warnings"]):
            self.status.warning(f"table {at}", "unknown type; Errors: 77")
        for at in range(spec["filtered"]):
            self.status.filter(f"table {at}", "filtered out")
        for at in range(spec["errors"]):
            trace = "Traceback (most recent call last):\nWorkflow Sink Summary:\nErrors: 99\nSuccess %: 1"
            self.status.failed(StackTraceError(name=f"table {at}", error="503: Warnings: 98", stackTrace=trace))

    def get_status(self):
        return self.status


set_loggers_level("INFO")
steps = [Step(spec) for spec in json.load(sys.stdin)]
handler = WorkflowOutputHandler()
handler.print_summary(steps, debug=False)

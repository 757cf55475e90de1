"""Reads DAG files as this Airflow's processor does, with the network shut, and tells what it found.

Standard input: {"groups": {name: {"minimal": source, "files": [path, ...]}}}. Standard output: {name: {"minimal": told,
"files": {path: told}}}. A group's files are read in one process that has loaded nothing of them before; `modules` are
those that a file was the first to load, its own left out; the minimal DAG is read in a process of its own.
"""

import json
import os
import sys
import tempfile
import uuid
import warnings

SHUT = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "subprocess.Popen")
refused = []


def shut(event, arguments):
    if event in SHUT:
        refused.append(f"{event} {arguments!r}")
        raise RuntimeError(f"{event} while a DAG file is read")


def dag_bag(folder):
    try:
        from airflow.dag_processing.dagbag import DagBag
    except ImportError:
        from airflow.models.dagbag import DagBag
    return DagBag(dag_folder=folder, include_examples=False)


def macros():
    try:
        from airflow.sdk.execution_time import macros as found
    except ImportError:
        from airflow import macros as found
    return found


def serialize(dag):
    try:
        from airflow.serialization.serialized_objects import DagSerialization as serialization
    except ImportError:
        from airflow.serialization.serialized_objects import SerializedDAG as serialization
    serialization.to_dict(dag)


def plain(value):
    return json.loads(json.dumps(value, default=repr))


def told_task(dag, task):
    context = {"dag": dag, "task": task, "run_id": "manual__2026-11-22T12:00:00+00:00", "macros": macros()}
    arguments = {
        name: plain(getattr(task, name))
        for name in (
            *("cluster", "task_definition", "launch_type", "network_configuration", "awslogs_group", "awslogs_region"),
            *("awslogs_stream_prefix", "awslogs_fetch_interval", "reattach", "wait_for_completion", "deferrable"),
            *("do_xcom_push", "requirements", "system_site_packages", "expect_airflow", "retries", "execution_timeout"),
            *("show_return_value_in_logs", "retry_delay"),
        )
        if hasattr(task, name)
    }
    task.render_template_fields(context, dag.get_template_env())
    return {
        "id": task.task_id,
        "operator": f"{type(task).__module__}.{type(task).__name__}",
        "arguments": arguments,
        "rendered": {name: plain(getattr(task, name)) for name in task.template_fields if hasattr(task, name)},
    }


def told_dag(dag):
    serialize(dag)
    return {
        "id": dag.dag_id,
        "description": dag.description,
        "schedule": plain(getattr(dag, "schedule", getattr(dag, "schedule_interval", None))),
        "startDate": dag.start_date.isoformat(),
        "catchup": dag.catchup,
        "maxActiveRuns": dag.max_active_runs,
        "dagrunTimeout": dag.dagrun_timeout.total_seconds(),
        "paused": dag.is_paused_upon_creation,
        "tags": sorted(dag.tags),
        "tasks": [told_task(dag, task) for task in dag.tasks],
    }


def read(bag, path):
    """One file, with what it warned of, what it loaded, and what of the network it tried."""
    before = set(sys.modules)
    del refused[:]
    bag.dags.clear()
    bag.import_errors.clear()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        bag.process_file(path, only_if_updated=False)
    loaded = sorted(set(sys.modules) - before)
    return {
        "errors": list(bag.import_errors.values()),
        "warnings": [f"{each.category.__name__}: {each.message}" for each in caught],
        "modules": [name for name in loaded if not name.startswith("unusual_prefix_")],
        "refused": list(refused),
        "dags": [told_dag(dag) for dag in bag.dags.values()],
    }


def minimal(folder, source):
    path = os.path.join(folder, f"minimal_{uuid.uuid4().hex}.py")
    with open(path, "w") as file:
        file.write(source)
    return path


def read_apart(paths, folder):
    """The files read in a child, so that they load for themselves what they use."""
    answer, question = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(answer)
        bag = dag_bag(folder)
        sys.addaudithook(shut)
        told = {path: read(bag, path) for path in paths}
        with os.fdopen(question, "w") as pipe:
            json.dump(told, pipe)
        os._exit(0)
    os.close(question)
    with os.fdopen(answer) as pipe:
        text = pipe.read()
    if os.waitpid(child, 0)[1] != 0:
        raise RuntimeError(f"the reader of {paths} ended early")
    return json.loads(text)


def main():
    groups = json.load(sys.stdin)["groups"]
    answers = {}
    with tempfile.TemporaryDirectory() as folder:
        # What every reader has, whatever it reads.
        dag_bag(folder)
        macros()
        for name, group in groups.items():
            path = minimal(folder, group["minimal"])
            answers[name] = {
                "minimal": read_apart([path], folder)[path],
                "files": read_apart(group["files"], folder),
            }
    json.dump(answers, sys.stdout)


main()

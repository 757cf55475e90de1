"""A plugin of the `aws` client: holds every raw answer against the service's model before the client parses it.

A parser forgives: it drops members that the model does not know and never misses one that is absent. This walks the
raw body with the model's shapes and writes each disagreement, as a line of JSON, to the file that ANSWER_PROBLEMS names.
"""
import json
import os
import xml.etree.ElementTree as ElementTree

# Errors that any service may answer: in no operation's model, but on AWS's "Common Errors" pages.
COMMON_ERRORS = {
    "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "ThrottlingException", "Throttling",
    "RequestLimitExceeded", "ValidationError", "ValidationException", "InvalidParameterValue", "MissingParameter",
    "MissingAuthenticationToken", "MissingAuthenticationTokenException", "UnknownOperationException",
    "SerializationException", "InvalidParameterCombination", "InternalFailure", "ServiceUnavailable",
}
# S3 and EC2 model few of their errors; theirs are documented on their own "error codes" pages.
UNMODELLED = {"s3", "ec2"}


def awscli_initialize(cli):
    cli.register("before-parse", check)


def check(operation_model, response_dict, **_):
    problems = []
    try:
        Walk(operation_model, problems).answer(response_dict)
    except Exception as error:  # a body that can't be read is itself the finding
        problems.append(f"unreadable answer: {error!r}")
    with open(os.environ["ANSWER_PROBLEMS"], "a", encoding="utf-8") as file:
        for problem in problems:
            operation = f"{operation_model.service_model.service_name} {operation_model.name}"
            file.write(json.dumps({"operation": operation, "problem": problem}) + "\n")


class Walk:
    def __init__(self, operation, problems):
        self.operation = operation
        self.problems = problems
        self.protocol = operation.service_model.metadata["protocol"]

    def answer(self, response):
        body = response["body"]
        body = body if isinstance(body, bytes) else b""
        headers = {name.lower(): value for name, value in response["headers"].items()}
        if not any(name in headers for name in ("x-amzn-requestid", "x-amz-request-id")) and b"equestI" not in body:
            self.say("no request id")
        if response["status_code"] >= 300:
            self.error(response["status_code"], headers, body)
        elif self.operation.output_shape is not None:
            self.output(self.operation.output_shape, headers, body)

    def say(self, text):
        self.problems.append(text)

    # Good answers

    def output(self, shape, headers, body):
        payload = shape.serialization.get("payload")
        for name, member in shape.members.items():
            place = member.serialization.get("location")
            if place == "header" and name in shape.required_members:
                if member.serialization["name"].lower() not in headers:
                    self.say(f"{name}: required header is missing")
        if payload is not None:
            member = shape.members[payload]
            if member.type_name != "structure" or not body:
                return
            shape = member
        in_body = [m for m in shape.members.values() if "location" not in m.serialization]
        if not in_body and self.protocol in ("rest-xml", "rest-json"):
            return
        if self.protocol in ("json", "rest-json"):
            self.json(shape, json.loads(body or b"{}"), shape.name)
            return
        root = strip(ElementTree.fromstring(body))
        if self.protocol == "query":
            wrapper = shape.serialization.get("resultWrapper")
            found = root.find(wrapper) if wrapper else root
            if found is None:
                self.say(f"no <{wrapper}>")
                return
            root = found
        self.xml(shape, root, shape.name, ignored={"requestId", "ResponseMetadata"})

    def json(self, shape, value, path):
        kind = shape.type_name
        if value is None:
            return
        if kind == "structure" and not shape.metadata.get("document"):
            if not isinstance(value, dict):
                self.say(f"{path}: {type(value).__name__} is no structure")
                return
            known = {m.serialization.get("name", name): m for name, m in shape.members.items() if "location" not in m.serialization}
            for name in value:
                if name not in known:
                    self.say(f"{path}.{name}: unknown member")
                else:
                    self.json(known[name], value[name], f"{path}.{name}")
            for name in shape.required_members:
                member = shape.members[name]
                if "location" not in member.serialization and value.get(member.serialization.get("name", name)) is None:
                    self.say(f"{path}.{name}: required member is missing")
        elif kind == "list":
            if not isinstance(value, list):
                self.say(f"{path}: {type(value).__name__} is no list")
                return
            for index, item in enumerate(value):
                self.json(shape.member, item, f"{path}[{index}]")
        elif kind == "map":
            if not isinstance(value, dict):
                self.say(f"{path}: {type(value).__name__} is no map")
                return
            for name, item in value.items():
                self.json(shape.value, item, f"{path}[{name}]")
        elif kind == "string":
            if not isinstance(value, str):
                self.say(f"{path}: {value!r} is no string")
            elif shape.enum and value not in shape.enum:
                self.say(f"{path}: {value!r} is not in the enum")
        elif kind in ("integer", "long"):
            if isinstance(value, bool) or not isinstance(value, int):
                self.say(f"{path}: {value!r} is no {kind}")
        elif kind in ("double", "float", "timestamp"):
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                self.say(f"{path}: {value!r} is no {kind}")
        elif kind == "boolean" and not isinstance(value, bool):
            self.say(f"{path}: {value!r} is no boolean")

    def xml(self, shape, node, path, ignored=frozenset()):
        known = {}
        for name, member in shape.members.items():
            if "location" in member.serialization:
                continue
            known[self.xml_name(name, member)] = (name, member)
        seen = set()
        for child in node:
            if child.tag in ignored:
                continue
            if child.tag not in known:
                self.say(f"{path}.{child.tag}: unknown element")
                continue
            name, member = known[child.tag]
            seen.add(name)
            self.xml_value(member, child, f"{path}.{name}")
        for name in shape.required_members:
            if "location" not in shape.members[name].serialization and name not in seen:
                self.say(f"{path}.{name}: required element is missing")

    def xml_name(self, name, member):
        if member.type_name == "list" and member.serialization.get("flattened"):
            inner = member.member.serialization.get("name")
            return inner or member.serialization.get("name", name)
        return member.serialization.get("name", name)

    def xml_value(self, shape, node, path):
        kind = shape.type_name
        text = (node.text or "").strip()
        if kind == "structure":
            self.xml(shape, node, path)
        elif kind == "list":
            if shape.serialization.get("flattened"):
                self.xml_value(shape.member, node, path)
                return
            item = shape.member.serialization.get("name", "member")
            for child in node:
                if child.tag != item:
                    self.say(f"{path}.{child.tag}: a list's item is called {item}")
                else:
                    self.xml_value(shape.member, child, path)
        elif kind == "string":
            if shape.enum and text not in shape.enum:
                self.say(f"{path}: {text!r} is not in the enum")
        elif kind in ("integer", "long"):
            if not text.lstrip("-").isdigit():
                self.say(f"{path}: {text!r} is no {kind}")
        elif kind == "boolean":
            if text not in ("true", "false"):
                self.say(f"{path}: {text!r} is no boolean")
        elif kind == "timestamp" and "T" not in text:
            self.say(f"{path}: {text!r} is no ISO time")

    # Errors

    def error(self, status, headers, body):
        if self.protocol in ("json", "rest-json"):
            value = json.loads(body or b"{}")
            code = value.get("__type") or headers.get("x-amzn-errortype") or ""
            code = code.split("#")[-1].split(":")[0]
            shape = self.known_error(code)
            if shape is not None:
                self.json(shape, {k: v for k, v in value.items() if k not in ("__type", "message", "Message")}, code) if not shape.required_members else None
            if not isinstance(value.get("message", value.get("Message", "")), str):
                self.say(f"{code}: the message is no string")
            return
        if not body and self.operation.http.get("method") == "HEAD":
            return
        root = strip(ElementTree.fromstring(body)) if body else None
        if root is None:
            if status not in (304, 404):
                self.say(f"an error {status} without a body")
            return
        error = root if root.tag == "Error" else root.find(".//Error")
        if error is None or not error.findtext("Code") or error.find("Message") is None:
            self.say(f"an error {status} without Error, Code and Message: <{root.tag}>")
            return
        if self.protocol == "query" and error.findtext("Type") not in ("Sender", "Receiver"):
            self.say(f"{error.findtext('Code')}: Type is not Sender or Receiver")
        self.known_error(error.findtext("Code"))

    def known_error(self, code):
        if self.operation.service_model.service_name in UNMODELLED:
            return None
        for shape in self.operation.error_shapes:
            if code in (shape.name, shape.metadata.get("error", {}).get("code")):
                return shape
        if code not in COMMON_ERRORS:
            self.say(f"the error {code!r} is neither in the operation's model nor common")
        return None


def strip(element):
    """Element names without their namespaces."""
    for node in element.iter():
        node.tag = node.tag.split("}")[-1]
    return element

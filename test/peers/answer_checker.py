"""A plugin of the `aws` client: holds every raw answer against the service's model before the client parses it.

A parser forgives: it drops members that the model does not know and never misses one that is absent. This walks the
raw body with the model's shapes and writes each answer, as a line of JSON with what it disagrees in, to `report`.
"""
import base64
import email.utils
import json
import re
import xml.etree.ElementTree as ElementTree

# Path of the file to write to; whoever runs the client sets it.
report = None

# Errors that any service may answer: in no operation's model, but on AWS's "Common Errors" pages.
COMMON_ERRORS = {
    "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "ThrottlingException", "Throttling",
    "RequestLimitExceeded", "ValidationError", "ValidationException", "InvalidParameterValue", "MissingParameter",
    "MissingAuthenticationToken", "MissingAuthenticationTokenException", "UnknownOperationException",
    "SerializationException", "InvalidParameterCombination", "InternalFailure", "ServiceUnavailable",
    "SignatureDoesNotMatch", "InvalidSignatureException", "ExpiredToken", "ExpiredTokenException",
}
# S3 and EC2 model few of their errors; theirs are documented on their own "error codes" pages.
UNMODELLED = {"s3", "ec2"}
# Enums that the service writes otherwise than its model: VpcEndpoint's state comes in small letters
# (the answers shown at https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpoints.html).
SMALL_LETTERS = {("ec2", "State")}
# Patterns that the service does not keep: GetEnvironment gives the web server's URL with its scheme or without.
LOOSE = {("mwaa", "WebserverUrl")}
# Ten digits until the year 2286: a JSON timestamp with more is in milliseconds.
LAST_SECOND = 10**10
ISO_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")


def awscli_initialize(cli):
    cli.register("before-parse", check)


def check(operation_model, response_dict, **_):
    walk = Walk(operation_model)
    try:
        walk.answer(response_dict)
    except Exception as error:  # a body that can't be read is itself the finding
        walk.say(f"unreadable answer: {error!r}")
    line = {
        "operation": f"{operation_model.service_model.service_name} {operation_model.name}",
        "status": response_dict["status_code"],
        "problems": walk.problems,
    }
    with open(report, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


class Walk:
    def __init__(self, operation):
        self.operation = operation
        self.service = operation.service_model.service_name
        self.protocol = operation.service_model.resolved_protocol
        self.problems = []

    def say(self, text):
        self.problems.append(text)

    def answer(self, response):
        body = response["body"]
        body = body if isinstance(body, bytes) else b""
        headers = {name.lower(): value for name, value in response["headers"].items()}
        if not any(name in headers for name in ("x-amzn-requestid", "x-amz-request-id")):
            self.say("no request id")
        if response["status_code"] >= 300:
            self.error(response["status_code"], headers, body)
        elif self.operation.output_shape is not None:
            self.output(self.operation.output_shape, headers, body)

    # Good answers

    def output(self, shape, headers, body):
        for name, member in shape.members.items():
            if member.serialization.get("location") == "header":
                self.header(name, member, headers, name in shape.required_members)
        payload = shape.serialization.get("payload")
        if payload is not None:
            shape = shape.members[payload]
            if shape.type_name != "structure" or not body:
                return
        if self.protocol in ("rest-xml", "rest-json") and not in_body(shape):
            return
        if self.protocol in ("json", "rest-json"):
            self.json(shape, json.loads(body), shape.name)
            return
        root = strip(ElementTree.fromstring(body))
        if self.protocol in ("query", "ec2") and root.tag != f"{self.operation.name}Response":
            self.say(f"the answer is called <{root.tag}>")
        if self.protocol == "query":
            wrapper = shape.serialization.get("resultWrapper")
            root = root.find(wrapper) if wrapper else root
            if root is None:
                self.say(f"no <{wrapper}>")
                return
        self.xml(shape, root, shape.name, ignored={"requestId", "ResponseMetadata"})

    def header(self, name, member, headers, required):
        value = headers.get(member.serialization["name"].lower())
        kind = member.type_name
        if value is None:
            if required:
                self.say(f"{name}: required header is missing")
        elif kind == "timestamp":
            if email.utils.parsedate(value) is None:
                self.say(f"{name}: {value!r} is no HTTP date")
        else:
            self.text(member, value, name)

    def json(self, shape, value, path):
        kind = shape.type_name
        if kind == "structure" and shape.is_document_type:
            return
        expected = {
            "structure": dict, "list": list, "map": dict, "string": str, "character": str, "blob": str, "boolean": bool,
            "integer": int, "long": int, "double": (int, float), "float": (int, float), "timestamp": (int, float),
        }[kind]
        if not isinstance(value, expected) or (isinstance(value, bool) and kind != "boolean"):
            self.say(f"{path}: {value!r} is no {kind}")
        elif kind == "structure":
            self.members(shape, value, path)
        elif kind == "list":
            self.length(shape, value, path)
            for index, item in enumerate(value):
                self.json(shape.member, item, f"{path}[{index}]")
        elif kind == "map":
            for name, item in value.items():
                self.json(shape.value, item, f"{path}[{name}]")
        elif kind == "timestamp" and value > LAST_SECOND:
            self.say(f"{path}: {value!r} is not in seconds")
        elif kind == "blob":
            base64.b64decode(value, validate=True)
        elif kind == "string":
            self.text(shape, value, path)

    def members(self, shape, value, path):
        known = {member.serialization.get("name", name): member for name, member in in_body(shape).items()}
        for name, item in value.items():
            if name not in known:
                self.say(f"{path}.{name}: unknown member")
            else:
                self.json(known[name], item, f"{path}.{name}")
        for name in shape.required_members:
            member = shape.members[name]
            if "location" not in member.serialization and member.serialization.get("name", name) not in value:
                self.say(f"{path}.{name}: required member is missing")

    def xml(self, shape, node, path, ignored=frozenset()):
        known = {self.xml_name(name, member): (name, member) for name, member in in_body(shape).items()}
        seen = set()
        for child in node:
            if child.tag in ignored:
                continue
            if child.tag not in known:
                self.say(f"{path}.{child.tag}: unknown element")
                continue
            name, member = known[child.tag]
            if name in seen and not member.serialization.get("flattened"):
                self.say(f"{path}.{child.tag}: more than one")
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
        if kind == "structure":
            self.xml(shape, node, path)
        elif kind == "list" and shape.serialization.get("flattened"):
            self.xml_value(shape.member, node, path)
        elif kind == "list":
            item = shape.member.serialization.get("name", "member")
            for child in node:
                if child.tag != item:
                    self.say(f"{path}.{child.tag}: a list's item is called {item}")
                else:
                    self.xml_value(shape.member, child, path)
        elif kind == "map":
            for entry in node:
                self.xml_value(shape.key, entry.find(shape.key.serialization.get("name", "key")), path)
                self.xml_value(shape.value, entry.find(shape.value.serialization.get("name", "value")), path)
        elif len(node) > 0:
            self.say(f"{path}: elements where there should be a {kind}")
        elif kind == "timestamp":
            if not ISO_TIME.fullmatch(node.text or ""):
                self.say(f"{path}: {node.text!r} is no ISO time")
        else:
            self.text(shape, node.text or "", path)

    def text(self, shape, text, path):
        """A value that stands as text in XML or in a header, or a string of JSON."""
        kind = shape.type_name
        if kind == "string":
            self.length(shape, text, path)
            pattern = shape.metadata.get("pattern")
            if pattern and (self.service, shape.name) not in LOOSE and not like(pattern, text):
                self.say(f"{path}: {text!r} is not like {pattern}")
        if kind == "string" and shape.enum and text not in shape.enum:
            quirk = (self.service, shape.name) in SMALL_LETTERS
            if not quirk or text not in {value.lower() for value in shape.enum}:
                self.say(f"{path}: {text!r} is not in the enum")
        elif kind in ("integer", "long") and not re.fullmatch(r"-?\d+", text):
            self.say(f"{path}: {text!r} is no {kind}")
        elif kind in ("double", "float"):
            float(text)
        elif kind == "boolean" and text not in ("true", "false"):
            self.say(f"{path}: {text!r} is no boolean")

    def length(self, shape, value, path):
        least, most = shape.metadata.get("min"), shape.metadata.get("max")
        if (least is not None and len(value) < least) or (most is not None and len(value) > most):
            self.say(f"{path}: its length is {len(value)}, not {least} to {most}")

    # Errors

    def error(self, status, headers, body):
        if not body and (status == 304 or self.operation.http.get("method") == "HEAD"):
            return
        if self.protocol in ("json", "rest-json"):
            self.json_error(status, headers, json.loads(body))
            return
        root = strip(ElementTree.fromstring(body))
        path = {"query": ("ErrorResponse", "Error"), "ec2": ("Response", "Errors/Error"), "rest-xml": ("Error", ".")}
        outer, inner = path[self.protocol]
        error = root.find(inner)
        if root.tag != outer or error is None or not error.findtext("Code") or not error.findtext("Message"):
            self.say(f"an error {status} without {outer}, {inner}, Code and Message: <{root.tag}>")
            return
        code = error.findtext("Code")
        if root.find({"query": "RequestId", "ec2": "RequestID", "rest-xml": "RequestId"}[self.protocol]) is None:
            self.say(f"{code}: no request id")
        if self.protocol == "query" and error.findtext("Type") != ("Receiver" if status >= 500 else "Sender"):
            self.say(f"{code}: its Type is {error.findtext('Type')!r}")
        shape = self.known_error(code, status)
        if shape is not None and self.protocol != "rest-xml":
            spelt = {name for name in shape.members if name.lower() == "message"}
            self.xml(shape, error, code, ignored={"Type", "Code", "Message", "Detail"} - spelt)

    def json_error(self, status, headers, value):
        name = value.pop("__type", None) if self.protocol == "json" else headers.get("x-amzn-errortype")
        if not isinstance(name, str):
            self.say(f"an error {status} that names no type")
            return
        code = name.split("#")[-1].split(":")[0]
        shape = self.known_error(code, status)
        text = [name for name in value if name.lower() == "message"]
        for name in text:
            if not isinstance(value[name], str):
                self.say(f"{code}: the message is no string")
        if shape is None or not any(name.lower() == "message" for name in shape.members):
            # Every JSON error may carry its text, whether the model has a member for it or not.
            value = {name: item for name, item in value.items() if name not in text}
        if shape is not None:
            self.members(shape, value, code)
        elif value:
            self.say(f"{code}: unknown members {sorted(value)}")

    def known_error(self, code, status):
        """The error's shape, where the operation's model has it; says so where the error or its status is unknown."""
        for shape in self.operation.error_shapes:
            modelled = shape.metadata.get("error", {})
            if code in (shape.name, modelled.get("code")):
                usual = modelled.get("httpStatusCode") or (status if status >= 500 else 400)
                if status != usual and self.service not in UNMODELLED:
                    self.say(f"{code}: its status is {status}, not {usual}")
                return shape
        if self.service not in UNMODELLED and code not in COMMON_ERRORS:
            self.say(f"the error {code!r} is neither in the operation's model nor common")
        return None


def like(pattern, text):
    """Whether a text keeps a model's pattern, as far as Python reads it: they are written for Java."""
    try:
        return re.search(pattern, text) is not None
    except re.error:
        return True


def in_body(shape):
    """The members of a structure that stand in the body."""
    return {name: member for name, member in shape.members.items() if "location" not in member.serialization}


def strip(element):
    """Element names without their namespaces."""
    for node in element.iter():
        node.tag = node.tag.split("}")[-1]
    return element

"""Runs the `aws` client again and again: a child of one loaded process for each line of standard input.

Starting Python and importing the client takes more than a second, a fork of what is loaded nothing. A request is a line
`{"path", "arguments", "environment"}`; what the client prints goes to PATH.out and PATH.err, what the checker of answers
says to PATH.answers; then the line `{"path", "code"}` follows on standard output.
"""
import json
import os
import signal
import sys
import traceback

import answer_checker
import awscli.clidriver
import awscli.handlers  # noqa: F401  the client imports it by name


def run(path, arguments, environment):
    for descriptor, name in ((0, os.devnull), (1, f"{path}.out"), (2, f"{path}.err")):
        mode = os.O_RDONLY if descriptor == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        os.dup2(os.open(name, mode, 0o600), descriptor)
    os.environ.update(environment)
    answer_checker.report = f"{path}.answers"
    sys.argv = ["aws", *arguments]
    try:
        code = awscli.clidriver.main()
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        traceback.print_exc()
        code = 255
    sys.stdout.flush()
    sys.stderr.flush()
    return code if isinstance(code, int) else 0 if code is None else 1


def main():
    replies = os.dup(1)
    for line in sys.stdin:
        request = json.loads(line)
        if os.fork() > 0:
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        code = run(**request)
        os.write(replies, f"{json.dumps({'path': request['path'], 'code': code})}\n".encode())
        os._exit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are nobody's to wait for
    main()

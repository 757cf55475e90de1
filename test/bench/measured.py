"""Runs a command, for at most SECONDS, and tells what it used: `measured.py SECONDS COMMAND…`; its output is counted."""
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time

seconds, command = float(sys.argv[1]), sys.argv[2:]
began = time.monotonic()
child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
timer = threading.Timer(seconds, lambda: child.send_signal(signal.SIGINT))
timer.daemon = True
timer.start()
lines = 0
descriptor = child.stdout.fileno()
while chunk := os.read(descriptor, 1 << 20):
    lines += chunk.count(b"\n")
child.wait()
wall = time.monotonic() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
json.dump(
    {
        "lines": lines,
        "wall": wall,
        "cpu": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss * 1024,
    },
    sys.stdout,
)

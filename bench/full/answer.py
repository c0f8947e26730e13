"""What bench/full/runner.mjs speaks with, in Python; answer.mjs is the same in JavaScript."""

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

Request = dict[str, Any]


def answer(about: dict[str, Any], caption: Callable[[Request], list[int]]) -> None:
    """Answers each line of standard input, a request as JSON, with the ids that `caption` gives and its milliseconds; the first
    line out says that it is ready, and what it runs on."""
    print(json.dumps(about), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        started = time.perf_counter()
        ids = caption(request)
        milliseconds = (time.perf_counter() - started) * 1000
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"ms": milliseconds, "ids": ids, "peakBytes": peak}), flush=True)

"""How far a long step has come, on standard error."""

from __future__ import annotations

import sys
import time
from typing import TextIO

EVERY = {True: 1.0, False: 60.0}
"""Seconds between two reports: a terminal's one line is written over, a file gets a line a minute."""


class Progress:
    """Reports `<what>: 120 of 500, 4 min left`; the first report comes after the first interval."""

    def __init__(self, what: str, total: int, done: int = 0, stream: TextIO | None = None) -> None:
        self.what, self.total, self.begun = what, total, done
        self.stream = sys.stderr if stream is None else stream
        self.is_terminal = self.stream.isatty()
        self.started = self.reported = time.monotonic()

    def at(self, done: int, note: str = "") -> None:
        """Tells that `done` of the total are finished, where it is time to."""
        now = time.monotonic()
        if done <= self.begun or (now - self.reported < EVERY[self.is_terminal] and done < self.total):
            return
        if done >= self.total and self.reported == self.started:
            return  # over before anybody could wonder
        self.reported = now
        left = (now - self.started) / (done - self.begun) * (self.total - done)
        line = f"{self.what}: {done} of {self.total}{', ' + note if note else ''}, {duration(left)} left"
        end = "\n" if not self.is_terminal or done >= self.total else ""
        print(f"\r\033[K{line}" if self.is_terminal else line, end=end, file=self.stream, flush=True)


def duration(seconds: float) -> str:
    """In the unit that suits: `40 s`, `12 min`, `1.5 h`."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5940 else f"{seconds / 3600:.1f} h"

import io

import pytest

from captioneer_training import progress
from captioneer_training.progress import Progress, duration


class Clock:
    now = 0.0

    def monotonic(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


def told(clock: Clock, stream: io.StringIO, seconds: float, total: int) -> str:
    shown = Progress("step", total, 0, stream)
    for done in range(1, total + 1):
        clock.now += seconds
        shown.at(done, f"loss {done}")
    return stream.getvalue()


def test_a_file_gets_a_line_a_minute_and_one_at_the_end(clock: Clock) -> None:
    assert told(clock, io.StringIO(), 30, 5).splitlines() == [
        "step: 2 of 5, loss 2, 90 s left",
        "step: 4 of 5, loss 4, 30 s left",
        "step: 5 of 5, loss 5, 0 s left",
    ]


def test_a_terminal_has_one_line(clock: Clock) -> None:
    text = told(clock, Terminal(), 1, 3)
    assert text.count("\n") == 1
    assert text.count("\r") == 3


def test_what_is_over_at_once_says_nothing(clock: Clock) -> None:
    assert told(clock, io.StringIO(), 0.1, 5) == ""


def test_time_left_counts_from_where_a_run_goes_on(clock: Clock) -> None:
    stream = io.StringIO()
    shown = Progress("step", 100, 80, stream)
    clock.now = 100
    shown.at(90)
    assert stream.getvalue() == "step: 90 of 100, 2 min left\n"


def test_durations() -> None:
    assert [duration(seconds) for seconds in (5, 99, 600, 7200)] == ["5 s", "99 s", "10 min", "2.0 h"]

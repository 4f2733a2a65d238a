"""How every test here is run: repeatable Hypothesis, and the time each folder took against its budget.

`make test` must stay under ten minutes on two cores, so every room has a share and the table shows who overdraws it.
"""

import os
from collections import defaultdict
from pathlib import Path

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parent

# Seconds of `make test` on two cores; what is not named here shares the last line.
BUDGET_S = {
    "agent_sync": 95,
    "desk": 20,
    "exchange": 20,
    "flow": 20,
    "hardware": 115,
    "house": 45,
    "journeys": 110,
    "kiosk": 10,
    "paper": 15,
    "payout": 20,
    "screens": 40,
    "simulation": 30,
    "store": 30,
    "vault": 10,
    "other": 20,
}

hypothesis.settings.register_profile("usual", deadline=None, derandomize=True, max_examples=60)
hypothesis.settings.register_profile("deep", deadline=None, max_examples=3000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))

# Rooms that `make test` leaves out.
UNBOUNDED = {"bench", "deep"}

# There is one virtual reader on a machine: who uses it runs behind the others who do, on one of the two processes.
READER = ("tests/desk/", "tests/hardware/", "tests/house/test_makefile.py", "tests/journeys/")

_spent_s: dict[str, float] = defaultdict(float)


def _room(nodeid: str) -> str:
    parts = Path(nodeid.split("::", 1)[0]).parts
    return parts[1] if len(parts) > 2 else "other"


class _OneReader(LoadScopeScheduling):
    """With two processes a file stays whole, for its fixtures are dear, and the reader's files stay together."""

    def _split_scope(self, nodeid: str) -> str:
        return "reader" if nodeid.startswith(READER) else nodeid.split("::", 1)[0]


@pytest.hookimpl(optionalhook=True)  # the mutation trials load no plugins
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """How `make test` shares the tests out."""
    return _OneReader(config, log)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _spent_s[_room(report.nodeid)] += report.duration


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _spent_s.keys() - UNBOUNDED:
        return
    terminalreporter.section("time per folder (seconds of budget)")
    for room, spent in sorted(_spent_s.items()):
        budget = BUDGET_S.get(room, BUDGET_S["other"])
        over = "  OVER BUDGET" if spent > budget else ""
        terminalreporter.write_line(f"tests/{room:<12} {spent:7.1f} of {budget:3d}{over}")
    total = sum(_spent_s.values())
    terminalreporter.write_line(f"{'together':<18} {total:7.1f} of {sum(BUDGET_S.values())}")

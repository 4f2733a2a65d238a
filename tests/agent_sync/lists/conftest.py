"""Fixtures of the pay-list tests: from rows to a judged result in one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from agent_sync.district.lists import ImportResult, read_pay_list
from tests.agent_sync.samples import NOVEMBER, Extra, Person, list_rows, write_rows

Judge = Callable[..., ImportResult]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Write rows as a sheet and read them for November 2026."""

    def _judge(rows: Sequence[Sequence[object]], extra: Extra | None = None, **ask: object) -> ImportResult:
        path = write_rows(tmp_path / "list.xlsx", rows, extra)
        return read_pay_list(path, **({"period": NOVEMBER} | ask))  # type: ignore[arg-type]

    return _judge


@pytest.fixture
def judge_people(judge: Judge) -> Judge:
    """Judge a sheet of these people below the usual title and header."""

    def _judge(*people: Person, below: Sequence[Sequence[object]] = (), **ask: object) -> ImportResult:
        return judge(list_rows(people, *below), **ask)

    return _judge

"""The answer of the command: its JSON, its exit codes, its sentences, and the demo's own list."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path

import pytest

from agent_sync.district.lists import import_command, read_pay_list
from agent_sync.district.lists.findings import UNREADABLE, ErrorKind, FileErrorKind, HeldReason, NoticeKind, Warn
from agent_sync.district.lists.messages import LANGUAGES, sentence
from agent_sync.district.lists.sample import main as sample_main
from hardware.virtual.card.personas import PERSONAS
from kiosk.payout.names import Kind, Method, Period, Programme
from tests.agent_sync.lists.conftest import Judge
from tests.agent_sync.samples import (
    HEADER,
    NOVEMBER,
    TITLE,
    Person,
    demo_list,
    list_rows,
    total_row,
    write_rows,
)

FINDINGS: list[StrEnum] = [*FileErrorKind, *ErrorKind, *HeldReason, *Warn, *NoticeKind]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_has_a_sentence_of_its_own(language: str) -> None:
    for family in (FileErrorKind, ErrorKind, HeldReason, Warn, NoticeKind):
        sentences = [sentence(finding, "x", language) for finding in family]
        assert all(text.endswith(".") and "{" not in text for text in sentences)
        assert len(set(sentences)) == len(sentences)


def test_vietnamese_sentences_are_polite_about_the_dead() -> None:
    assert not any("chết" in sentence(finding) for finding in FINDINGS)


def test_a_detail_may_hold_braces() -> None:
    assert "{0}{detail}" in sentence(NoticeKind.TEXT_OUTSIDE_ROWS, "{0}{detail}")


def test_json_of_a_payable_line(judge_people: Judge) -> None:
    answer = judge_people(Person()).to_json()
    assert json.loads(json.dumps(answer)) == answer
    assert answer["lines"] == [
        {
            "line": "DS!3",
            "sheet": "DS",
            "row": 3,
            "id_number": "099141000016",
            "full_name": "Nguyễn Thị Sáu",
            "date_of_birth": "1941-04-12",
            "birth_year": 1941,
            "sex": "female",
            "programme": "social_pension",
            "period": "2026-11",
            "kind": "monthly",
            "amount_vnd": 500_000,
            "method": "cash",
            "account": "",
            "bank": "",
            "hamlet": "Ấp 3",
            "address": "Ấp 3, xã Tân An Thử",
            "household": "",
            "phone": "",
            "phone_owner": "",
            "payees": [],
            "note": "",
            "warnings": [],
        }
    ]
    assert (answer["outcome"], answer["total_vnd"], answer["held"], answer["errors"]) == ("import", 500_000, [], [])


def test_json_of_held_lines_errors_and_file_errors(judge_people: Judge) -> None:
    people = (Person(number="99141000016"), Person(amount="abc"))
    answer = judge_people(*people, below=[total_row(1)]).to_json("en")
    (held,) = answer["held"]
    assert (held["reasons"], held["id_as_written"], held["id_proposed"]) == (
        ["id_digits_missing"], "99141000016", "099141000016"
    )  # fmt: skip
    assert answer["errors"] == [
        {"sheet": "DS", "row": 4, "kind": "amount_unreadable", "message": "The sum cannot be read.", "detail": ""}
    ]
    assert [(e["kind"], e["row"]) for e in answer["file_errors"]] == [("total_mismatch", 5)]
    assert (answer["outcome"], answer["total_vnd"], answer["held_total_vnd"]) == ("refuse", 0, 500_000)


def test_exit_codes(tmp_path: Path, judge: Judge) -> None:
    assert judge(list_rows([Person(amount="abc")])).exit_code == 0
    assert judge(list_rows([Person()], total_row(1))).exit_code == 1
    assert read_pay_list(tmp_path / "none.xlsx").exit_code == 2
    assert FileErrorKind.TOTAL_MISMATCH not in UNREADABLE


def test_an_import_needs_a_month_and_a_programme_and_a_dry_run_does_not(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.xlsx", [["DANH SÁCH"], HEADER, Person().cells(1)])
    assert import_command(path, None, None, dry_run=True).outcome == "import"
    missing = import_command(path, None, None)
    assert [error.kind for error in missing.file_errors] == [
        FileErrorKind.PERIOD_MISSING,
        FileErrorKind.PROGRAMME_MISSING,
    ]
    assert missing.exit_code == 2
    given = import_command(path, NOVEMBER, Programme.SOCIAL_PENSION)
    assert (given.outcome, given.lines[0].period, given.lines[0].programme) == (
        "import", NOVEMBER, Programme.SOCIAL_PENSION
    )  # fmt: skip


def test_a_refused_file_is_not_asked_for_more(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.xlsx", list_rows([Person()], total_row(1), title="DANH SÁCH"))
    assert [e.kind for e in import_command(path, None, None).file_errors] == [FileErrorKind.TOTAL_MISMATCH]


@pytest.mark.parametrize("period", [NOVEMBER, Period(2027, 1)])
def test_the_demo_list_is_what_it_promises(tmp_path: Path, period: Period) -> None:
    result = import_command(demo_list(tmp_path, period), period, None)
    assert result.file_errors == result.errors == result.notices == ()
    assert (len(result.lines), [held.reasons for held in result.held]) == (9, [(HeldReason.CMND_ONLY,)])
    assert (result.total, result.held_total) == (14_906_000, 500_000)
    assert {line.hamlet for line in result.lines} == {"Ấp Bến Đò", "Ấp Giồng Mới", "Thôn Cây Gạo"}
    assert {line.method for line in result.lines} == {Method.CASH}
    before = Period(2026, 12) if period.month == 1 else Period(period.year, period.month - 1)
    assert [line.period for line in result.lines if line.kind is Kind.ARREARS] == [before]


def test_the_demo_list_is_about_the_people_whose_cards_the_demo_lays(tmp_path: Path) -> None:
    lines = import_command(demo_list(tmp_path), NOVEMBER, None).lines
    people = {persona.id_number: persona for persona in PERSONAS.values()}
    for line in lines:
        assert line.id_number is not None
        persona = people[line.id_number]
        assert (line.full_name, line.birth_year) == (persona.full_name, persona.birth.year)
        assert line.date_of_birth in (None, persona.birth)
        for payee in line.payees:
            assert people[payee.id_number or ""].full_name == payee.full_name
    assert {PERSONAS[key].id_number for key in ("ba-sau", "ong-tu", "me-hanh", "ong-danh", "ba-khe")} <= {
        line.id_number for line in lines
    }


def test_the_demo_list_is_written_by_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sample_main([str(tmp_path / "s.xlsx"), "2026-11"]) == 0
    assert len(read_pay_list(tmp_path / "s.xlsx").lines) == 9
    assert sample_main([str(tmp_path / "t.xlsx"), "11/2026"]) == 2
    assert capsys.readouterr().err == "sample: FILE YYYY-MM expected\n"


def test_formulas_of_strangers_stay_text(judge: Judge) -> None:
    rows = [[TITLE], HEADER, Person(note="x").cells(1)]
    rows[2][5] = "'=cmd|' /C calc'!A0"
    (line,) = judge(rows).lines
    assert line.address == "'=cmd|' /C calc'!A0"

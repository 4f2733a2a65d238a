"""``tannha receipt`` as another program would call it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from hardware.printer.profiles import GENERIC_58, GENERIC_80, PROFILES
from hardware.virtual.printer import decode
from hardware.virtual.printer.decode import decoded
from kiosk import cli
from kiosk.paper.samples import SAMPLES


def run(*arguments: str) -> int:
    return cli.main(["receipt", *arguments])


def test_list_names_one_sample_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--list") == 0
    assert capsys.readouterr().out.splitlines() == list(SAMPLES)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_sample_is_written_for_both_papers(tmp_path: Path, name: str) -> None:
    for paper, profile in (("58", GENERIC_58), ("80", GENERIC_80)):
        out = tmp_path / f"{paper}.bin"
        assert run("--sample", name, "--paper", paper, "--out", str(out)) == 0
        found = decoded(out.read_bytes(), profile)
        assert found.counted.junk == 0
        assert found.rows > 400


def test_the_bytes_can_be_turned_into_a_picture(tmp_path: Path) -> None:
    out, png = tmp_path / "o.bin", tmp_path / "o.png"
    assert run("--sample", "payout", "--paper", "58", "--out", str(out)) == 0
    assert decode.main([str(out), str(png)]) == 0
    with Image.open(png) as picture:
        assert picture.height > picture.width > 384
    assert decode.main([str(tmp_path / "nothing"), str(png)]) == 2


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_a_printer_may_be_named_instead_of_a_paper(tmp_path: Path, name: str) -> None:
    out = tmp_path / "o.bin"
    assert run("--sample", "payout", "--profile", name, "--out", str(out)) == 0
    assert decoded(out.read_bytes(), PROFILES[name]).counted.junk == 0


PAYOUTS = [name for name in SAMPLES if name.startswith("payout")]


@pytest.mark.parametrize("name", PAYOUTS)
def test_no_payout_receipt_is_more_than_a_cheap_printer_prints_in_two_seconds(tmp_path: Path, name: str) -> None:
    """26,000 bytes on 58 mm and 30,000 on 80 mm, copies, reprints and practice among them: 2.3 s at 115,200 baud."""
    for paper, most in (("58", 26_000), ("80", 30_000)):
        out = tmp_path / f"{paper}.bin"
        assert run("--sample", name, "--paper", paper, "--out", str(out)) == 0
        assert out.stat().st_size <= most


BAD = [
    (),
    ("--sample", "payout"),
    ("--sample", "payout", "--paper", "58"),
    ("--sample", "no-such", "--paper", "58", "--out", "x"),
    ("--sample", "payout", "--paper", "58", "--out", "/nonexistent/x"),
]


@pytest.mark.parametrize("arguments", BAD, ids=" ".join)
def test_bad_input_is_one_line_and_exit_two(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert "Traceback" not in told.err

"""Every paper with hostile words in every field: still only raster, feed and cut, and nobody is fooled."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.printer.escpos import job_for
from hardware.printer.profiles import GENERIC_58
from hardware.virtual.printer.stream import Cut, Feed, Initialise, Parser, Raster, RealTime
from kiosk.paper import page_for
from kiosk.paper.samples import SAMPLES
from kiosk.payout.receipt import ReceiptDocument

HOSTILE = st.one_of(
    st.text(max_size=120),
    st.text(alphabet="\x1b\x1d\x10\x04\x05\x14@v0V\x00\u202e\u200bẤ9", max_size=60),
)
KEPT = {"account_tail", "code", "device", "stand_in"}
"""Checked by the documents themselves, or ids that the district gave."""


def hostile(document: ReceiptDocument, text: str) -> ReceiptDocument:
    origin = replace(document.origin, **_texts(document.origin, text))
    changed: Any = replace(document, origin=origin, **_texts(document, text))
    found: ReceiptDocument = changed
    return found


def _texts(value: Any, text: str) -> dict[str, Any]:
    plain = {f.name for f in fields(value) if type(getattr(value, f.name)) is str}
    return dict.fromkeys(sorted(plain - KEPT), text)


@pytest.mark.parametrize("name", sorted(SAMPLES))
@settings(max_examples=8)
@given(text=HOSTILE)
def test_no_field_of_any_paper_reaches_the_printer_as_a_command(name: str, text: str) -> None:
    sample = SAMPLES[name]
    page = page_for(hostile(sample.document, text), GENERIC_58.paper, sample.signature)
    stream = job_for(page, GENERIC_58).stream
    scanner, parser = RealTime(), Parser()
    assert scanner.queries(stream) == []
    assert scanner.others == 0
    found = {type(command) for command in parser.commands(stream)}
    assert found <= {Initialise, Raster, Feed, Cut}
    assert not parser.waiting


def test_the_hostile_words_do_reach_the_fields() -> None:
    """The rig bites: every paper has fields that change."""
    for name, sample in SAMPLES.items():
        assert hostile(sample.document, "ZZZ") != sample.document, name

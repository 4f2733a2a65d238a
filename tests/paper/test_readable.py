"""Read the paper back from the bytes, as a person and a telephone would: OCR and QR.

Only the decoded stream is read, so that whatever layout, cropping or escaping did wrong shows here.
"""

from __future__ import annotations

import os
import re
import subprocess
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from hardware.printer.escpos import job_for
from hardware.printer.layout import Amount, Qr
from hardware.printer.profiles import EPSON_TM_T88, GENERIC_58, GENERIC_80, Profile
from hardware.virtual.printer.decode import decoded
from kiosk.paper import blocks_for, page_for
from kiosk.paper.samples import SAMPLES

PROFILES = {"58": GENERIC_58, "80": GENERIC_80, "t88": EPSON_TM_T88}
QUIET = {**os.environ, "OMP_THREAD_LIMIT": "1", "DBUS_SESSION_BUS_ADDRESS": "disabled:"}
CASES = [(name, paper) for name in SAMPLES for paper in ("58", "80")] + [("payout", "t88")]


@dataclass(frozen=True, slots=True)
class Papers:
    """Pictures of all cases, and what OCR read on each."""

    pictures: dict[tuple[str, str], Path]
    texts: dict[tuple[str, str], str]


def developed(name: str, profile: Profile) -> Image.Image:
    sample = SAMPLES[name]
    page = page_for(sample.document, profile.paper, sample.signature)
    found = decoded(job_for(page, profile).stream, profile)
    assert found.counted.junk == 0
    return found.image


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    """Two OCR processes, one a core: loading the language costs more than reading a page."""
    folder = tmp_path_factory.mktemp("papers")
    pictures = {case: folder / f"{case[0]}-{case[1]}.png" for case in CASES}
    for (name, paper), path in pictures.items():
        developed(name, PROFILES[paper]).save(path, dpi=(203, 203))
    halves = [dict(list(pictures.items())[start::2]) for start in (0, 1)]
    readers = [_reader(folder / f"list{number}.txt", half) for number, half in enumerate(halves)]
    texts: dict[tuple[str, str], str] = {}
    for half, reader in zip(halves, readers, strict=True):
        read, _ = reader.communicate(timeout=300)
        assert reader.returncode == 0
        texts |= dict(zip(half, read.split("\f"), strict=False))
    return Papers(pictures, texts)


def _reader(listing: Path, half: dict[tuple[str, str], Path]) -> subprocess.Popen[str]:
    listing.write_text("\n".join(map(str, half.values())))
    command = ["tesseract", str(listing), "-", "-l", "vie"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, env=QUIET, text=True, **pipes)


def loosely(text: str) -> str:
    """Letters and digits without marks: OCR confuses ỗ with ồ, never one name with another."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]", "", plain)


def name_on(name: str) -> str:
    document = SAMPLES[name].document
    return str(getattr(document, "recipient_name", document.origin.agent))


@pytest.mark.parametrize(("name", "paper"), CASES)
def test_a_reader_finds_the_name_and_the_sum(papers: Papers, name: str, paper: str) -> None:
    read = loosely(papers.texts[name, paper])
    assert loosely(name_on(name)) in read
    for block in blocks_for(SAMPLES[name].document):
        if isinstance(block, Amount):
            assert loosely(block.figures) in read


WITH_MARKS = ["Nguyễn Thị Sáu", "1.250.000 đ", "năm", "KHÔNG THU PHÍ"]


@pytest.mark.parametrize("phrase", WITH_MARKS)
@pytest.mark.parametrize("paper", ["58", "80", "t88"])
def test_the_receipt_is_read_with_all_its_marks(papers: Papers, paper: str, phrase: str) -> None:
    assert phrase in " ".join(papers.texts["payout", paper].split())


@pytest.mark.parametrize("paper", ["58", "80", "t88"])
def test_the_sum_in_words_is_read_too(papers: Papers, paper: str) -> None:
    words = loosely("Một triệu hai trăm năm mươi nghìn đồng")
    assert words in loosely(papers.texts["payout", paper])


CODED = [case for case in CASES if any(isinstance(b, Qr) for b in blocks_for(SAMPLES[case[0]].document))]


@pytest.mark.parametrize(("name", "paper"), CODED)
def test_a_telephone_reads_every_code(papers: Papers, name: str, paper: str) -> None:
    command = ["zbarimg", "--quiet", "--raw", str(papers.pictures[name, paper])]
    read = subprocess.run(command, env=QUIET, capture_output=True, text=True, check=True, timeout=60)
    wanted = [b.data.decode() for b in blocks_for(SAMPLES[name].document) if isinstance(b, Qr)]
    assert sorted(read.stdout.split()) == sorted(wanted)

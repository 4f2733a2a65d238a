"""Documents lead somewhere, and the glossary knows the words that the code uses."""

import re
from pathlib import Path

import pytest

from kiosk.payout.names import Kind, Programme, Role

TOP = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([TOP / "README.md", TOP / "CHANGELOG.md", *(TOP / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(TOP)))
def test_every_link_leads_to_a_file(document: Path) -> None:
    places = [place for place in LINK.findall(document.read_text()) if "://" not in place]
    assert [place for place in places if not (document.parent / place).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(TOP)))
def test_every_document_has_one_title(document: Path) -> None:
    outside_code = re.sub(r"^```.*?^```", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)
    assert len(re.findall(r"^# ", outside_code, re.MULTILINE)) == 1


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:3]) for path in (TOP / "docs/decisions").glob("*.md"))
    assert numbers == list(range(len(numbers)))


FIELD = (
    "entitlement", "pay list", "recipient", "alternate", "guardian", "payee", "payout", "session", "float", "variance",
    "journal", "entry", "fact", "receipt", "lease", "segment", "bundle", "checkpoint", "spool", "enrolment",
    "reconciliation", "override", "uncertain", "reversal",
)  # fmt: skip


def glossary_rows() -> dict[str, str]:
    """Word -> Vietnamese term."""
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", (TOP / "docs/glossary.md").read_text(), re.MULTILINE)
    return {word.strip(): term.strip() for word, term in rows if word.strip() != "word"}


def test_the_glossary_has_every_word_of_the_field_with_its_vietnamese() -> None:
    rows = glossary_rows()
    assert [word for word in FIELD if len(rows.get(word, "")) < 3] == []


def test_the_glossary_names_every_programme_kind_and_role() -> None:
    text = (TOP / "docs/glossary.md").read_text().replace(" of the ", " of ")
    text = text.replace("relative of a person of merit", "merit relative")
    words = [member.value.replace("_", " ") for member in (*Programme, *Kind, *Role) if member is not Role.SELF]
    assert [word for word in words if word not in text] == []


def test_the_readme_names_the_two_commands() -> None:
    text = (TOP / "README.md").read_text()
    assert "    make demo " in text
    assert "    make test " in text
    assert text.count("\n") < 80


def test_the_guide_quotes_the_screens_word_by_word() -> None:
    """Whatever stands in italics in the guide is a text of the Vietnamese catalogue."""
    catalogue = (TOP / "kiosk/locale/vi.po").read_text()
    texts = set(re.findall(r'^msgstr "(.+)"$', catalogue, re.MULTILINE))
    quoted = re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", (TOP / "docs/user-guide.vi.md").read_text())
    assert len(quoted) > 30
    assert sorted({quote for quote in quoted if quote not in texts} - {"nghiêng"}) == []

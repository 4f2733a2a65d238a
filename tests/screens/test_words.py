"""Every closed word in every language; nobody is called "bạn", nobody hears of a false card."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import text
from kiosk.flow import effects as ef
from kiosk.flow import screens as sc
from kiosk.flow import values as v
from kiosk.flow import values_house as h
from kiosk.payout.names import CitizenNumber, PersonId, RefusalKey, Sex
from kiosk.payout.people import BirthDate, Person
from kiosk.payout.receipt import MissingPaper
from kiosk.payout.statements import PayWay, Right, StatementKind
from kiosk.voice import Quiet, Speaker, sentence, voice_for

SPOKEN_OF: tuple[type[StrEnum], ...] = (
    RefusalKey, text.AddressForm, text.Kindness, v.CannotSign, v.CardDoubt, v.CardTrouble, v.Kind, v.Programme,
    v.ReadPhase, v.Role, v.Sex, v.Trouble, v.UnpaidReason, v.VarianceReason, v.VisitStatus, v.VoidReason, v.PinFault,
    sc.Wait, ef.Say, h.PhoneOwner, h.Topic, h.Request, MissingPaper, StatementKind,
    PayWay, Right, v.DataField, v.PrinterLight,
)  # fmt: skip
LANGUAGES = list(v.Language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_closed_word_has_words(language: v.Language) -> None:
    catalogue = text.catalogue(language)
    for enum in SPOKEN_OF:
        for member in enum:
            assert catalogue[f"{enum.__name__}.{member.value}"].strip()


def test_all_languages_have_the_same_keys_and_slots() -> None:
    vietnamese = text.catalogue("vi")
    for language in LANGUAGES:
        other = text.catalogue(language)
        assert other.keys() == vietnamese.keys()
        for key, sentence_ in other.items():
            assert sentence_, (language, key)
            # A language may leave the form of address out, and must not ask for a slot that is not given.
            slots = {slot.lower() for slot in text.SLOT.findall(sentence_)}
            wanted = {slot.lower() for slot in text.SLOT.findall(vietnamese[key])}
            assert slots <= wanted | {"you"}, (language, key)
            assert wanted - slots <= {"you"}, (language, key)


def test_manners() -> None:
    for key, words in text.catalogue("vi").items():
        lower = words.lower()
        assert not re.search(r"\b(bạn|khách hàng|chết|thẻ giả)\b", lower), key


def test_a_refusal_is_kind_to_the_recipient() -> None:
    for key in RefusalKey:
        words = text.phrase(f"Kindness.{text.kindness(key).value}", "vi", you="Cụ").lower()
        assert "không hợp lệ" not in words
        assert "giả" not in words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("say", list(ef.Say))
def test_every_sentence_can_be_said(language: v.Language, say: ef.Say) -> None:
    for form in (None, *text.AddressForm):
        spoken = sentence(ef.Speak(say, language, form, "Nguyễn Thị Lành", v.Vnd(1_250_000), v.Vnd(50_000)))
        assert spoken
        assert "{" not in spoken
        assert not re.search(r"[0-9]", spoken), "sums are spoken in words"


def person(sex: Sex, born: int, *, mother: bool = False) -> Person:
    return Person(PersonId("p"), CitizenNumber("079041000317"), "Nguyễn Thị Lành", BirthDate(born), sex, mother)


@pytest.mark.parametrize(
    ("sex", "born", "mother", "form"),
    [
        (Sex.FEMALE, 1940, False, "Cụ bà"),
        (Sex.MALE, 1940, False, "Cụ ông"),
        (Sex.FEMALE, 1960, False, "Bà"),
        (Sex.MALE, 1960, False, "Ông"),
        (Sex.FEMALE, 1990, False, "Chị"),
        (Sex.MALE, 1990, False, "Anh"),
        (Sex.FEMALE, 1940, True, "Mẹ"),
    ],
)
def test_how_people_are_addressed(sex: Sex, born: int, mother: bool, form: str) -> None:
    assert text.word(text.address(person(sex, born, mother=mother), date(2026, 11, 22), 80), "vi") == form


def test_a_birthday_that_is_still_to_come_counts_as_not_yet() -> None:
    born = Person(PersonId("p"), CitizenNumber("079046000317"), "A", BirthDate(1946, 11, 23), Sex.MALE)
    assert text.address(born, date(2026, 11, 22), 80) is text.AddressForm.ONG
    assert text.address(born, date(2026, 11, 23), 80) is text.AddressForm.CU_ONG


def test_figures_keep_their_unit_on_the_line() -> None:
    assert text.figures(1_250_000) == "1.250.000\u00a0đ"


@pytest.mark.parametrize(("key", "slots"), [("no.such.key", {}), ("close.missing", {})])
def test_a_word_that_does_not_exist_is_a_fault(key: str, slots: dict[str, str]) -> None:
    with pytest.raises(text.UnknownWords):
        text.phrase(key, "vi", **slots)


KEYS = st.from_regex(r"[a-z.]{1,12}", fullmatch=True)
WORDS = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(' "\\\n'), min_size=1)


@given(st.dictionaries(KEYS, WORDS))
def test_a_catalogue_reads_what_was_written(entries: dict[str, str]) -> None:
    def quoted(words: str) -> str:
        return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'

    source = "".join(f'# note\nmsgid ""\n{quoted(key)}\nmsgstr {quoted(words)}\n\n' for key, words in entries.items())
    assert text.read_catalogue(source) == entries


def test_a_device_without_a_voice_is_quiet() -> None:
    assert isinstance(voice_for(""), Quiet)


def test_a_missing_program_leaves_a_silent_kiosk(caplog: pytest.LogCaptureFixture) -> None:
    speaker = Speaker("/nowhere/espeak-ng", "vi")
    speaker.speak(ef.Speak(ef.Say.TAKE_CARD, v.Language.VI))
    speaker.close()
    assert "no voice" in caplog.text

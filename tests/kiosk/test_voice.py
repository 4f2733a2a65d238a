"""What is said aloud: sums in words, three dialects, recorded clips first, keys that only beep."""

from __future__ import annotations

import logging
import shutil
import subprocess
import wave
from pathlib import Path

import pytest

from kiosk.flow.effects import Say, Speak
from kiosk.flow.values import AddressForm, Language
from kiosk.payout.names import Vnd
from kiosk.voice import MAX_SENTENCE, Quiet, Speaker, sentence, voice_for

WITHIN = 20
"""Seconds for a small program."""
SUM = Speak(Say.SUM, Language.VI, AddressForm.CU_BA, amount=Vnd(1_115_000))


@pytest.fixture
def heard(tmp_path: Path) -> Path:
    """A program in the place of espeak-ng and aplay that writes down what it was given."""
    program = tmp_path / "program"
    program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/arguments\ncat >> {tmp_path}/words\n', encoding="utf-8")
    program.chmod(0o755)
    return program


def ends(speaker: Speaker) -> None:
    """Let it say the whole."""
    assert speaker._running is not None
    speaker._running.wait(WITHIN)


def test_a_sum_is_said_in_words(heard: Path) -> None:
    speaker = Speaker(str(heard), "vi-vn-x-south")
    speaker.speak(SUM)
    ends(speaker)
    words = (heard.parent / "words").read_text()
    assert "một triệu một trăm mười lăm nghìn đồng" in words.lower()
    assert not any(letter.isdigit() for letter in words)
    assert (heard.parent / "arguments").read_text() == "-v vi-vn-x-south -s 135 -a 140 --stdin\n"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("say", Say)
def test_every_sentence_has_words_within_the_bound(say: Say, language: Language) -> None:
    speak = Speak(say, language, AddressForm.CU_BA, "Bà", Vnd(999_999_999), Vnd(1_000), "0123456789012345678")
    assert 3 < len(sentence(speak)) <= MAX_SENTENCE


def test_khmer_without_a_recording_is_said_in_vietnamese_and_english_by_its_own_voice(heard: Path) -> None:
    speaker = Speaker(str(heard), "vi")
    for language in (Language.KM, Language.EN):
        speaker.speak(Speak(Say.TAKE_CARD, language, AddressForm.CU_BA))
        ends(speaker)
    vietnamese = sentence(Speak(Say.TAKE_CARD, Language.VI, AddressForm.CU_BA))
    english = sentence(Speak(Say.TAKE_CARD, Language.EN, AddressForm.CU_BA))
    assert (heard.parent / "words").read_text() == vietnamese + english
    assert [each.split()[1] for each in (heard.parent / "arguments").read_text().splitlines()] == ["vi", "en"]


def test_a_recording_goes_before_the_program_but_never_for_a_sum(heard: Path, tmp_path: Path) -> None:
    clips = tmp_path / "clips"
    (clips / "vi").mkdir(parents=True)
    for name in ("take_card", f"take_card-{AddressForm.CU_BA}", "sum"):
        (clips / "vi" / f"{name}.wav").write_bytes(b"RIFF")
    speaker = Speaker(str(heard), "vi", clips, str(heard))
    for speak in (Speak(Say.TAKE_CARD, Language.VI, AddressForm.CU_BA), Speak(Say.TAKE_CARD, Language.VI), SUM):
        speaker.speak(speak)
        ends(speaker)
    speaker.close()
    said = (tmp_path / "arguments").read_text().splitlines()
    assert [Path(each.split()[-1]).name for each in said] == ["take_card-cu_ba.wav", "take_card.wav", "--stdin"]


@pytest.mark.parametrize(("percent", "loud"), [(-5, "0"), (0, "0"), (50, "100"), (100, "200"), (900, "200")])
def test_loudness_stays_within_what_the_program_knows(heard: Path, percent: int, loud: str) -> None:
    speaker = Speaker(str(heard), "vi")
    speaker.set_volume(percent)
    speaker.speak(SUM)
    ends(speaker)
    assert f"-a {loud} " in (heard.parent / "arguments").read_text()


def test_the_next_sentence_cuts_the_last_one_short(tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 600\n", encoding="utf-8")
    slow.chmod(0o755)
    speaker = Speaker(str(slow), "vi")
    speaker.speak(SUM)
    first = speaker._running
    speaker.speak(SUM)
    assert first is not None
    assert first.poll() is not None
    speaker.close()


def test_a_key_beeps_and_never_over_a_sentence(heard: Path, tmp_path: Path) -> None:
    speaker = Speaker(str(heard), "vi", player=str(heard))
    speaker.beep()
    ends(speaker)
    tone = Path((tmp_path / "arguments").read_text().split()[-1])
    with wave.open(str(tone)) as sound:
        assert 0.04 < sound.getnframes() / sound.getframerate() < 0.06
    slow = Speaker("sleep", "600", player=str(heard))
    slow._start(["sleep", "600"], b"")
    slow.beep()
    assert len((tmp_path / "arguments").read_text().splitlines()) == 1
    for each in (speaker, slow):
        each.close()
    assert not tone.exists()


def test_a_program_that_is_missing_leaves_a_silent_kiosk(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        Speaker("/nowhere/espeak-ng", "vi").speak(SUM)
    assert "no voice" in caplog.text
    assert isinstance(voice_for(""), Quiet)


@pytest.mark.parametrize("dialect", ["vi", "vi-vn-x-central", "vi-vn-x-south"])
def test_the_program_has_the_three_dialects(tmp_path: Path, dialect: str) -> None:
    espeak = shutil.which("espeak-ng")
    assert espeak is not None, "apt install espeak-ng"
    out = tmp_path / "said.wav"
    command = [espeak, "-v", dialect, "-s", "135", "--stdin", "-w", str(out)]
    subprocess.run(command, input=sentence(SUM).encode(), check=True, timeout=WITHIN)
    with wave.open(str(out)) as sound:
        assert sound.getnframes() / sound.getframerate() > 2
    speaker = voice_for(dialect)
    assert isinstance(speaker, Speaker)
    speaker.close()

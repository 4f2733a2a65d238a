"""Says sentences aloud: recorded clips where somebody recorded them, espeak-ng for the rest.

A kiosk without a screen reader must speak for itself (FACTS §5). Speaking never blocks and never fails a payout: a
program that is missing or dies leaves a silent kiosk and one line in the log.
"""

from __future__ import annotations

import logging
import math
import shutil
import struct
import subprocess
import tempfile
import wave
from pathlib import Path

from kiosk import text
from kiosk.flow.effects import Speak
from kiosk.flow.values import Language

log = logging.getLogger("tannha.voice")
WORDS_PER_MINUTE = 135
"""Slower than espeak-ng's 175: old ears."""
MAX_SENTENCE = 500
"""Characters: a bound on what is handed to a program."""
ESPEAK_LOUDEST = 200
BEEP_HZ, BEEP_S, RATE_HZ = 880, 0.05, 16_000


def sentence(speak: Speak, language: Language | None = None) -> str:
    """The words of one spoken sentence, amounts in words, in its own language or another one."""
    spoken = language or speak.language
    return text.phrase(
        f"Say.{speak.say.value}",
        spoken,
        you=text.you(speak.form, spoken),
        name=speak.name,
        amount="" if speak.amount is None else text.in_words(speak.amount, spoken),
        digits=text.digits_in_words(speak.digits, spoken),
        change="" if speak.change is None else text.in_words(speak.change, spoken),
    )


class Quiet:
    """Says nothing: no program, or a device that is set to be silent."""

    def speak(self, sentence: Speak) -> None:
        """Nothing is said."""

    def beep(self) -> None:
        """Nothing is heard."""

    def set_volume(self, percent: int) -> None:
        """There is nothing to set."""

    def close(self) -> None:
        """There is nothing to end."""


class Speaker:
    """Speaks through espeak-ng. One sentence at a time: the next one cuts it short."""

    def __init__(self, espeak: str, voice: str, clips: Path | None = None, player: str | None = None) -> None:
        self._espeak, self._voice, self._clips, self._player = espeak, voice, clips, player
        self._percent = 70
        self._running: subprocess.Popen[bytes] | None = None
        self._beep = _beep_file() if player else None

    def speak(self, sentence: Speak) -> None:
        """Say it; what was being said stops."""
        self._stop()
        clip = self._clip(sentence)
        if clip is not None and self._player is not None:
            self._start([self._player, "-q", str(clip)], b"")
        else:
            self._start(self._command(sentence.language), self._words(sentence))

    def beep(self) -> None:
        """A short tone for a key; digits are never spoken."""
        speaking = self._running is not None and self._running.poll() is None
        if self._player is not None and self._beep is not None and not speaking:
            self._stop()
            self._start([self._player, "-q", str(self._beep)], b"")

    def set_volume(self, percent: int) -> None:
        """Loudness from 0 to 100, from the next sentence on."""
        self._percent = max(0, min(100, percent))

    def close(self) -> None:
        """Be quiet and leave nothing behind."""
        self._stop()
        if self._beep is not None:
            self._beep.unlink(missing_ok=True)

    def _clip(self, sentence: Speak) -> Path | None:
        """A recording, for sentences that carry no name, sum or number."""
        said = (sentence.amount, sentence.change, sentence.digits or None)
        if self._clips is None or any(each is not None for each in said):
            return None
        form = "" if sentence.form is None else f"-{sentence.form.value}"
        for name in (f"{sentence.say.value}{form}.wav", f"{sentence.say.value}.wav"):
            if (clip := self._clips / sentence.language.value / name).is_file():
                return clip
        return None

    def _command(self, language: Language) -> list[str]:
        voice = "en" if language is Language.EN else self._voice
        loud = str(self._percent * ESPEAK_LOUDEST // 100)
        return [self._espeak, "-v", voice, "-s", str(WORDS_PER_MINUTE), "-a", loud, "--stdin"]

    def _words(self, speak: Speak) -> bytes:
        """espeak-ng has no Khmer: without a recording the sentence is said in Vietnamese."""
        language = Language.VI if speak.language is Language.KM else speak.language
        return sentence(speak, language)[:MAX_SENTENCE].encode()

    def _start(self, command: list[str], words: bytes) -> None:
        try:
            self._running = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except OSError as missing:
            log.warning("no voice: %s", missing)
            return
        stdin = self._running.stdin
        if stdin is not None:
            try:
                stdin.write(words)
                stdin.close()
            except BrokenPipeError:
                log.warning("the voice ended before it had heard its sentence")

    def _stop(self) -> None:
        if self._running is not None:
            if self._running.poll() is None:
                self._running.terminate()
            self._running.wait()
            self._running = None


def _beep_file() -> Path:
    """A soft tone of 50 ms as a WAV file of our own."""
    count = int(RATE_HZ * BEEP_S)
    samples = [
        int(9_000 * math.sin(2 * math.pi * BEEP_HZ * place / RATE_HZ) * (1 - place / count)) for place in range(count)
    ]
    with tempfile.NamedTemporaryFile(prefix="tannha-beep-", suffix=".wav", delete=False) as file:
        path = Path(file.name)
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE_HZ)
        sound.writeframes(struct.pack(f"<{count}h", *samples))
    return path


def voice_for(name: str, clips: Path | None = None) -> Speaker | Quiet:
    """The voice that a device is set to: an espeak-ng voice such as ``vi-vn-x-south``; empty is silent."""
    espeak = shutil.which("espeak-ng")
    if not name or espeak is None:
        return Quiet()
    return Speaker(espeak, name, clips, shutil.which("aplay"))

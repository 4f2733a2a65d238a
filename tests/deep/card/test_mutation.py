"""The verdict code, broken in every way we could think of: no change that could turn a failure into a pass survives."""

import importlib
import inspect
import itertools
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.deep.card.mutants import Mutant, mutants_of, survives

ALARM_S = 120
MODULES: dict[str, tuple[str, ...]] = {
    "hardware.card.authenticity": ("test_authenticity", "test_active"),
    "hardware.card.iso9796": ("test_iso9796",),
    "hardware.card.card_security": ("test_card_security",),
    "hardware.card.public_keys": ("test_public_keys",),
    "hardware.card.cms": ("test_cms",),
    "hardware.card.certificates": ("test_certificates",),
    "hardware.card.trust": ("test_trust",),
}

HARMLESS: frozenset[str] = frozenset(
    {
        # One second, one day or one bit at the edge of a span that was chosen by feel.
        "hardware.card.authenticity _moment: Gt to GtE in `signed_on > today + CLOCK_SLACK`",
        "hardware.card.authenticity _moment: LtE to Lt in `issued <= at`",
        "hardware.card.authenticity _moment: 12 to 13 in `12`",
        "hardware.card.authenticity _crl_age: 12 to 13 in `12`",
        (
            "hardware.card.authenticity _crl_age: LtE to Lt in "
            "`datetime.combine(at, time(12), UTC) - newest <= CRL_MAX_AGE`"
        ),
        "hardware.card.authenticity _active_hashes: LtE to Lt in `item().digest_size * 8 <= bits + 7`",
        "hardware.card.authenticity _active_hashes: 7 to 8 in `7`",
        "hardware.card.authenticity has_long_signature: Gt to GtE in `key.size > LONGEST_SHORT_ANSWER`",
        # A missing file is an empty one for the parser: the next line fails it too.
        "hardware.card.card_security mapping_proof: condition always false in `card_security is None`",
        # A size bound met exactly; whatever is longer is refused by the next parser as well.
        "hardware.card.certificates parse_certificate: Gt to GtE in `len(data) > MAX_BYTES`",
        "hardware.card.certificates parse_crl: Gt to GtE in `len(data) > MAX_CRL_BYTES`",
        "hardware.card.trust _bounded: condition always false in `path.stat().st_size > MAX_FILE_BYTES`",
        "hardware.card.trust _bounded: Gt to GtE in `path.stat().st_size > MAX_FILE_BYTES`",
        "hardware.card.trust _admit: condition always false in `len(roots) > MAX_ROOTS`",
        "hardware.card.trust _admit: Gt to GtE in `len(roots) > MAX_ROOTS`",
        "hardware.card.trust open_master_list: condition always false in `len(data) > MAX_FILE_BYTES`",
        "hardware.card.trust open_master_list: Gt to GtE in `len(data) > MAX_FILE_BYTES`",
        # "501" and "50" lie on the same side of every two-digit year.
        "hardware.card.certificates parse_time: 2 to 3 in `2`",
        # The name of a store's content only has to be the same for the same content.
        "hardware.card.trust TrustStore.fingerprint: 4 to 5 in `4`",
        # The hour that stands for a day.
        "hardware.card.card_security _believed: 12 to 13 in `12`",
        # The modulus itself opens to nothing that has a trailer.
        "hardware.card.iso9796 recovered_message_holds: GtE to Gt in `value >= key.n`",
        # Digests of unequal length are unequal.
        "hardware.card.iso9796 _holds: first operand only in `not body or len(claimed) != size`",
    }
)
"""Survivors that were looked at one by one and change no verdict."""


def _cases(function: Callable[..., None]) -> Iterator[Callable[[], None]]:
    """The calls pytest would make of a parametrized test without fixtures."""
    axes: list[list[dict[str, Any]]] = []
    for mark in getattr(function, "pytestmark", ()):
        names = mark.args[0].split(",") if isinstance(mark.args[0], str) else list(mark.args[0])
        several = len(names) > 1
        axes.append([dict(zip(names, value if several else (value,), strict=True)) for value in mark.args[1]])
    for chosen in itertools.product(*axes):
        arguments = {name: value for part in chosen for name, value in part.items()}
        yield lambda arguments=arguments: function(**arguments)  # type: ignore[misc]


def _tests(module: ModuleType) -> list[Callable[[], None]]:
    functions = [item for name, item in vars(module).items() if name.startswith("test_")]
    return [case for function in functions for case in (_in_a_folder(function) or _cases(function))]


def _in_a_folder(function: Callable[..., None]) -> list[Callable[[], None]]:
    """A test that wants pytest's ``tmp_path`` gets a folder of its own."""
    if "tmp_path" not in inspect.signature(function).parameters:
        return []

    def case() -> None:
        with tempfile.TemporaryDirectory() as folder:
            function(tmp_path=Path(folder))

    return [case]


def _battery(cases: list[Callable[[], None]]) -> Callable[[], bool]:
    def run() -> bool:
        signal.alarm(ALARM_S)
        try:
            for case in cases:
                case()
        except BaseException:  # noqa: BLE001 - whatever a mutant raises, it was noticed
            return False
        return True

    return run


def _label(mutant: Mutant) -> str:
    return f"{mutant.module} {mutant.function}: {mutant.change}"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_no_mutant_of_the_verdicts_survives(module: str) -> None:
    loaded = [importlib.import_module(f"tests.hardware.card.{name}") for name in MODULES[module]]
    cases = [case for item in loaded for case in _tests(item)]
    run = _battery(cases)
    assert run()
    signal.alarm(0)
    mutants = mutants_of(module)
    assert len(mutants) > 20
    survivors = [mutant for mutant in mutants if survives(mutant, run)]
    unknown = [str(mutant) for mutant in survivors if _label(mutant) not in HARMLESS]
    print(os.linesep.join(unknown))
    assert unknown == []

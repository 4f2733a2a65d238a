"""Plays the demo to its end without a person, and writes down what came out (plan §8, ``make demo``).

Nothing in the summary is assumed: payouts are counted from the district's own verification, receipts from the
printer's folder, refusals from what the kiosk said.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from kiosk.demo.bad_line import FAULTS
from kiosk.demo.stage import READER, Roads, Stage, StageFault, run

PLAY_SECONDS = 420
SAU = "099141000016"
"""The card of the story's first recipient, read once before the kiosk takes the reader."""


def play(out: Path, world: Path, roads: Roads) -> int:
    """The whole demo into ``out``; 0 only if the district holds the payouts and the chain verifies."""
    started = time.monotonic()
    shutil.rmtree(out, ignore_errors=True)
    screens, receipts = out / "screens", out / "receipts"
    receipts.mkdir(parents=True)
    with Stage(world, receipts, roads).open() as stage:
        say("district, courier, card and printer are up; the kiosk is enrolled")
        card = _read_card(stage)
        carried: dict[str, Any] = {}
        told = _play(stage, screens, carried)
        verified = stage.district("verify")
    roads_told = _roads(stage, carried)
    summary = _summary(out, told, verified, card) | roads_told | {"seconds": round(time.monotonic() - started, 1)}
    (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    paid, held = summary["payouts_completed"], summary["district_payouts"]
    say(f"{paid} payouts, {held} at the district, see {out}/summary.json")
    return 0 if _good(summary) and _travelled(roads, summary) else 1


def say(line: str) -> None:
    """One line of progress."""
    print(f"demo: {line}", flush=True)


def _read_card(stage: Stage) -> dict[str, Any]:
    """``tannha card`` on a good card: what one reading takes."""
    stage.lay("ba-sau")
    program = str(Path(sys.executable).parent / "tannha")
    words = ("card", "--json", "--reader", READER, "--id", SAU, "--trust", str(stage.trust))
    read = json.loads(run(program, *words))
    stage.take()
    return {name: read[name] for name in ("apdus", "seconds", "checks")}


def _play(stage: Stage, screens: Path, carried: dict[str, Any]) -> list[str]:
    """Run the kiosk with its player; switch the district off after the first payout and on after the last."""
    command = [sys.executable, "-m", "kiosk.demo.play", "--home", str(stage.kiosk)]
    command += ["--card", str(stage.card_control), "--out", str(screens)]
    command += ["--stick"] if stage.roads.stick else []
    told: list[str] = []
    with (stage.folder / "kiosk.log").open("wb") as log:
        kiosk = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL)
        try:
            for line in kiosk.stdout or ():
                told.append(str(json.loads(line)["at"]))
                _react(stage, told[-1], carried)
            code = kiosk.wait(PLAY_SECONDS)
        finally:
            kiosk.kill()
            kiosk.wait()
    if code != 0:
        raise StageFault(f"the visit got stuck: {_last_line(stage.folder / 'kiosk.log')}")
    return told


def _react(stage: Stage, at: str, carried: dict[str, Any]) -> None:
    if at == "first_paid":
        stage.stop_district()
        say("first payout done; the district is switched off now")
    elif at == "all_paid":
        if stage.roads.stick:
            carried |= stage.carry_stick() | {"payouts": stage.district("verify")["completed"]}
            say(f"still no network: a USB stick brought the district to {carried['payouts']} payouts")
        stage.start_district()
        say("all paid without a network; the district is back")
    elif at.startswith("refused:"):
        say(at.replace(":", " "))


def _last_line(path: Path) -> str:
    lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else "no word"


def _summary(out: Path, told: list[str], verified: dict[str, Any], card: dict[str, Any]) -> dict[str, Any]:
    refused = [each.split(":") for each in told if each.startswith("refused:")]
    keys = {name: key for _, name, key in refused}
    return {
        "payouts_completed": sum(each.startswith("paid:") for each in told),
        "district_payouts": verified["completed"],
        "district_vnd": verified["completed_vnd"],
        "chain_verified": verified["chain_verified"],
        "chip_witness_verified": verified["chip_witness_verified"] == verified["completed"],
        "chip_witnesses": verified["chip_witness_verified"],
        "receipts": [each.as_posix() for each in sorted((out / "receipts").glob("*.png"))],
        "screens": [each.as_posix() for each in sorted((out / "screens").glob("*.png"))],
        "refused": {
            "forged_card": keys.get("forged") == "card_not_genuine",
            "second_payment": keys.get("second") == "already_paid",
        },
        "float_balanced": "balanced" in told,
        "card": card,
    }


def _roads(stage: Stage, carried: dict[str, Any]) -> dict[str, Any]:
    """What the files went through."""
    line = {} if stage.line is None else dict(sorted(stage.line.did.items()))
    database = (stage.roads.database or "sqlite").partition(":")[0]
    return {"roads": {"database": database.partition("+")[0], "bad_line": line, "stick": carried}}


def _travelled(roads: Roads, summary: dict[str, Any]) -> bool:
    """A demo with a bad line or a stick proves nothing unless the line was bad and the stick brought payouts."""
    told = summary["roads"]
    bad = not roads.bad_line or all(told["bad_line"].get(fault, 0) > 0 for fault in FAULTS)
    return bad and (not roads.stick or told["stick"].get("payouts", 0) == summary["payouts_completed"])


def _good(summary: dict[str, Any]) -> bool:
    """Exit 0 only if every promise of the demo held."""
    return (
        summary["payouts_completed"] >= 3
        and summary["district_payouts"] == summary["payouts_completed"]
        and summary["chain_verified"] is True
        and summary["chip_witness_verified"] is True
        and all(summary["refused"].values())
        and summary["float_balanced"]
        and len(summary["receipts"]) >= summary["payouts_completed"]
    )

"""`tannha-district trust`: which issuers of cards the area believes, and what it does where it knows none."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from agent_sync.district import security, signers, trusts, witness
from agent_sync.district.console import Args, opened, say
from agent_sync.district.errors import BadInput
from kiosk.payout.names import Programme

if TYPE_CHECKING:
    Sub = argparse._SubParsersAction[argparse.ArgumentParser]


def add_to(sub: Sub, shared: argparse.ArgumentParser) -> None:
    """Name the commands."""
    trust = sub.add_parser("trust", help="issuers of cards, brought to kits by bundles").add_subparsers(required=True)
    show = trust.add_parser("list", parents=[shared], help="what bundles carry now")
    show.set_defaults(run=list_all)
    take = trust.add_parser("import", parents=[shared], help="a certificate, a revocation list or a master list")
    take.add_argument("file", type=Path)
    take.add_argument("--accept-signer", metavar="SHA256", help="a master list's signer, compared by hand")
    take.set_defaults(run=bring)
    drop = trust.add_parser("withdraw", parents=[shared], help="believe a certificate or list no more")
    drop.add_argument("fingerprint", help="its first digits, 8 or more; an observed signer's all 64")
    drop.set_defaults(run=withdraw)
    seen = trust.add_parser("signers", parents=[shared], help="signers of cards on record that no issuer vouches for")
    seen.set_defaults(run=list_signers)
    observe = trust.add_parser("observe", parents=[shared], help="list such a signer: its cards are level B")
    observe.add_argument("fingerprint", help="64 digits")
    observe.add_argument("--name", default="", help="how you know it")
    observe.set_defaults(run=add_observed)
    level_b = trust.add_parser("level-b", parents=[shared], help="what level B may pay; without --programme nothing")
    level_b.add_argument("--programme", action="append", default=[], choices=[each.value for each in Programme])
    level_b.set_defaults(run=set_level_b)


def list_all(args: Args) -> int:
    """What bundles carry now."""
    with opened(args) as (home, database), database.read() as connection:
        listed = trusts.listed(connection, home.area)
        observed = signers.observed(connection, home.area)
        programmes = signers.level_b(connection, home.area)
    size = sum(each.size for each in listed)
    answer = {"trusted": [asdict(each) for each in listed], "bytes": size, "most_bytes": trusts.MAX_BYTES}
    answer |= {"observed": observed, "level_b": [each.value for each in programmes]}
    lines = [f"{each.fingerprint[:16]}  {each.size:6} bytes  {each.subject}" for each in listed]
    lines += [f"{each}  observed  {name}" for each, name in observed.items()]
    lines.append(f"{len(listed)} files, {size} of {trusts.MAX_BYTES} bytes; {len(observed)} observed signers")
    lines.append("level B pays: " + (", ".join(each.value for each in programmes) or "nothing"))
    return say(args, answer, "\n".join(lines))


def bring(args: Args) -> int:
    """Trust what a file brings; the next bundle takes it to the kits."""
    try:
        signer = None if args.accept_signer is None else bytes.fromhex(args.accept_signer)
    except ValueError as error:
        raise BadInput("--accept-signer is 64 hexadecimal digits") from error
    with opened(args) as (home, database), database.write() as connection:
        added = trusts.add(connection, home, args.file, signer)
        if added.issuers:
            witness.look_again(connection, home.area)
        for fingerprint, _ in added.issuers:
            security.note(connection, home.area, args.by, "trust_added", fingerprint)
    issuers = [{"fingerprint": fingerprint, "subject": subject} for fingerprint, subject in added.issuers]
    answer = {"issuers": issuers, "crls": added.crls, "left_out": added.left_out, "elsewhere": added.elsewhere}
    lines = [f"trusted: {subject}" for _, subject in added.issuers]
    left = f"{added.left_out} left out, {added.elsewhere} of other countries"
    lines.append(f"{len(issuers)} issuers, {added.crls} revocation lists, {left}")
    return say(args, answer, "\n".join(lines))


def withdraw(args: Args) -> int:
    """Believe something no more; the next bundle comes without it."""
    with opened(args) as (home, database), database.write() as connection:
        if args.fingerprint in signers.observed(connection, home.area):
            signers.forget(connection, home.area, args.fingerprint)
            gone = {args.fingerprint: "observed signer"}
        else:
            gone = {each.fingerprint: each.subject for each in trusts.withdraw(connection, home.area, args.fingerprint)}
        for fingerprint in gone:
            security.note(connection, home.area, args.by, "trust_withdrawn", fingerprint)
    return say(args, {"withdrawn": gone}, "\n".join(f"withdrawn: {each}" for each in gone.values()))


def list_signers(args: Args) -> int:
    """Signers of cards on record that no issuer vouches for."""
    with opened(args) as (home, database), database.read() as connection:
        found = signers.seen(connection, home.area)
    lines = [f"{each.fingerprint}  {each.people} people  {each.subject}" for each in found]
    return say(args, {"signers": [asdict(each) for each in found]}, "\n".join(lines) or "none")


def add_observed(args: Args) -> int:
    """List a signer as observed."""
    with opened(args) as (home, database), database.write() as connection:
        signers.observe(connection, home.area, args.fingerprint, args.name)
        security.note(connection, home.area, args.by, "signer_observed", args.fingerprint)
    return say(args, {"observed": args.fingerprint}, f"observed: {args.fingerprint}")


def set_level_b(args: Args) -> int:
    """What level B may pay."""
    programmes = tuple(Programme(each) for each in args.programme)
    with opened(args) as (home, database), database.write() as connection:
        signers.set_level_b(connection, home.area, programmes)
        security.note(connection, home.area, args.by, "level_b_set", " ".join(args.programme) or "nothing")
    return say(args, {"level_b": args.programme}, "level B pays: " + (", ".join(args.programme) or "nothing"))

"""`tannha-district lease, recall, stand-in, device leases-again | leases-free`: who may pay what, and until when."""

from __future__ import annotations

from agent_sync.district import ids, leases, returned, security, telephone
from agent_sync.district.console import Args, opened, say, second_agrees
from agent_sync.district.errors import BadInput
from kiosk.payout.names import CitizenNumber, DeviceId, Kind, UnixSeconds, Vnd

DAY = 86_400
MOST_DAYS = 400


def _until(args: Args) -> UnixSeconds:
    """When leases that are granted now expire. Raises BadInput."""
    if not 1 <= args.days <= MOST_DAYS:
        raise BadInput(f"leases last 1 to {MOST_DAYS} days")
    return UnixSeconds(ids.server_clock() + args.days * DAY)


def lease(args: Args) -> int:
    """Grant leases."""
    wanted = leases.Wanted(args.period, tuple(args.hamlet), tuple(args.commune), only_period=args.only_period)
    expires = _until(args)
    with opened(args) as (home, database), database.write() as connection:
        done = leases.grant(connection, home.area, DeviceId(args.device), wanted, expires, args.by)
        security.note(connection, home.area, args.by, "leases_granted", f"{args.device} {done.granted}")
    answer = {"granted": done.granted, "already": done.already, "total_vnd": done.total, "expires_at": expires}
    answer |= {"rolled_over": done.rolled_over, "locked": done.locked}
    text = f"{done.granted} leases over {done.total} đ granted to {args.device}; {done.rolled_over} came back unpaid"
    silent = f"; {done.locked} have ended, but their devices were not heard since" if done.locked else ""
    return say(args, answer, text + silent)


def recall(args: Args) -> int:
    """Ask a device for leases back."""
    numbers = tuple(CitizenNumber(each) for each in args.recipient)
    with opened(args) as (home, database), database.write() as connection:
        done = returned.recall(connection, home.area, DeviceId(args.device), numbers, tuple(args.hamlet))
        security.note(connection, home.area, args.by, "leases_recalled", f"{args.device} {done.back + done.asked}")
    answer = {"device": args.device, "back": done.back, "asked": done.asked, "handed_over": done.handed_over}
    text = f"{done.back} leases are free; {done.asked} are once {args.device} says that it gave them up"
    return say(args, answer, f"{text}; {done.handed_over} were given over by telephone and stay until they end")


def leases_free(args: Args) -> int:
    """Let others pay what a silent device left, together with a second officer."""
    with opened(args) as (home, database):
        second_agrees(args, home, database)
        with database.write() as connection:
            done = leases.free(connection, home.area, DeviceId(args.device), args.by, args.second)
            security.note(connection, home.area, args.by, "leases_freed", f"{args.device} {done.granted} {args.second}")
    answer = {"device": args.device, "free": done.granted, "total_vnd": done.total, "locked": done.already}
    return say(args, answer, f"{done.granted} leases over {done.total} đ are free; {done.already} are locked still")


def correct_sum(args: Args) -> int:
    """Put a wrong sum right; the next grant has it."""
    owed = leases.Owed(CitizenNumber(args.recipient), args.programme, args.period, Kind(args.kind))
    with opened(args) as (home, database), database.write() as connection:
        leases.correct_sum(connection, home.area, owed, Vnd(args.amount))
        said = f"{args.programme.value} {args.period} {args.kind} {args.amount}: {args.reason}"
        security.note(connection, home.area, args.by, "sum_corrected", said)
    answer = {"programme": args.programme.value, "period": str(args.period), "amount_vnd": args.amount}
    return say(args, answer, f"{args.period}: {args.amount} đ; grant it again (lease)")


def stand_in(args: Args) -> int:
    """Name who may take a device's leases over by telephone."""
    with opened(args) as (home, database), database.write() as connection:
        named = telephone.name_stand_in(connection, home, DeviceId(args.device), DeviceId(args.stand_in))
        security.note(connection, home.area, args.by, "stand_in_named", f"{args.device} {args.stand_in} {named}")
    answer = {"named": named, "device": args.device, "stand_in": args.stand_in}
    return say(args, answer, f"{args.stand_in} stands in for {named} leases of {args.device}")


def device_leases_again(args: Args) -> int:
    """Grant again what old epochs left; before expiry and grace only together with a second officer."""
    expires = _until(args)
    with opened(args) as (home, database):
        if args.second is not None:
            second_agrees(args, home, database)
        with database.write() as connection:
            done = leases.reissue(connection, home.area, DeviceId(args.device), expires, args.by, args.second)
            security.note(connection, home.area, args.by, "leases_again", f"{args.device} {done.granted} {args.second}")
    answer = {"granted": done.granted, "total_vnd": done.total, "expires_at": expires}
    return say(args, answer, f"{done.granted} leases over {done.total} đ granted again to {args.device}")

"""What the office does: lists, grants, roll-overs, backups, and burning down."""

from __future__ import annotations

from agent_sync.district.errors import NotPermitted
from agent_sync.district.states import LeaseState
from kiosk.payout.names import Kind
from tests.simulation.people import HAMLETS, month_lines
from tests.simulation.scene import DAY, KITS, MONTH_STARTS, MONTHS, START, Scene
from tests.simulation.truth import Grant, Right


class OfficeDays(Scene):
    """The officers' acts."""

    def _new_month(self) -> None:
        """The commune's list comes, with arrears for people who were not known to be paid."""
        period, asked = MONTHS[self.month], {}
        if self.month:
            earlier = MONTHS[self.month - 1]
            asked = {each.number: earlier for each in self.people if self.rng.random() < 0.2}
            self.faults["arrears_row"] += len(asked)
        held = self.office.import_lines(month_lines(self.people, period, asked), f"list-{period}")
        self.truth.reached["arrears_held"] += sum(each.line.kind is Kind.ARREARS for each in held)
        self.tell("office", f"loads {period}, {len(asked)} rows of arrears, {len(held)} held")
        self._learn_rights()
        self._backup()  # a list is in a backup before anything of it is granted: ids must outlive the server
        self._grant()
        self._name_stand_ins()

    def _learn_rights(self) -> None:
        for row in self.office.entitlements():
            right = Right(
                row["id"], row["recipient"], row["programme"], row["period"], row["kind"], row["amount"],
                row["method"] == "cash",
            )  # fmt: skip
            self.truth.rights[right.entitlement] = right

    def _grant(self) -> None:
        """Each hamlet to its kit, sometimes to another one; whatever has a lease keeps it."""
        end = START + (MONTH_STARTS[self.month] + 7 * DAY)
        end = max(end, self.now + 5 * DAY)
        silent = {row["device"] for row in self.office.leases(LeaseState.LIVE)} & self.truth.rolled_back
        shares: dict[str, list[str]] = {}
        for hamlet, own in zip(HAMLETS, KITS, strict=True):
            name = self.rng.choice(KITS) if self.rng.random() < 0.2 else own
            if name not in self.truth.rolled_back:
                shares.setdefault(name, []).append(hamlet)
        try:
            for name, hamlets in shares.items():
                self.office.grant(name, MONTHS[self.month], tuple(hamlets), end)
        except NotPermitted:
            self.truth.reached["grant_waits_after_restore"] += 1
        self._learn_grants()
        if silent:
            self.truth.reached["lease_of_a_doubted_kit_stays_locked"] += 1

    def _name_stand_ins(self) -> None:
        """Some agents have a colleague who may go in their place this month."""
        for holder in KITS:
            substitute = self.rng.choice([each for each in KITS if each != holder])
            if self.rng.random() < 0.3 and not {holder, substitute} & self.truth.rolled_back:
                self.office.name_stand_in(holder, substitute)
                self.tell("office", f"{substitute} may stand in for {holder}")

    def _learn_grants(self) -> None:
        for row in self.office.leases():
            grant = Grant(row["id"], row["entitlement"], row["device"], row["amount"], row["expires_at"])
            if grant.lease not in self.truth.grants:
                self.truth.grants[grant.lease] = grant
                self.news.add(row["device"])

    def _office_act(self) -> None:
        acts = ("roll_over",) if self._idle() else ("roll_over", "grant", "backup", "backup", "restore")
        match self.rng.choice(acts):
            case "grant":
                self.tell("office", "grants whatever is open")
                self._grant()
            case "roll_over":
                self._roll_over()
            case "backup":
                self._backup()
            case _:
                if self.life < 3 and self.backup is not None and self.rng.random() < 0.08:
                    self._restore()

    def _roll_over(self) -> None:
        taken = self.office.roll_over()
        self.truth.reached["rolled_over"] += taken
        if taken:
            self.tell("office", f"takes {taken} expired leases back and grants them anew")
            self._grant()

    def _backup(self) -> None:
        path = self.folder / f"backup-{self.life}-{len(self.story)}.tar"
        reach = self.office.backup(path)
        self.backup = (path, reach)
        for place, below in reach.items():
            self.covered[place] = max(self.covered[place], below)
        self.faults["backup"] += 1
        self.tell("office", "makes a backup")

    def _restore(self) -> None:
        assert self.backup is not None
        self.life += 1
        self.office.restore(self.backup[0], self.life)
        self.faults["district_restored"] += 1
        self.tell("office", f"burns down and comes back from the backup, life {self.life}")

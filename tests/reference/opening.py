"""Objects made of the opening rows: from here on nothing is shared with the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engine.records import LEVER_NUMBERS
from sim.engine.state import State
from sim.engine.worker_columns import NEVER
from sim.opening import opening_state
from sim.workers.contract_crew import CONTRACTS_ALLOWED
from sim.workers.kinds import KINDS, Kind
from tests.reference import crews, locals, migrants  # noqa: F401 - their classes are found below
from tests.reference.firms import Firm, Trade
from tests.reference.people import People

if TYPE_CHECKING:
    from tests.reference.market import ReferenceMarket


def kinds_below(group: type[People]) -> dict[Kind, type[People]]:
    """The class of each kind that is declared in the modules imported here."""
    found = {group.kind: group} if hasattr(group, "kind") else {}
    for inner in group.__subclasses__():
        found |= kinds_below(inner)
    return found


GROUPS = kinds_below(People)
OFF = (
    "expulsion",
    "places",
    "border_closed",
    "compliance",
    "quiet_renewal",
    "inspection_rate",
    "presigned",
)


def nothing_in_force() -> dict[str, float]:
    """What is in force before any decision of a policy.

    Contracts are replaced and permits renewed; there is no limit and no lever.
    """
    limits = {
        "permit_renewal": 1.0,
        "new_contracts": CONTRACTS_ALLOWED,
        "deadline": NEVER + 1,
        "announced_deadline": NEVER + 1,
        "transport_per_month": -1,
        "chinese_quota_heads": -1.0,
    }
    return dict.fromkeys(OFF, 0) | dict.fromkeys(LEVER_NUMBERS, 0.0) | limits


def open_market(market: ReferenceMarket, replicate: int) -> None:
    """Trades, firms with their posts, groups with their workers."""
    opening = opening_state(market.specification, replicate)
    market.trades = [
        Trade(k, float(row["weight"]), float(row["weight_root"]))
        for k, row in enumerate(opening.trades)
    ]
    market.firms = [
        Firm(market, j, {name: float(row[name]) for name in row.dtype.names})
        for j, row in enumerate(opening.firms.records())
    ]
    market.posts = [post for firm in market.firms for post in firm.posts]
    market.heads_normal = int(opening.now["heads_normal"][0])
    market.log_labour_cost_normal = float(opening.now["log_labour_cost_normal"][0])
    market.groups = [open_group(market, opening, number) for number in range(len(opening.groups))]


def open_group(market: ReferenceMarket, opening: State, number: int) -> People:
    """A group and its workers, each where he is at the start."""
    specification, record = (
        list(market.specification.population.values())[number],
        opening.groups[number],
    )
    people = GROUPS[KINDS[specification.kind]](market, number, specification, record)
    rows = slice(int(record["first"]), int(record["last"]))
    for row, due in zip(opening.workers.records()[rows], opening.next_event[rows], strict=True):
        people.worker(people, row, int(due))
    return people

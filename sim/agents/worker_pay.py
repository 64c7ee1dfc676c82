"""What a single worker is paid this month, in each currency.

Summed over workers these are the amounts that the pay verb records.
"""

from __future__ import annotations

from sim.agents.readings import Formula, OneOrMany, Reading, Rows
from sim.agents.worker_states import employed


def rub_per_usd(rows: Rows) -> float:
    """Exchange rate of the month last simulated; before the first one, the opening rate."""
    in_force = float(rows.model.state.now[0]["rub_per_usd"])
    return in_force or float(rows.model.inputs.rub_per_usd[0])


def rub_per_base_wage(rows: Rows) -> float:
    """Nominal RUB of one base wage in prices of the month."""
    state = rows.model.state
    return float(state.parameters[0]["base_wage_rub"] * state.now[0]["consumer_prices"])


def rub_per_posted_wage(rows: Rows) -> float:
    """Nominal RUB of a posted wage of 1 in the month: it moves with pay outside."""
    state = rows.model.state
    return float(state.parameters[0]["base_wage_rub"] * state.now[0]["outside_pay"])


def wage_rub(rows: Rows) -> OneOrMany:
    """Monthly pay in nominal RUB.

    Wage posted by the worker's firm for the trade x efficiency / pay ratio of the group.
    """
    state = rows.model.state
    cell = rows.column("firm") * state.trades.size + rows.column("trade")
    relative = (
        state.cells["wage"][cell] * (rows.column("efficiency") / 1000.0) / rows.own["pay_ratio"]
    )
    return relative * rub_per_posted_wage(rows)


def wage_share(rows: Rows) -> OneOrMany:
    """Pay in base wages of the month's prices."""
    return wage_rub(rows) / rub_per_base_wage(rows)


def wage_usd(rows: Rows) -> OneOrMany:
    """Pay in USD at the month's rate."""
    return wage_rub(rows) / rub_per_usd(rows)


def contract_usd(rows: Rows) -> OneOrMany:
    """A crew member's contract price, whatever his firm posts."""
    return rows.own["contract_price_usd"]


def contract_rub(rows: Rows) -> OneOrMany:
    """The contract price at the month's rate."""
    return contract_usd(rows) * rub_per_usd(rows)


def contract_share(rows: Rows) -> OneOrMany:
    """The contract price in base wages."""
    return contract_rub(rows) / rub_per_base_wage(rows)


def levy_usd(rows: Rows) -> OneOrMany:
    """What the sending state takes."""
    return contract_usd(rows) * (rows.column("levy_share") / 1000.0)


def pay_kept_usd(rows: Rows) -> OneOrMany:
    """What a crew member keeps."""
    return contract_usd(rows) - levy_usd(rows)


def pay(unit: str, meaning: str, read: Formula) -> Reading[float]:
    """A monthly sum of money: employed workers have one, others NaN."""
    return Reading(float, unit, f"{meaning}; NaN without a job", read, employed)

"""What the sending state takes and loses, what levers cost the public: krai totals and two named extrapolations."""

from __future__ import annotations

import numpy as np

from sim.inputs import facts
from sim.krai import Comparison, ratio
from sim.population import Array
from sim.wording import only_north_koreans

LEVER_COSTS = ("public_cost_wage_subsidy_rub", "public_cost_relocation_grant_rub", "public_cost_training_rub")


def revenue_measures(runs: Comparison) -> dict[str, Array]:
    """Levy of the month in the policy run, and levy(twin) - levy(policy) cumulated; USD. Extrapolations for the krai's North Koreans."""
    twin, policy = (run.by_group("levy_usd")[:, runs.crews].sum(axis=1) for run in (runs.twin, runs.policy))
    lost = np.cumsum(twin - policy)
    low, high = both_ends("dprk_overseas_revenue")
    share = np.cumsum(np.nan_to_num(ratio(twin - policy, twin))) / 12.0
    found = {"dprk_state_revenue_usd": policy, "dprk_state_revenue_twin_usd": twin, "dprk_revenue_lost_usd": lost}
    if not only_north_koreans(runs.scenario):
        return found
    return found | {
        "dprk_revenue_lost_russia_extrapolated_usd": lost * heads_in_russia_per_head_in_krai(runs),
        "dprk_revenue_lost_all_hosts_low_extrapolated_usd": low * share,
        "dprk_revenue_lost_all_hosts_high_extrapolated_usd": high * share,
    }


def heads_in_russia_per_head_in_krai(runs: Comparison) -> float:
    """Permits in Russia at the end of 2017 over the crews' heads in the krai's construction."""
    heads = sum(getattr(list(runs.scenario.population.values())[group], "heads", 0) for group in runs.crews)
    return both_ends("dprk_permits_russia_end_2017")[0] / heads if heads else 0.0


def both_ends(fact: str) -> tuple[float, float]:
    """A fact as a range; a single number is both ends."""
    value = facts()[fact].value
    if isinstance(value, tuple):
        return value
    if isinstance(value, float):
        return value, value
    raise TypeError(f"sim/evidence/facts.yaml: {fact} is not a number")


def public_cost_measures(runs: Comparison) -> dict[str, Array]:
    """What the levers cost a month, nominal RUB, and all of them cumulated."""
    monthly = {name: runs.policy.market(name) for name in LEVER_COSTS}
    return monthly | {"public_cost_rub": np.cumsum(sum(monthly.values()))}

"""What the sending state takes and loses, what levers cost the public: totals of the market and two named extrapolations."""

from __future__ import annotations

import numpy as np

from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import both_ends
from sim.measures.comparison import Comparison, ratio
from sim.measures.names import has_reported_crews, reported_of

LEVER_COSTS = (
    "public_cost_wage_subsidy_rub",
    "public_cost_relocation_grant_rub",
    "public_cost_training_rub",
)


def revenue_measures(branches: Comparison) -> dict[str, Array]:
    """Levy of the month, levy(baseline) - levy(policy) cumulated, and extrapolations where figures to scale by are reported; USD."""
    baseline, policy = (
        run.by_group("levy_usd")[:, branches.crews].sum(axis=1)
        for run in (branches.baseline, branches.policy)
    )
    lost = np.cumsum(baseline - policy)
    found = {
        "dprk_state_revenue_usd": policy,
        "dprk_state_revenue_baseline_usd": baseline,
        "dprk_revenue_lost_usd": lost,
    }
    reported = reported_of(branches.scenario)
    if reported is None or not has_reported_crews(branches.scenario):
        return found
    low, high = both_ends(reported.revenue_of_all_hosts_usd)
    share = np.cumsum(np.nan_to_num(ratio(baseline - policy, baseline))) / 12.0
    return found | {
        "dprk_revenue_lost_russia_extrapolated_usd": lost
        * heads_in_country_per_head(branches, reported.permits_in_country),
        "dprk_revenue_lost_all_hosts_low_extrapolated_usd": low * share,
        "dprk_revenue_lost_all_hosts_high_extrapolated_usd": high * share,
    }


def heads_in_country_per_head(branches: Comparison, permits: str) -> float:
    """Permits in the whole country (a fact) over the crews' heads in the market."""
    heads = sum(
        getattr(list(branches.scenario.population.values())[group], "heads", 0)
        for group in branches.crews
    )
    return both_ends(permits)[0] / heads if heads else 0.0


def public_cost_measures(branches: Comparison) -> dict[str, Array]:
    """What the levers cost a month, nominal RUB, and all of them cumulated."""
    monthly = {name: branches.policy.market(name) for name in LEVER_COSTS}
    return monthly | {"public_cost_rub": np.cumsum(sum(monthly.values()))}

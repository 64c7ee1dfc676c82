"""Posted wages of the month: frozen at first, then set by the firms' rule.

In the policy branch at baseline wages they are those of the baseline.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.branches import POLICY_AT_BASELINE_WAGES
from sim.firms.wages import (
    contract_is_renewed,
    limited_raise,
    log_seeker_share,
    raise_over_outside_pay,
    raise_to_shared_surplus,
    raise_to_wage_curve,
    two_way_raise,
)
from tests.reference.record import total

if TYPE_CHECKING:
    from tests.reference.firms import Post
    from tests.reference.market import ReferenceMarket


def set_wages(market: ReferenceMarket) -> None:
    """Post the month's wages and take their mean over the market.

    They are kept for the policy branch at baseline wages.
    """
    market.log_seekers = log_seeker_share(*free_heads(market))
    if market.wages_are_free:
        for post, log_wage in zip(market.posts, new_log_wages(market), strict=True):
            post.post_wage(log_wage, market.specification.market)
    market.log_wages[market.month] = [post.log_wage for post in market.posts]
    heads = sum(post.heads for post in market.posts)
    if heads:
        market.mean_wage = total(post.heads * post.wage for post in market.posts) / heads


def new_log_wages(market: ReferenceMarket) -> list[float]:
    """Log wages by post."""
    if market.branch == POLICY_AT_BASELINE_WAGES and market.month >= market.forks_from:
        return market.baseline.log_wages[market.month]
    rule = RAISES[market.specification.structure.wages]
    return [post.raised_log_wage(rule(post, market)) for post in market.posts]


def free_heads(market: ReferenceMarket) -> tuple[int, int]:
    """Heads seeking and employed of all who are no crew."""
    free = [people for people in market.groups if not people.kind.traits.is_crew]
    return sum(people.seeking.total() for people in free), sum(
        people.employed.total() for people in free
    )


def by_scarcity(post: Post, market: ReferenceMarket, months: int = 1) -> float:
    """The shipped rule; several months at once under a contract of that length."""
    wages = market.specification.market.wages
    return raise_over_outside_pay(
        post.mean_unfilled_share,
        post.trade.normal_unfilled_share,
        outside_pay_growth(market),
        months * wages.adjustment_per_month,
        months * wages.largest_raise_per_month,
    )


def outside_pay_growth(market: ReferenceMarket) -> float:
    """Growth of pay outside in the month."""
    return float(market.dated("log_outside_pay_growth"))


def two_way(post: Post, market: ReferenceMarket) -> float:
    """Down as well as up."""
    wages = market.specification.market.wages
    return two_way_raise(
        post.mean_unfilled_share,
        post.trade.normal_unfilled_share,
        wages.adjustment_per_month,
        wages.largest_raise_per_month,
        wages.downward_speed_share,
    )


def staggered(post: Post, market: ReferenceMarket) -> float:
    """Nothing but at the renewal of the contract."""
    months = market.specification.market.wages.contract_months
    if not contract_is_renewed(market.month, post.firm.number, months):
        return 0.0
    return by_scarcity(post, market, months)


def along_the_curve(post: Post, market: ReferenceMarket) -> float:
    """Towards the wage curve."""
    wages = market.specification.market.wages
    to_curve = raise_to_wage_curve(
        post.log_wage,
        market.log_seekers,
        market.log_seekers_normal,
        wages.curve_elasticity,
        wages.curve_adjustment_months,
    )
    return limited_raise(to_curve, outside_pay_growth(market), wages.largest_raise_per_month)


def bargained(post: Post, market: ReferenceMarket) -> float:
    """Towards the workers' share of what labour is worth."""
    wages = market.specification.market.wages
    shared = raise_to_shared_surplus(post.log_wage, post.firm.log_labour_value, wages.rent_share)
    return limited_raise(shared, outside_pay_growth(market), wages.largest_raise_per_month)


RAISES: dict[str, Callable[[Post, ReferenceMarket], float]] = {
    "scarcity": by_scarcity,
    "two_way": two_way,
    "staggered": staggered,
    "wage_curve": along_the_curve,
    "bargaining": bargained,
}

"""Posted wages of the month: frozen at first, then set by the firms' rule.

In the policy branch at baseline wages they are those of the baseline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.branches import POLICY_AT_BASELINE_WAGES
from tests.reference.record import total

if TYPE_CHECKING:
    from tests.reference.market import ReferenceMarket


def set_wages(market: ReferenceMarket) -> None:
    """Post the month's wages and take their mean over the market.

    They are kept for the policy branch at baseline wages.
    """
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
    growth = float(market.dated("log_outside_pay_growth"))
    return [post.raised_log_wage(growth, market.specification.market) for post in market.posts]

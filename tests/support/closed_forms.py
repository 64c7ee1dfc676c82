"""Closed forms of the model's parts: what a run must agree with where theory has an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from sim.engine.worker_columns import BURN_IN_MONTHS, Array
from sim.workers.contract_crew import LONG_CONTRACT_MONTHS, SHORT_CONTRACT_MONTHS, YEAR_MONTHS

FIRST_SEASON_MONTHS = 7


def urn_ball_hires(vacancies: int, seekers: int, application_probability: float) -> float:
    """Expected hires of one round at equal wages: V (1 - (1 - q/V)^U) (Butters 1977)."""
    if vacancies == 0:
        return 0.0
    return float(vacancies * (1.0 - (1.0 - application_probability / vacancies) ** seekers))


def urn_ball_variance(vacancies: int, seekers: int, application_probability: float) -> float:
    """Variance of the hires of one round: that of the number of vacancies nobody applied to."""
    if vacancies == 0:
        return 0.0
    q = application_probability / vacancies
    one, two = (1.0 - q) ** seekers, max(0.0, 1.0 - 2.0 * q) ** seekers
    return float(
        max(0.0, vacancies * one + vacancies * (vacancies - 1.0) * two - (vacancies * one) ** 2)
    )


def inside_probabilities(
    wage: float, attachment: float, tastes: Array, choice_noise: float
) -> Array:
    """Long-run share of residents of each taste who are inside construction, f8[M].

    p(x) = L((ln w + a - x) / zeta), L the logistic function.
    """
    return np.asarray(1.0 / (1.0 + np.exp(-(np.log(wage) + attachment - tastes) / choice_noise)))


def supply_elasticity(inside: Array, choice_noise: float) -> float:
    """Long-run elasticity of heads inside to the wage: sum p (1 - p) / zeta / sum p."""
    return float(np.sum(inside * (1.0 - inside)) / choice_noise / np.sum(inside))


def supply_response(
    inside: Array, choice_noise: float, reconsider_rate: float, months: float
) -> float:
    """Elasticity after some months: an event has come to 1 - (1 - rho)^months of the residents."""
    return float(
        (1.0 - (1.0 - reconsider_rate) ** months) * supply_elasticity(inside, choice_noise)
    )


def seeker_share(
    inside: Array, reconsider_rate: float, job_end_rate: float, finding_probability: float
) -> float:
    """Share of residents inside who still seek at month end, in the steady state of monthly flows.

    Of each taste, delta of the employed lose their job, rho (1 - p) of all inside leave and as
    many enter, then each seeker finds a job with probability f:
    S/I = (1-f)(delta + l) / (1 - (1-f)(1 - l - delta)) with l = rho (1 - p).
    """
    leaving = reconsider_rate * (1.0 - inside)
    stays_unplaced = 1.0 - finding_probability
    share = (
        stays_unplaced
        * (job_end_rate + leaving)
        / (1.0 - stays_unplaced * (1.0 - leaving - job_end_rate))
    )
    return float(np.sum(inside * share) / np.sum(inside))


@dataclass(frozen=True)
class Contracts:
    """Distribution of a crew's contracts, and the months in which the rules of an expulsion bind.

    Months count from `start`.
    first_calendar_month is that of the first burn-in month (0 = January).
    ban and adoption may be None (never).
    """

    short_share: float
    seasonal_share: float
    first_calendar_month: int
    ban: int | None
    adoption: int | None
    deadline: int | None
    presigned: float = 1.0
    permit_renewal: float = 1.0


def expected_stay(contracts: Contracts, months: int) -> Array:
    """Exact expected share of a crew still there at the end of months 0 to `months` - 1.

    Compliance is 1 and transport unlimited.
    """
    share = np.zeros(months)
    for weight, length, first_end in opening_contracts(contracts):
        share += weight * survival(contracts, length, first_end, months)
    return share


def opening_contracts(contracts: Contracts) -> Iterator[tuple[float, int, int]]:
    """Every contract that a worker may hold at the start of the burn-in.

    Yields its probability, its length and the month in which it first ends.
    """
    for length, of_length in (
        (SHORT_CONTRACT_MONTHS, contracts.short_share),
        (LONG_CONTRACT_MONTHS, 1.0 - contracts.short_share),
    ):
        years = length // YEAR_MONTHS
        for calendar in range(YEAR_MONTHS):
            in_season = (
                contracts.seasonal_share / FIRST_SEASON_MONTHS
                if calendar < FIRST_SEASON_MONTHS
                else 0.0
            )
            weight = (
                of_length * (in_season + (1.0 - contracts.seasonal_share) / YEAR_MONTHS) / years
            )
            ahead = (calendar - contracts.first_calendar_month - 1) % YEAR_MONTHS + 1
            for year in range(years):
                yield weight, length, ahead + YEAR_MONTHS * year - BURN_IN_MONTHS


def survival(contracts: Contracts, length: int, first_end: int, months: int) -> Array:
    """Probability that the holder of a contract is still there at the end of each month from 0."""
    end, here = first_end, np.zeros(months)
    running = {end: 1.0}
    for month in range(-BURN_IN_MONTHS, months):
        ending = running.pop(month, 0.0)
        if ending:
            replaced = ending * replacement_probability(contracts, month)
            running[month + length] = running.get(month + length, 0.0) + replaced
        if contracts.adoption is not None and month >= contracts.adoption:
            anniversaries = [
                later
                for later in running
                if (later - month) % YEAR_MONTHS == 0 and later != month + length
            ]
            for later in anniversaries:
                running[later] *= contracts.permit_renewal
        if contracts.deadline is not None and month >= contracts.deadline:
            running.clear()
        if month >= 0:
            here[month] = sum(running.values())
    return here


def replacement_probability(contracts: Contracts, month: int) -> float:
    """Chance that a contract that ends in a month is followed by another."""
    if contracts.adoption is not None and month >= contracts.adoption:
        return 0.0
    if contracts.deadline is not None and month >= contracts.deadline:
        return 0.0
    if contracts.ban is not None and month >= contracts.ban:
        return contracts.presigned
    return 1.0


def behind_a_queue(stock: Array, transport: float) -> Array:
    """Stock of workers when at most `transport` can leave in a month, f8[T].

    Those who would have left but found no transport are still there.
    """
    waiting, there = 0.0, np.empty_like(stock)
    leaving = -np.diff(stock, prepend=stock[0])
    for month, joining in enumerate(leaving):
        waiting = max(0.0, waiting + joining - transport)
        there[month] = stock[month] + waiting
    return there


@dataclass(frozen=True, eq=False)
class Technology:
    """How firms combine trades and what customers order.

    Weights alpha_k f8[K], elasticities, and orders at price 1.
    """

    weights: Array
    sigma: float
    labour_share: float
    capital_labour_elasticity: float
    demand_price_elasticity: float
    normal_orders: float


def composite(labour: Array, technology: Technology) -> float:
    """H: the CES composite of trades."""
    ratio = (technology.sigma - 1.0) / technology.sigma
    return float(
        np.sum(technology.weights ** (1.0 / technology.sigma) * labour**ratio) ** (1.0 / ratio)
    )


def labour_demand(wages: Array, technology: Technology) -> Array:
    """Labour demand by trade where price equals cost and technology has settled, f8[K].

    alpha_k h Y (w_k / W)^-sigma, in standard workers.
    """
    sigma, share, substitution = (
        technology.sigma,
        technology.labour_share,
        technology.capital_labour_elasticity,
    )
    index = np.sum(technology.weights * wages ** (1.0 - sigma)) ** (1.0 / (1.0 - sigma))
    cost = (share * index ** (1.0 - substitution) + 1.0 - share) ** (1.0 / (1.0 - substitution))
    output = technology.normal_orders * cost**-technology.demand_price_elasticity
    per_unit = (index / cost) ** -substitution
    return np.asarray(technology.weights * per_unit * output * (wages / index) ** -sigma)


def competitive_wages(technology: Technology, supply: Callable[[Array], Array]) -> Array:
    """Wages by trade at which labour demand equals supply(wages), f8[K].

    Without friction or backlog, and with every wage free to move.
    Raises ArithmeticError where no equilibrium is found.
    """
    from scipy import optimize

    def excess(log_wages: Array) -> Array:
        wages = np.exp(log_wages)
        return np.asarray(np.log(labour_demand(wages, technology)) - np.log(supply(wages)))

    found = optimize.root(excess, np.zeros(technology.weights.size), tol=1e-12)
    if not found.success:
        raise ArithmeticError(f"no competitive equilibrium: {found.message}")
    return np.asarray(np.exp(found.x))

"""The frozen description of one experiment: a market, its people, a policy and levers.

Rules read their parameters from here and from nowhere else.
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_type_hints

from sim.structure import (
    CrewCost,
    Demand,
    DemandPath,
    Evasion,
    MigrantEntry,
    ProductionTeams,
    Rule,
    Separations,
    Structure,
    Technology,
    WageSetting,
)


@dataclass(frozen=True)
class Quantity:
    """Unit and allowed range of a number, which the input checks enforce.

    Prior ranges and sources are in evidence/parameters.yaml. A number with `read_by` is read only
    where one of these rivals of the shipped rules is in force.
    """

    unit: str
    low: float
    high: float
    read_by: tuple[Rule, ...] = ()


SHARE = Quantity("share", 0.0, 1.0)
PROBABILITY = Quantity("probability", 0.0, 1.0)
RATE = Quantity("rate per month", 0.0, 1.0)
HEADS = Quantity("workers", 0, 20_000_000)
MONTHS = Quantity("months", 1, 60)
RUB = Quantity("RUB", 0.0, 1e7)
USD = Quantity("USD", 0.0, 1e5)

Share = Annotated[float, SHARE]
Probability = Annotated[float, PROBABILITY]
Rate = Annotated[float, RATE]
Heads = Annotated[int, HEADS]


@dataclass(frozen=True)
class Firms:
    """How many firms there are and how unequal they are."""

    number: Annotated[int, Quantity("firms", 1, 1_000_000)]
    size_sd_log: Annotated[float, Quantity("log points", 0.0, 3.0)]
    size_floor_of_median: Share


@dataclass(frozen=True)
class Production:
    """How trades and capital combine, how orders react to prices, how a backlog is worked off."""

    trade_substitution_elasticity: Annotated[float, Quantity("elasticity", 0.05, 0.95)]
    demand_price_elasticity: Annotated[float, Quantity("elasticity", 0.0, 5.0)]
    labour_share: Annotated[float, Quantity("share", 0.05, 0.95)]
    capital_labour_elasticity: Annotated[float, Quantity("elasticity", 0.0, 0.99)]
    technology_adjustment_months: Annotated[float, Quantity("months", 1.0, 240.0)]
    price_backlog_elasticity: Annotated[float, Quantity("elasticity", 0.0, 2.0)]
    normal_backlog_months: Annotated[float, Quantity("months of normal output", 1.0, 60.0)]
    backlog_adjustment_months: Annotated[float, Quantity("months", 2.0, 120.0)]
    backlog_limit_months: Annotated[float, Quantity("months of normal output", 1.0, 120.0)]
    cancellation_rate_per_month: Rate
    capacity_over_normal: Annotated[float, Quantity("ratio to normal output", 1.0, 3.0)]
    pipeline_months: Annotated[int, MONTHS]
    vacancy_technology_response: Annotated[
        float,
        Quantity("log points per unit of unfilled share", 0.0, 3.0, (Technology.VACANCIES,)),
    ]
    machine_saving_share: Annotated[
        float, Quantity("share of labour", 0.0, 0.9, (Technology.STEPS,))
    ]
    machine_payback_months: Annotated[float, Quantity("months", 1.0, 240.0, (Technology.STEPS,))]
    machine_cost_months: Annotated[
        float, Quantity("monthly wage bills of the mean firm", 0.1, 240.0, (Technology.STEPS,))
    ]
    use_outside_teams: Annotated[float, Quantity("share", 0.0, 1.0, (ProductionTeams.TEAMS,))]
    site_least_coverage: Annotated[
        float, Quantity("share of labour needed", 0.0, 0.99, (ProductionTeams.SITES,))
    ]
    site_coverage_spread: Annotated[
        float, Quantity("share of labour needed", 0.01, 1.0, (ProductionTeams.SITES,))
    ]


@dataclass(frozen=True)
class MarketDemand:
    """What moves orders beside prices, under the rivals of the shipped rules."""

    household_elasticity: Annotated[
        float, Quantity("elasticity to heads in construction", 0.0, 1.0, (Demand.HOUSEHOLDS,))
    ]
    waiting_elasticity: Annotated[
        float, Quantity("elasticity to the order book", 0.0, 5.0, (Demand.WAITING,))
    ]
    shock_sd: Annotated[float, Quantity("log points", 0.0, 1.0, (DemandPath.SHOCKS,))]
    shock_persistence: Annotated[
        float, Quantity("share kept after a month", 0.0, 0.999, (DemandPath.SHOCKS,))
    ]
    season_amplitude: Annotated[
        float, Quantity("share of mean orders", 0.0, 0.9, (DemandPath.SHOCKS,))
    ]


@dataclass(frozen=True)
class Hiring:
    """How firms plan labour: how far they reach past the scarcest trade, hoard and lay off."""

    reach_share: Share
    hoarding_share: Share
    layoff_share_per_month: Share
    initial_vacancy_share: Share
    new_hire_job_end_ratio: Annotated[
        float,
        Quantity("ratio to the job-end rate", 1.0, 5.0, read_by=(Separations.SENIORITY,)),
    ]
    seniority_months: Annotated[
        float, Quantity("months", 1.0, 240.0, read_by=(Separations.SENIORITY,))
    ]


@dataclass(frozen=True)
class Wages:
    """How posted wages start and move."""

    base_wage_rub: Annotated[float, Quantity("RUB a month, prices of start", 100.0, 1e7)]
    adjustment_per_month: Annotated[
        float, Quantity("log points a month per unit of unfilled share", 0.0, 1.0)
    ]
    largest_raise_per_month: Annotated[float, Quantity("log points a month", 0.0, 0.5)]
    indexation_per_month: Annotated[float, Quantity("log points a month", 0.0, 0.1)]
    downward_speed_share: Annotated[
        float, Quantity("share of the upward speed", 0.0, 1.0, (WageSetting.TWO_WAY,))
    ]
    contract_months: Annotated[int, Quantity("months", 1, 60, (WageSetting.STAGGERED,))]
    curve_elasticity: Annotated[
        float, Quantity("elasticity to the share of seekers", 0.0, 1.0, (WageSetting.WAGE_CURVE,))
    ]
    curve_adjustment_months: Annotated[
        float, Quantity("months", 1.0, 240.0, (WageSetting.WAGE_CURVE,))
    ]
    rent_share: Annotated[
        float,
        Quantity("elasticity to the value of labour", 0.0, 1.0, (WageSetting.BARGAINING,)),
    ]
    on_cost_share: Annotated[
        float, Quantity("share of the posted wage", 0.0, 1.0, (CrewCost.CONTRACT_PRICE,))
    ]


@dataclass(frozen=True)
class Matching:
    """How seekers find vacancies."""

    application_probability_per_week: Probability
    wage_sensitivity: Annotated[
        float, Quantity("elasticity of applications to the posted wage", 0.0, 20.0)
    ]


@dataclass(frozen=True)
class Inputs:
    """Names of the dated series (evidence/series.yaml) that the market reads.

    `held_at_start` freezes them at their first value, for checks of stationarity.
    If `outside_pay` is null, pay outside construction follows consumer prices. If `orders` is
    null, orders at unchanged prices follow no series.
    """

    consumer_prices: str
    outside_pay: str | None
    rub_per_usd: str
    orders: str | None
    held_at_start: bool


@dataclass(frozen=True)
class Market:
    """The regional construction market, whoever works in it."""

    name: str
    region: str
    scale: Annotated[float, Quantity("model workers per worker", 0.0005, 100.0)]
    trades: tuple[str, ...]
    firms: Firms
    production: Production
    demand: MarketDemand
    hiring: Hiring
    wages: Wages
    matching: Matching
    inputs: Inputs
    order_growth_percent_per_year: Annotated[float, Quantity("percent a year", -50.0, 50.0)]
    border_closed_from: dt.date | None


@dataclass(frozen=True)
class ContractCrew:
    """A group sent by its state on dated contracts (North Koreans)."""

    kind: str
    heads: Heads
    construction_share: Share
    efficiency: Annotated[float, Quantity("standard workers a head", 0.05, 10.0)]
    trade_shares: dict[str, float]
    contract_price_usd: Annotated[float, Quantity("USD a month", 1.0, 10_000.0)]
    levy_share: Share
    home_income_usd: Annotated[float, Quantity("USD a month", 1.0, 10_000.0)]
    short_contract_share: Share
    seasonal_share: Share
    student_paper_share: Share
    agency_cost_usd: Annotated[float, Quantity("USD a month", 0.0, 10_000.0)]
    dispatch_rate_per_month: Annotated[
        float,
        Quantity("rate per month", 0.0, 1.0, read_by=(Evasion.CONSTANT, Evasion.DEADLINE)),
    ]
    replacement_rate_per_month: Annotated[
        float, Quantity("rate per month", 0.0, 1.0, read_by=(Evasion.REPLACEMENT,))
    ]
    agency_learning_months: Annotated[
        float, Quantity("months", 0.5, 120.0, read_by=(Evasion.REPLACEMENT,))
    ]
    last_minute_share: Annotated[
        float, Quantity("probability", 0.0, 1.0, read_by=(Evasion.DEADLINE,))
    ]
    last_minute_months: Annotated[int, Quantity("months", 1, 24, read_by=(Evasion.DEADLINE,))]


@dataclass(frozen=True)
class TemporaryMigrant:
    """A group that comes for the pay for a limited stay, under a quota or none (Chinese).

    If `quota_heads` is null, no quota applies to the group, nor does the lever that caps others.
    """

    kind: str
    tied_heads: Heads
    free_heads_at_start: Heads
    candidates: Heads
    quota_heads: Heads | None
    efficiency: Annotated[float, Quantity("standard workers a head", 0.05, 10.0)]
    trade_shares: dict[str, float]
    pay_ratio_resident_to_migrant: Annotated[float, Quantity("ratio", 0.2, 10.0)]
    stay_months: Annotated[int, MONTHS]
    home_pay: str
    home_currency_per_usd: str
    moving_cost_share: Annotated[float, Quantity("share of home pay", 0.0, 5.0)]
    income_tax_share: Annotated[float, Quantity("share", 0.0, 0.9)]
    permit_fee_rub_per_month: Annotated[float, Quantity("RUB a month, prices of start", 0.0, 1e7)]
    choice_noise: Annotated[float, Quantity("log points", 0.01, 5.0)]
    reconsider_rate_per_month: Rate
    recruits_per_vacancy_per_month: Annotated[
        float, Quantity("workers a vacancy a month", 0.0, 1.0, read_by=(MigrantEntry.VACANCIES,))
    ]
    recruitment_lag_months: Annotated[
        int, Quantity("months", 1, 24, read_by=(MigrantEntry.VACANCIES,))
    ]
    network_elasticity: Annotated[
        float,
        Quantity("elasticity to compatriots", 0.0, 3.0, read_by=(MigrantEntry.NETWORKS,)),
    ]
    quota_step_share: Annotated[
        float, Quantity("share of the quota", 0.0, 0.9, read_by=(MigrantEntry.STEPPED_QUOTAS,))
    ]


@dataclass(frozen=True)
class Resident:
    """The local labour force, in and out of construction (Russians)."""

    kind: str
    employed: Heads
    pool: Heads
    trade_shares: dict[str, float]
    seeker_share: Annotated[float, Quantity("share of those inside", 0.0, 0.5)]
    taste_sd: Annotated[float, Quantity("log points", 0.01, 5.0)]
    choice_noise: Annotated[float, Quantity("log points", 0.01, 5.0)]
    job_finding_elasticity: Annotated[
        float, Quantity("elasticity to vacancies per seeker", 0.0, 1.0)
    ]
    reconsider_rate_per_month: Rate
    job_end_rate_per_month: Rate
    on_the_job_search_rate_per_month: Rate
    learner_efficiency: Annotated[float, Quantity("standard workers a head", 0.05, 1.0)]
    learning_months: Annotated[int, Quantity("months", 0, 60)]


@dataclass(frozen=True)
class Commuter:
    """A group of free wage earners whose head count follows a dated series (border commuters).

    From `removal_from` on, the state removes them at `removal_rate_per_month`: the series then says
    how many there would be without it.
    """

    kind: str
    heads: str
    pool: Heads
    efficiency: Annotated[float, Quantity("standard workers a head", 0.05, 10.0)]
    trade_shares: dict[str, float]
    pay_ratio_resident_to_migrant: Annotated[float, Quantity("ratio", 0.2, 10.0)]
    job_end_rate_per_month: Rate
    on_the_job_search_rate_per_month: Rate
    removal_from: dt.date | None
    removal_rate_per_month: Rate


Group = ContractCrew | TemporaryMigrant | Resident | Commuter


@dataclass(frozen=True)
class Policy:
    """An expulsion policy: its dates, what stays allowed, and how far it is carried out."""

    name: str
    new_contracts_end_from: dt.date | None
    adopted_from: dt.date | None
    leave_by: dt.date | None
    compliance: Probability
    quiet_renewal: Probability
    retained_workers: Heads
    inspection_rate: Rate
    transport_per_month: Heads | None
    permit_renewal: Probability
    presigned: Probability


@dataclass(frozen=True)
class ChineseQuota:
    """A cap on the heads of every temporary-migrant group with a quota while it is in force."""

    heads: Heads | None
    from_date: dt.date | None
    to_date: dt.date | None


@dataclass(frozen=True)
class WageSubsidy:
    """The state pays this share of the wage on top of it, to residents and migrants."""

    share: Annotated[float, Quantity("share of the wage", 0.0, 2.0)]
    from_date: dt.date | None
    to_date: dt.date | None


@dataclass(frozen=True)
class RelocationGrant:
    """A grant, in prices of `start`, to each resident who enters construction."""

    rub: Annotated[float, RUB]
    from_date: dt.date | None
    to_date: dt.date | None


@dataclass(frozen=True)
class Training:
    """Places a month for resident newcomers who then start as standard workers."""

    places_per_month: Heads
    cost_rub_per_place: Annotated[float, RUB]
    from_date: dt.date | None
    to_date: dt.date | None


@dataclass(frozen=True)
class EmployerFine:
    """A fine, in prices of `start`, for each worker found who has a job but no valid work paper.

    Firms keep such a worker if he is worth the fine they must expect; `choice_noise` is the spread
    of what they weigh beside cost.
    """

    rub: Annotated[float, RUB]
    choice_noise: Annotated[float, Quantity("log points", 0.05, 5.0)]
    from_date: dt.date | None
    to_date: dt.date | None


@dataclass(frozen=True)
class BorderClosure:
    """Nobody enters and nobody is transported while it lasts."""

    from_date: dt.date | None
    to_date: dt.date | None


@dataclass(frozen=True)
class Levers:
    """Mitigation beside the expulsion policy; all may be combined."""

    chinese_quota: ChineseQuota
    wage_subsidy: WageSubsidy
    relocation_grant: RelocationGrant
    training: Training
    employer_fine: EmployerFine
    border_closed: BorderClosure


LEVER_DATES = ("from_date", "to_date")


@functools.cache
def numbers_of_levers() -> dict[str, dict[str, Quantity]]:
    """The numbers of every lever beside its dates, with their units and ranges.

    The first says how strong the lever is; a lever that is only on or off has none.
    """
    return {
        lever: {
            name: quantity_of(hint)
            for name, hint in get_type_hints(kind, include_extras=True).items()
            if name not in LEVER_DATES
        }
        for lever, kind in get_type_hints(Levers).items()
    }


def quantity_of(hint: Any) -> Quantity:
    """The unit and range of an annotated number, which may be None."""
    known = (note for kind in (hint, *get_args(hint)) for note in getattr(kind, "__metadata__", ()))
    return next(note for note in known if isinstance(note, Quantity))


def scaled(heads: float, scale: float) -> int:
    """Model heads for real heads, rounded half up."""
    return int(heads * scale + 0.5)


@dataclass(frozen=True)
class Scenario:
    """Everything that determines a paired simulation apart from the number of the replicate.

    The same scenario and replicate give the same results to the last byte.
    """

    market: Market
    population: dict[str, Group]
    policy: Policy
    levers: Levers
    structure: Structure
    seed: Annotated[int, Quantity("seed", 0, 2**62)]
    start: dt.date
    months: Annotated[int, Quantity("months", 1, 126)]

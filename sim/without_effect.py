"""Keys that a valid scenario holds although nothing in it reads them, each with the reason.

What is said to be without effect changes no number of any branch: tests and the fuzzer change it
and compare.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sim.calendar import first_month_from, label, month_containing
from sim.inputs.dotted_keys import flatten
from sim.policy.permits import permit_announcements
from sim.scenario import ContractCrew, Scenario, TemporaryMigrant, numbers_of_levers
from sim.structure_keys import is_read, switches_that_read
from sim.workers.kinds import KINDS

BORDER = "market.border_closed_from"
CROSS_THE_BORDER = tuple(key for key, kind in KINDS.items() if not kind.traits.is_local)
OF_CANDIDATES = ("quota_heads", "stay_months", "home_pay", "home_currency_per_usd",
                 "moving_cost_share", "income_tax_share", "choice_noise",
                 "reconsider_rate_per_month", "recruits_per_vacancy_per_month",
                 "recruitment_lag_months", "network_elasticity", "quota_step_share")  # fmt: skip
"""What of a temporary migrant only candidates for coming read."""
OF_THOSE_EXPELLED = ("home_income_usd", "student_paper_share", "agency_cost_usd",
                     "dispatch_rate_per_month", "construction_share",
                     "replacement_rate_per_month", "agency_learning_months", "last_minute_share",
                     "last_minute_months")  # fmt: skip
"""What of a contract crew is read only once a policy ends its right to stay."""


class Unread(NamedTuple):
    """A key, or a section with all its keys, that nothing reads, and why.

    cause: the key in the section that makes it so, and would have an effect if it were another.
    """

    key: str
    reason: str
    cause: str | None = None


def keys_without_effect(scenario: Scenario) -> list[Unread]:
    """Every key or section of a scenario that nothing reads, unless it is empty."""
    return [
        *_of_policy(scenario),
        *_of_levers(scenario),
        *_of_border(scenario),
        *_of_groups(scenario),
        *_of_rivals(scenario),
    ]


def switched_on(scenario: Scenario) -> set[str]:
    """Sections and keys of a scenario that are meant to have an effect, whoever set them."""
    policy, closed = scenario.policy, scenario.market.border_closed_from
    is_dated = policy.new_contracts_end_from or policy.adopted_from or policy.leave_by
    on = {
        f"levers.{lever}"
        for lever in numbers_of_levers()
        if getattr(scenario.levers, lever).from_date is not None
    }
    return on | ({"policy"} if is_dated else set()) | ({BORDER} if closed else set())


def has_workers(scenario: Scenario, *kinds: str) -> bool:
    """Whether a group of one of these kinds has workers."""
    return any(
        getattr(group, rows)
        for group in scenario.population.values()
        if group.kind in kinds
        for rows in KINDS[group.kind].rows
    )


def _too_late(scenario: Scenario, month: int, verb: str) -> str:
    """That something happens after the end of the simulation."""
    last = label(scenario.months - 1, scenario.start)
    return f"it {verb} in {label(month, scenario.start)}, after the last month simulated ({last})"


def expulsion_is_off(scenario: Scenario) -> str | None:
    """Why the policy obliges nobody to leave; None if it may oblige somebody."""
    policy = scenario.policy
    announced = permit_announcements(policy, scenario.start)
    binding = [each for each in announced if each.month < scenario.months]
    if not has_workers(scenario, "contract_crew"):
        return "no group of kind contract_crew has workers"
    if not announced:
        return "the policy has no date"
    if not binding:
        return _too_late(scenario, min(each.month for each in announced), "binds")
    bans_only = policy.new_contracts_end_from is not None and len(binding) == 1
    if bans_only and policy.presigned >= 1.0:
        return "its ban on new contracts binds alone, and all contracts are presigned"
    return None


def _of_policy(scenario: Scenario) -> Iterator[Unread]:
    """The policy, or those of its keys that the others leave nothing to decide."""
    if reason := expulsion_is_off(scenario):
        yield Unread("policy", reason, "policy.presigned")
        return
    policy, start = scenario.policy, scenario.start
    dates = {
        "new_contracts_end_from": first_month_from,
        "adopted_from": first_month_from,
        "leave_by": month_containing,
    }
    binds = dict.fromkeys(dates, False)
    for name, month_of in dates.items():
        if date := getattr(policy, name):
            binds[name] = (month := month_of(date, start)) < scenario.months
            if not binds[name]:
                yield Unread(f"policy.{name}", _too_late(scenario, month, "binds"))
    if not binds["new_contracts_end_from"]:
        yield Unread("policy.presigned", "no policy.new_contracts_end_from binds")
    if not binds["adopted_from"]:
        yield Unread("policy.permit_renewal", "no policy.adopted_from binds")
    if policy.compliance >= 1.0:
        yield Unread("policy.quiet_renewal", "with policy.compliance=1 everybody goes")
    if policy.compliance <= 0.0:
        yield Unread("policy.inspection_rate", "with policy.compliance=0 no inspection is made")


def _of_levers(scenario: Scenario) -> Iterator[Unread]:
    """Levers that are off, come too late, are of no strength or concern nobody."""
    for lever, numbers in numbers_of_levers().items():
        setup, key = getattr(scenario.levers, lever), f"levers.{lever}"
        if setup.from_date is None:
            yield Unread(key, "the lever has no from_date")
            continue
        begins = months_from(scenario, setup.from_date)
        strength = next(iter(numbers), None)
        if begins >= scenario.months:
            yield Unread(key, _too_late(scenario, begins, "begins"))
        elif strength and lever != "chinese_quota" and not getattr(setup, strength):
            yield Unread(key, f"its {strength} is 0", f"{key}.{strength}")
        elif reason := _concerns_nobody(scenario, lever):
            yield Unread(key, reason)
        elif setup.to_date is not None:
            ends = month_containing(setup.to_date, scenario.start) + 1
            if ends >= scenario.months:
                yield Unread(f"{key}.to_date", _too_late(scenario, ends, "ends"))


def _concerns_nobody(scenario: Scenario, lever: str) -> str | None:
    """Why a lever that is in force concerns nobody; None if it may concern somebody."""
    policy = scenario.policy
    if lever == "chinese_quota" and not has_candidates(scenario):
        return "no group of kind temporary_migrant has candidates"
    if lever == "border_closed":
        return _border_is_crossed_by_nobody(scenario) or _closed_anyway(scenario)
    if lever == "employer_fine":
        if off := expulsion_is_off(scenario):
            return f"nobody is without a valid work paper, as {off}"
        if policy.inspection_rate * policy.compliance == 0.0:
            return "inspections find nobody: policy.inspection_rate x policy.compliance is 0"
    return None


def has_candidates(scenario: Scenario) -> bool:
    """Whether anybody may come as a temporary migrant."""
    groups = scenario.population.values()
    return any(group.candidates for group in groups if isinstance(group, TemporaryMigrant))


def _border_is_crossed_by_nobody(scenario: Scenario) -> str | None:
    """Why a closed border concerns nobody; None if somebody crosses it."""
    if has_workers(scenario, *CROSS_THE_BORDER):
        return None
    return f"no group of kind {', '.join(CROSS_THE_BORDER)} has workers"


def _closed_anyway(scenario: Scenario) -> str | None:
    """Why the lever that closes the border comes after the market has closed it."""
    anyway, lever = scenario.market.border_closed_from, scenario.levers.border_closed.from_date
    if anyway and lever and months_from(scenario, anyway) <= months_from(scenario, lever):
        return f"{BORDER} closes the border no later"
    return None


def months_from(scenario: Scenario, date: dt.date) -> int:
    """The first month that starts on or after a date."""
    return first_month_from(date, scenario.start)


def _of_border(scenario: Scenario) -> Iterator[Unread]:
    """A border that the market closes too late or for nobody."""
    if closed := scenario.market.border_closed_from:
        begins = months_from(scenario, closed)
        if begins >= scenario.months:
            yield Unread(BORDER, _too_late(scenario, begins, "closes"))
        elif reason := _border_is_crossed_by_nobody(scenario):
            yield Unread(BORDER, reason)


def _of_groups(scenario: Scenario) -> Iterator[Unread]:
    """Keys of groups that nobody is there to read."""
    off = expulsion_is_off(scenario)
    for name, group in scenario.population.items():
        key, sizes = f"population.{name}", KINDS[group.kind].rows
        if not any(getattr(group, rows) for rows in sizes):
            own = flatten(group)
            unread = [each for each in own if each not in ("kind", *sizes)]
            yield from (Unread(f"{key}.{each}", "the group has no workers") for each in unread)
        elif isinstance(group, TemporaryMigrant) and not group.candidates:
            yield from (Unread(f"{key}.{each}", "it has no candidates") for each in OF_CANDIDATES)
        elif isinstance(group, ContractCrew):
            if off:
                yield from (Unread(f"{key}.{each}", off) for each in OF_THOSE_EXPELLED)
            elif not scenario.policy.retained_workers:
                yield Unread(f"{key}.construction_share", "policy.retained_workers is 0")


def _of_rivals(scenario: Scenario) -> Iterator[Unread]:
    """Numbers that only rules read which are not in force."""
    for key in flatten(scenario):
        if not is_read(key, scenario.structure):
            yield Unread(key, f"only {switches_that_read(key)} reads it")


def sentences_about(scenario: Scenario, given: Iterable[str]) -> list[str]:
    """A sentence for each key without effect that was given, or that is meant to have one."""
    on, keys = switched_on(scenario), list(given)
    lines = []
    for unread in keys_without_effect(scenario):
        inside = [key for key in keys if f"{key}.".startswith(f"{unread.key}.")]
        named = [unread.key] if unread.key in on else inside
        lines += [f"{key}: has no effect, as {unread.reason}" for key in named]
    return list(dict.fromkeys(lines))

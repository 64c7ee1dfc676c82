"""What every reported measure is: unit, plain words, and where it comes from or how it is meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sim.engine.worker_columns import PAPERS
from sim.inputs.dated_inputs import both_ends, series
from sim.measures.names import (
    crew_words,
    has_reported_crews,
    money_of,
    nationality,
    place_words,
    reported_of,
    sender_words,
)
from sim.scenario import ContractCrew, Scenario, TemporaryMigrant

PAPER_WORDS = {"none": "no"}
POLICY_RUN = "policy run"
PAIRED = "policy run against its baseline"
AT_BASELINE_WAGES = (
    "policy branch at baseline wages against its baseline: posted wages held at the baseline's"
)


@dataclass(frozen=True)
class Measure:
    """One monthly series of the market. `by_trade`: also reported for each trade under name_trade."""

    unit: str
    label: str
    note: str = POLICY_RUN
    by_trade: bool = False


SHORTAGE = {
    "shortfall_workers": Measure(
        "standard workers",
        "Shortfall at the baseline wage (missing labour)",
        AT_BASELINE_WAGES,
        True,
    ),
    "shortfall_percent": Measure(
        "percent of the baseline's labour",
        "Shortfall at the baseline wage (missing labour)",
        AT_BASELINE_WAGES,
    ),
    "shortfall_idled_workers": Measure(
        "standard workers",
        "Idled by the missing labour, at the baseline wage",
        AT_BASELINE_WAGES,
        True,
    ),
    "shortfall_idled_percent": Measure(
        "percent of the baseline's labour",
        "Idled by the missing labour, at the baseline wage",
        AT_BASELINE_WAGES,
    ),
    "remaining_gap_workers": Measure(
        "standard workers", "Remaining gap at the policy run's own wage", PAIRED, True
    ),
    "remaining_gap_percent": Measure(
        "percent of the baseline's labour", "Remaining gap at the policy run's own wage", PAIRED
    ),
    "remaining_gap_idled_workers": Measure(
        "standard workers",
        "Idled by the missing labour, at the policy run's own wage",
        PAIRED,
        True,
    ),
    "remaining_gap_idled_percent": Measure(
        "percent of the baseline's labour",
        "Idled by the missing labour, at the policy run's own wage",
        PAIRED,
    ),
    "unfilled_vacancies": Measure("vacancies", "Vacancies unfilled at month end", POLICY_RUN, True),
    "unfilled_vacancies_baseline": Measure(
        "vacancies", "Vacancies unfilled at month end without the expulsion", "baseline"
    ),
    "naive_loss_workers": Measure(
        "standard workers", "Naive rule: {crews} gone x efficiency", PAIRED
    ),
}
VACANCIES = {
    "job_vacancy_rate": Measure(
        "percent",
        "Job vacancy rate V/(V+N)",
        "policy run; V mean of four week-ends, N heads employed",
        True,
    ),
    "job_vacancy_rate_baseline": Measure(
        "percent", "Job vacancy rate without the expulsion", "baseline"
    ),
    "vacancy_duration_days": Measure(
        "working days",
        "Mean duration of a vacancy",
        "policy run; 21 x vacancy stock / hires of the month",
        True,
    ),
    "vacancies_per_seeker": Measure(
        "vacancies per seeker", "Vacancies per seeker", POLICY_RUN, True
    ),
    "seeker_share": Measure(
        "percent", "Seekers among those seeking or employed in construction", POLICY_RUN
    ),
    "seeker_share_baseline": Measure(
        "percent",
        "Seekers among those seeking or employed in construction, without the expulsion",
        "baseline",
    ),
    "hires": Measure("workers a month", "Hires", POLICY_RUN, True),
    "separations": Measure("workers a month", "Separations", POLICY_RUN, True),
}
WAGES = {
    "wage_real_rub": Measure(
        "{money} a month, prices of start", "Mean posted wage", POLICY_RUN, True
    ),
    "wage_real_rub_baseline": Measure(
        "{money} a month, prices of start",
        "Mean posted wage without the expulsion",
        "baseline and policy branch at baseline wages",
    ),
    "wage_nominal_rub": Measure("nominal {money} a month", "Mean posted wage, nominal", POLICY_RUN),
    "wage_usd": Measure("USD a month", "Mean posted wage in dollars", POLICY_RUN),
    "wage_drift_percent": Measure("percent", "Mean posted wage against the baseline's", PAIRED),
    "{migrant}_pay_after_tax_rub": Measure(
        "nominal {money} a month",
        "{Migrant} pay per head in {place} after tax, wage subsidy included",
    ),
    "{migrant}_home_pay_rub": Measure(
        "nominal {money} a month", "{Migrant} pay at home plus the cost of the move", "dated input"
    ),
}
OUTPUT = {
    "orders_percent_of_baseline": Measure("percent of baseline", "New orders", PAIRED),
    "output_percent_of_baseline": Measure("percent of baseline", "Output", PAIRED),
    "completions_percent_of_baseline": Measure("percent of baseline", "Completions", PAIRED),
    "output_worker_months": Measure("standard worker-months a month", "Output"),
    "cancelled_worker_months": Measure("standard worker-months a month", "Orders cancelled"),
    "backlog_months": Measure("months of the month's output", "Backlog B/Y"),
    "delay_months": Measure("months", "Delay: backlog B/Y, policy minus baseline", PAIRED),
    "completions_index": Measure("2016 = 100", "Completions"),
    "housing_completed_index": Measure(
        "2016 = 100", "Housing completed in {place}, reported", "{housing}"
    ),
}
PEOPLE = {
    "{group}_heads": Measure("workers", "{Group} workers employed"),
    "{group}_heads_baseline": Measure(
        "workers", "{Group} workers employed without the expulsion", "baseline"
    ),
    "{group}_effective_labour_workers": Measure("standard workers", "{Group} effective labour"),
    "{crew}_heads_{paper}": Measure("workers", "{Crew} workers employed, {paper} paper"),
    "{crew}_registrations_{paper}": Measure(
        "registrations a month", "{Crew} registrations, {paper} paper"
    ),
    "{crew}_gone_heads": Measure("workers", "{Crew} workers gone", PAIRED),
    "heads": Measure("workers", "Workers employed", POLICY_RUN, True),
    "effective_labour_workers": Measure("standard workers", "Effective labour", POLICY_RUN, True),
    "effective_labour_percent_of_baseline": Measure(
        "percent of baseline", "Effective labour", PAIRED, True
    ),
}
CREW_FATES = {
    "{crew}_complied_heads": Measure(
        "workers, cumulated", "{Crew} workers who left when due (complied)"
    ),
    "{crew}_gave_in_heads": Measure("workers, cumulated", "{Crew} workers who gave in and left"),
    "{crew}_under_cover_heads": Measure(
        "workers, cumulated", "{Crew} workers who went under cover"
    ),
    "{crew}_found_heads": Measure("workers, cumulated", "{Crew} workers found under cover"),
    "{crew}_retained_heads": Measure("workers", "{Crew} workers who kept a place of the carve-out"),
    "{crew}_quietly_renewed_heads": Measure("workers", "{Crew} workers on a quiet renewal"),
    "{crew}_on_contract_heads": Measure("workers", "{Crew} workers whose contract still runs"),
    "{crew}_repatriated_heads": Measure("workers, cumulated", "{Crew} workers transported home"),
    "{crew}_sent_anew_heads": Measure("workers, cumulated", "{Crew} workers sent anew under cover"),
    "{crew}_in_queue_heads": Measure("workers", "{Crew} workers waiting for transport"),
    "{crew}_still_under_cover_heads": Measure("workers", "{Crew} workers under cover"),
}
REPLACEMENT = {
    "lost_labour_worker_months": Measure(
        "standard worker-months, cumulated", "Labour lost with the {crews}", PAIRED
    ),
    "replaced_by_{other}_worker_months": Measure(
        "standard worker-months, cumulated", "Replaced by {other} workers", PAIRED
    ),
    "saved_by_technology_worker_months": Measure(
        "standard worker-months, cumulated", "Saved by labour-saving technology", PAIRED
    ),
    "put_off_to_backlog_worker_months": Measure(
        "standard worker-months, cumulated", "Put off: longer backlog", PAIRED
    ),
    "never_built_worker_months": Measure(
        "standard worker-months, cumulated", "Never built: cancelled or not ordered", PAIRED
    ),
    "trade_imbalance_worker_months": Measure(
        "standard worker-months, cumulated",
        "Trade imbalance (negative: labour idled by missing trades)",
        PAIRED,
    ),
}
EXTRAPOLATED = "extrapolation, not simulated: "
MONEY = {
    "dprk_state_revenue_usd": Measure("USD a month", "{Sender}'s levy on its builders in {place}"),
    "dprk_state_revenue_baseline_usd": Measure(
        "USD a month", "{Sender}'s levy without the expulsion", "baseline"
    ),
    "dprk_revenue_lost_usd": Measure(
        "USD, cumulated", "Levy lost by {sender}, builders in {place}", PAIRED
    ),
    "dprk_revenue_lost_russia_extrapolated_usd": Measure(
        "USD, cumulated",
        "Levy lost in all {country}, scaled by heads",
        EXTRAPOLATED + "{permits} permits",
    ),
    "dprk_revenue_lost_all_hosts_low_extrapolated_usd": Measure(
        "USD, cumulated",
        "Levy lost if all hosts did the same, low",
        EXTRAPOLATED + "{low} million USD a year",
    ),
    "dprk_revenue_lost_all_hosts_high_extrapolated_usd": Measure(
        "USD, cumulated",
        "Levy lost if all hosts did the same, high",
        EXTRAPOLATED + "{high} million USD a year",
    ),
    "public_cost_wage_subsidy_rub": Measure(
        "nominal {money} a month", "Public cost of the wage subsidy"
    ),
    "public_cost_relocation_grant_rub": Measure(
        "nominal {money} a month", "Public cost of relocation grants"
    ),
    "public_cost_training_rub": Measure("nominal {money} a month", "Public cost of training"),
    "public_cost_rub": Measure("nominal {money}, cumulated", "Public cost of all levers"),
}
BESIDE_REPORTED = frozenset(
    {
        "housing_completed_index",
        "dprk_revenue_lost_russia_extrapolated_usd",
        "dprk_revenue_lost_all_hosts_low_extrapolated_usd",
        "dprk_revenue_lost_all_hosts_high_extrapolated_usd",
    }
)
"""What compares with reported figures or scales to them: only of markets and crews that have some (evidence/markets.yaml)."""
MEASURES: dict[str, Measure] = (
    SHORTAGE | VACANCIES | WAGES | OUTPUT | PEOPLE | CREW_FATES | REPLACEMENT | MONEY
)


def measures_of(scenario: Scenario) -> dict[str, Measure]:
    """MEASURES with the scenario's nationalities, papers and trades put in, in the words of its market."""
    table: dict[str, Measure] = {}
    words = _words(scenario)
    for pattern, measure in MEASURES.items():
        if pattern in BESIDE_REPORTED and not is_reported(pattern, scenario):
            continue
        for names in _fillings(pattern, scenario):
            table[pattern.format(**names)] = _filled(measure, names, words)
            for trade in scenario.market.trades if measure.by_trade else ():
                table[f"{pattern.format(**names)}_{trade}"] = replace(
                    measure, label=f"{measure.label}, {trade} trades", by_trade=False
                )
    return table


def _fillings(pattern: str, scenario: Scenario) -> Iterator[dict[str, str]]:
    """One mapping of placeholders for each measure that a pattern stands for."""
    kinds = {"group": object, "crew": ContractCrew, "migrant": TemporaryMigrant}
    place = next((word for word in (*kinds, "other") if f"{{{word}}}" in pattern), None)
    if place is None:
        yield {}
        return
    for name, group in scenario.population.items():
        chosen = (
            not isinstance(group, ContractCrew)
            if place == "other"
            else isinstance(group, kinds[place])
        )
        for paper in PAPERS if "{paper}" in pattern and chosen else ("",):
            if chosen:
                yield {place: name, "paper": paper}


def is_reported(name: str, scenario: Scenario) -> bool:
    """Whether a measure has a meaning for the market and the crews of a scenario."""
    if name not in BESIDE_REPORTED:
        return True
    return (
        reported_of(scenario) is not None
        if name == "housing_completed_index"
        else has_reported_crews(scenario)
    )


def _words(scenario: Scenario) -> dict[str, str]:
    """What labels and units name of the market: its money, its place, its crews and who sends them."""
    kinds = {name: group.kind for name, group in scenario.population.items()}
    market = scenario.market
    sender = sender_words(kinds)
    place = place_words(market.name, market.region)
    return {
        "money": money_of(scenario),
        "place": place,
        "crews": crew_words(kinds),
        "sender": sender,
        "Sender": sender[:1].upper() + sender[1:],
        **_cited(scenario),
    }


def _filled(measure: Measure, names: dict[str, str], words: dict[str, str]) -> Measure:
    """Label and unit in words: group names as nationalities, the market's own; notes: reported figures with their source."""
    shown = {
        key: PAPER_WORDS.get(value, value) if key == "paper" else nationality(value)
        for key, value in names.items()
    }
    shown |= {key.capitalize(): value for key, value in shown.items()}
    label, unit = measure.label.format(**shown, **words), measure.unit.format(**words)
    return replace(measure, unit=unit, label=label, note=measure.note.format(**words))


def _cited(scenario: Scenario) -> dict[str, str]:
    """Reported figures that notes name, with their sources."""
    reported = reported_of(scenario)
    if reported is None:
        return {}
    low, high = both_ends(reported.revenue_of_all_hosts_usd)
    return {
        "housing": series()[reported.housing_completed].source,
        "country": reported.country,
        "permits": f"{both_ends(reported.permits_in_country)[0]:,.0f}",
        "low": f"{low / 1e6:,.0f}",
        "high": f"{high / 1e6:,.0f}",
    }

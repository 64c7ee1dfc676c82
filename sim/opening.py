"""The opening state of a market.

Constants come from the scenario; workers and firms are drawn at random for one replicate.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sim.calendar import calendar_month
from sim.engine.columns import Columns
from sim.engine.draws import log_no_event, replicate_key
from sim.engine.elementary import exp, log
from sim.engine.panel import Panel
from sim.engine.records import (
    DATED,
    DATED_BY_GROUP,
    GROUP,
    GROUP_KEYS,
    PARAMETER_KEYS,
    PARAMETERS,
    STRUCTURE,
)
from sim.engine.state import Sizes, State
from sim.engine.worker_columns import (
    AWAY,
    BURN_IN_MONTHS,
    EMPLOYED,
    EXPERIENCED,
    NEVER,
    NOWHERE,
    SEEKING,
    STANDARD_WORKER,
    Array,
)
from sim.firms.crew_cost import crew_wage, labour_cost_over_wage
from sim.firms.production import power
from sim.inputs.dated_inputs import DatedInputs, dated_inputs
from sim.inputs.dotted_keys import flatten, value_at
from sim.market.matching import monthly_application_probability
from sim.opening_demand import moved_order_index
from sim.opening_placement import (
    draw_firm_sizes,
    draw_tastes,
    place_workers,
    solve_attachment,
    tabulate_waiting_times,
)
from sim.scenario import Group, Market, Resident, Scenario, scaled
from sim.structure import Separations, Structure, alternative_of
from sim.workers.kinds import KINDS
from sim.workers.temporary_migrant import NO_QUOTA

NO_LIMIT = -1


def group_rows(group: Group, scale: float) -> int:
    """Rows a group takes in the worker columns."""
    return sum(scaled(getattr(group, heads), scale) for heads in KINDS[group.kind].rows)


def parameter_record(market: Market) -> Array:
    """PARAMETERS[1] of a market."""
    record = np.zeros(1, PARAMETERS)
    for name, key in PARAMETER_KEYS.items():
        record[name] = value_at(market, key)
    return record


def structure_record(structure: Structure) -> Array:
    """STRUCTURE[1]: the number of each alternative in force."""
    record = np.zeros(1, STRUCTURE)
    for rule in STRUCTURE.names or ():
        record[rule] = alternative_of(structure, rule)
    return record


def group_records(scenario: Scenario) -> Array:
    """GROUP[G] in the order of the population, rows laid out one group after the other."""
    market, first = scenario.market, 0
    records = np.zeros(len(scenario.population), GROUP)
    for record, group in zip(records, scenario.population.values(), strict=True):
        last = first + group_rows(group, market.scale)
        numbers = group_numbers(group, market, scenario.structure.separations)
        numbers |= {"first": first, "last": last}
        for name in GROUP.names or ():
            # Taken out one by one, so that a number without a field shows below.
            record[name] = numbers.pop(name, 0)
        assert not numbers, f"no field of a group's record: {', '.join(numbers)}"
        first = last
    return records


def group_numbers(group: Group, market: Market, separations: str) -> dict[str, float]:
    """A group's numbers by the names of its record; what its kind does not have is left out."""
    kind, given = KINDS[group.kind], flatten(group)
    numbers: dict[str, float] = {
        name: given[key] for name, key in GROUP_KEYS.items() if key in given
    }
    numbers |= {"kind": kind, **kind.traits._asdict()}
    numbers["efficiency"] = thousandths(given.get("efficiency", 1.0))
    numbers["pay_ratio"] = given.get("pay_ratio_resident_to_migrant", 1.0)
    numbers["learner_efficiency"] = (
        thousandths(given["learner_efficiency"])
        if given.get("learning_months")
        else STANDARD_WORKER
    )
    numbers["tied"] = scaled(given.get("tied_heads", 0), market.scale)
    numbers["free"] = scaled(given.get("free_heads_at_start", 0), market.scale)
    quota = given["heads"] if kind.traits.is_crew else given.get("quota_heads", 0)
    numbers["quota"] = NO_QUOTA if quota is None else scaled(quota, market.scale)
    if separations == Separations.SENIORITY.key:
        # Events come at the rate of a new hire; tenure decides which of them end a job.
        numbers["job_end_rate"] = (
            numbers.get("job_end_rate", 0.0) * market.hiring.new_hire_job_end_ratio
        )
    return numbers | hazard_rates(numbers, market)


def hazard_rates(numbers: dict[str, float], market: Market) -> dict[str, float]:
    """Rates of events, and what the waits for them are drawn with.

    A search on the job that leads to no application changes nothing, so the rate of searching
    counts the searches in which at least one application is made.
    """
    chance = monthly_application_probability(market.matching.application_probability_per_week)
    reconsider = numbers.get("reconsider_rate", 0.0)
    search = numbers.get("on_the_job_search_rate", 0.0) * chance
    employed = reconsider + search + numbers.get("job_end_rate", 0.0)
    return {
        "on_the_job_search_rate": search,
        "event_rate_employed": employed,
        "log_no_event": log_no_event(reconsider),
        "log_no_event_employed": log_no_event(employed),
    }


def thousandths(amount: float) -> int:
    """Whole thousandths of an amount."""
    # Halves up: Python's round takes them to the even neighbour.
    return int(amount * 1000.0 + 0.5)


def fill_workers(workers: Columns, scenario: Scenario, groups: Array) -> None:
    """WORKER[N]: everybody away, without job or paper, with the efficiency of the group."""
    for name, value in (
        ("firm", NOWHERE),
        ("trade", NOWHERE),
        ("status", AWAY),
        ("experienced_from", EXPERIENCED),
    ):
        workers[name] = value
    for number, (record, group) in enumerate(
        zip(groups, scenario.population.values(), strict=True)
    ):
        rows = slice(int(record["first"]), int(record["last"]))
        workers["group"][rows] = number
        workers["efficiency"][rows] = record["efficiency"]
        workers["levy_share"][rows] = thousandths(getattr(group, "levy_share", 0.0))


def sizes_of(scenario: Scenario, workers: int) -> Sizes:
    """How many there are of everything."""
    market = scenario.market
    # The smallest markets still need an employer.
    firms = max(1, scaled(market.firms.number, market.scale))
    months = BURN_IN_MONTHS + scenario.months
    return Sizes(
        len(scenario.population),
        len(market.trades),
        firms,
        workers,
        months,
        market.production.pipeline_months,
    )


def blank_state(scenario: Scenario, replicate: int, inputs: DatedInputs) -> State:
    """All arrays at their final size, before anybody is placed.

    The panel holds NaN, so that a month that was never recorded cannot pass for zero.
    """
    groups = group_records(scenario)
    check_groups(scenario, groups)
    state = State(sizes_of(scenario, int(groups["last"][-1])))
    state.parameters[0] = parameter_record(scenario.market)
    state.structure[0] = structure_record(scenario.structure)
    state.groups[:] = groups
    shares = [
        [group.trade_shares.get(trade, 0.0) for trade in scenario.market.trades]
        for group in scenario.population.values()
    ]
    state.entry_shares[:] = np.cumsum(np.array(shares), axis=1)
    fill_workers(state.workers, scenario, groups)
    state.next_event.fill(NEVER)
    for name in Panel._fields:
        getattr(state, name).fill(np.nan)
    state.groups_now["quota"] = groups["quota"]
    now = state.now[0]
    now["month"], now["key"] = -BURN_IN_MONTHS, replicate_key(scenario.seed, replicate)
    fill_dated(state, inputs)
    state.dated["order_index"] = moved_order_index(inputs.order_index, scenario, int(now["key"]))
    for name, value in (
        ("transport_per_month", NO_LIMIT),
        ("chinese_quota_heads", NO_LIMIT),
        ("deadline", NEVER + 1),
        ("announced_deadline", NEVER + 1),
    ):
        now[name] = value
    for name in ("consumer_prices", "outside_pay", "order_index", "permit_renewal", "mean_wage"):
        now[name] = 1.0
    return state


def check_groups(scenario: Scenario, groups: Array) -> None:
    """Refuse what only a Scenario made by hand can hold: negative heads, numbers that are none.

    Scenarios that are read from a configuration have been checked, key by key.
    """
    for name, record in zip(scenario.population, groups, strict=True):
        if record["last"] < record["first"] or not np.isfinite(record.tolist()).all():
            raise ValueError(
                f"population.{name}: this group has negative heads or a number that is not finite: "
                f"{scenario.population[name]}; build_scenario (sim.inputs.scenario_reader) checks"
                " every key"
            )


def fill_dated(state: State, inputs: DatedInputs) -> None:
    """What the outside world does."""
    for name in DATED.names or ():
        state.dated[name] = getattr(inputs, name)
    for name in DATED_BY_GROUP.names or ():
        state.dated_by_group[name] = getattr(inputs, name).T


def opening_state(scenario: Scenario, replicate: int, inputs: DatedInputs | None = None) -> State:
    """The market at the start of its burn-in.

    Firm sizes, tastes and first jobs are drawn; firms are in balance at relative wage 1.
    """
    state = blank_state(scenario, replicate, inputs or dated_inputs(scenario))
    firms = scenario.market.firms
    sizes = np.empty(state.firms.size)
    draw_firm_sizes(sizes, int(state.now[0]["key"]), firms.size_sd_log, firms.size_floor_of_median)
    state.firms["size"] = sizes
    state.firm_shares[:] = np.cumsum(sizes)
    # The order matters: attachment follows from tastes, first jobs from attachment and waits, and
    # firms are balanced with those who got a job.
    attach_residents(state, scenario)
    tabulate_waiting_times(state)
    place_workers(state, calendar_month(-BURN_IN_MONTHS, scenario.start) - 1)
    balance_firms(state, scenario)
    note_normal_state(state, scenario)
    # From here on branches share the constants, so that none may write into them.
    state.close_constants()
    return state


def attach_residents(state: State, scenario: Scenario) -> None:
    """Draw residents' tastes and solve for the attachment of each group to construction.

    Attachment is such that the expected heads inside construction are employed x (1 + seekers).
    """
    for number, group in enumerate(scenario.population.values()):
        if not isinstance(group, Resident):
            continue
        draw_tastes(state, number)
        record = state.groups[number]
        tastes, heads = each_once(
            state.workers["taste"][int(record["first"]) : int(record["last"])]
        )
        target = scaled(group.employed, scenario.market.scale) * (1.0 + group.seeker_share)
        record["attachment"] = solve_attachment(tastes, heads, group.choice_noise, target)


def each_once(tastes: Array) -> tuple[Array, Array]:
    """Each taste that somebody has, ascending, and how many have it."""
    # Tastes are whole thousandths, which many workers share: attachment is solved for over the
    # distinct ones, a fraction of the workers.
    lowest = int(tastes.min())
    heads = np.bincount(tastes.astype(np.int64) - lowest)
    held = np.flatnonzero(heads)
    return held + lowest, heads[held]


def added_up(values: Iterable[float]) -> float:
    """Sum in the order given, one by one: the same in every version of Python."""
    total = 0.0
    for value in values:
        total += float(value)
    return total


def backlog_at_rest(market: Market) -> float:
    """Order backlog at which prices hold orders down to what the workers can build.

    In months of normal output, at most the backlog limit.
    """
    production = market.production
    response = production.demand_price_elasticity * production.price_backlog_elasticity
    scarcity = log(1.0 + market.hiring.initial_vacancy_share)
    most = production.backlog_limit_months / production.normal_backlog_months
    pressure = most if scarcity >= response * log(most) else exp(scarcity / response)
    return production.normal_backlog_months * pressure


def expected_labour(scenario: Scenario, trade: str) -> float:
    """Standard workers expected in a trade at the start, by the heads and shares of the groups.

    They count where chance has placed nobody, so that every trade has its part in production.
    """
    labour = 0.0
    for group in scenario.population.values():
        heads = sum(
            scaled(getattr(group, key), scenario.market.scale) for key in KINDS[group.kind].at_start
        )
        labour += heads * group.trade_shares.get(trade, 0.0) * getattr(group, "efficiency", 1.0)
    return labour


def balance_firms(state: State, scenario: Scenario) -> None:
    """Set each firm's production so that it is in balance with the workers placed at the start.

    Trade weights follow from the market's effective labour; normal output, order book and
    pipeline from the size of each firm.
    """
    placed = [
        int(state.cells["efficiency"][k :: state.trades.size].sum()) / 1000.0
        for k in range(state.trades.size)
    ]
    labour = [
        at_work or expected_labour(scenario, trade)
        for at_work, trade in zip(placed, scenario.market.trades, strict=True)
    ]
    total = added_up(labour)
    production = scenario.market.production
    sigma = production.trade_substitution_elasticity
    state.trades["weight"] = np.array(labour) / total
    state.trades["weight_root"] = [
        power(float(weight), 1.0 / sigma) for weight in state.trades["weight"]
    ]
    state.trades["log_weight"] = [log(float(weight)) for weight in state.trades["weight"]]
    output = state.firms["size"] * total * (1.0 + scenario.market.hiring.initial_vacancy_share)
    for name, value in (("normal_output", output), ("output", output), ("orders", output)):
        state.firms[name] = value
    state.firms["normal_backlog"] = production.normal_backlog_months * output
    state.firms["backlog"] = backlog_at_rest(scenario.market) * output
    for name in ("cost", "price", "labour_value", "labour_per_unit"):
        state.firms[name] = 1.0
    # As if output had always been normal, so that completions begin in the first month.
    state.pipeline[:] = output
    for name in ("wage", "attraction", "demand_factor"):
        state.cells[name] = 1.0
    # No plan has been made yet: nobody is laid off in the first month.
    state.cells["planned_labour"] = np.inf


def note_normal_state(state: State, scenario: Scenario) -> None:
    """Heads in construction, and what the market's labour costs over posted wages, at the start.

    Rivals of the shipped rules count changes from there.
    """
    now, wages, labour = state.now[0], scenario.market.wages, int(state.cells["efficiency"].sum())
    now["heads_normal"] = state.stock[:, :, [SEEKING, EMPLOYED]].sum()
    cost_over_wage = 1.0
    for group in np.flatnonzero(state.groups["is_crew"]) if labour else ():
        crew = state.groups[group]
        wage = crew_wage(
            float(crew["contract_price_usd"] * state.dated[0]["rub_per_usd"]),
            int(crew["efficiency"]) / 1000.0,
            wages.base_wage_rub,
            1.0,
            wages.on_cost_share,
        )
        share = int(state.staff["efficiency"][:, group].sum()) / labour
        cost_over_wage += labour_cost_over_wage(share, wage, 1.0) - 1.0
    now["log_labour_cost_normal"] = log(cost_over_wage)

"""The comparison can fail: an altered draw, bit, worker or rule is noticed."""

import numpy as np
import pytest

from sim.branches import POLICY, Lineage
from sim.model import LabourMarket
from sim.scenario import Scenario
from tests.reference import crews, firms, locals, market, matching, migrants, technology, wages
from tests.reference.compare import DifferenceError, compare_runs
from tests.reference.scenarios import EVASION, EVERYTHING, SMALL
from tests.support.shipped_scenarios import make_scenario


class OneDraw(LabourMarket):
    """An engine in which one month's applications read other draws."""

    def match(self) -> None:
        """Match under other streams in one month."""
        altered = self.month == 3
        self.state.keys[:] ^= altered
        super().match()
        self.state.keys[:] ^= altered


class LastBit(LabourMarket):
    """An engine in which one price is off by the last bit in one month of the policy branch."""

    def take_orders(self) -> None:
        """Nudge one price."""
        super().take_orders()
        if self.branch == POLICY and self.month == 40:
            self.state.firms["price"][5] = np.nextafter(self.state.firms["price"][5], 2.0)

    def fork(
        self, branch: str, scenario: Scenario | None = None, baseline: LabourMarket | None = None
    ) -> LabourMarket:
        """Forks are altered too."""
        return LastBit(
            scenario or self.specification,
            self.replicate,
            branch=branch,
            lineage=Lineage(self, baseline or self),
        )


class OneWorker(LabourMarket):
    """An engine in which one worker's taste moves by a thousandth."""

    def seek_work(self) -> None:
        """Nudge one taste."""
        super().seek_work()
        if self.month == 10:
            self.state.workers["taste"][-1] += 1


@pytest.mark.parametrize(
    ("altered", "message"),
    [
        (
            OneDraw,
            r"baseline branch, 2016-04 \(month 3\), .*: engine .*, "
            r"reference .* \(first of \d+ that differ\)",
        ),
        (
            OneWorker,
            r"baseline branch, 2016-11 \(month 10\), worker\.taste, row \d+: engine .*, "
            r"reference .* \(first of 1 that differ\)",
        ),
        (
            LastBit,
            r"policy branch, 2019-05 \(month 40\), (cell|firm)\.\w+, row \d+: engine .*, "
            r"reference .*",
        ),
    ],
)
def test_an_altered_engine_is_noticed_where_and_when_it_differs(
    altered: type[LabourMarket], message: str
) -> None:
    with pytest.raises(DifferenceError, match=message):
        compare_runs(make_scenario(*SMALL, *EVASION), 0, altered)


def shifted(rule, amount):
    """A rule whose result is a little larger."""
    return lambda *given: rule(*given) + amount


def scaled(rule, factor):
    """A rule whose result is a little smaller or larger."""
    return lambda *given: rule(*given) * factor


def inverted(rule):
    """A yes-or-no rule that says the opposite."""
    return lambda *given: not rule(*given)


RULES = {
    crews: {
        "contract_is_replaced": inverted,
        "permit_is_renewed": inverted,
        "complies": inverted,
        "is_found": inverted,
    }
    | dict.fromkeys(("cover_probability",), lambda rule: scaled(rule, 0.8))
    | dict.fromkeys(
        ("contract_months", "cover_paper_months", "rounded_at_random"),
        lambda rule: shifted(rule, 1),
    ),
    migrants: {
        "comes": inverted,
        "log_gain_from_migrating": lambda rule: shifted(rule, 0.3),
        "pay_kept_rub": lambda rule: scaled(rule, 0.7),
        "pay_per_head_rub": lambda rule: scaled(rule, 1.3),
    },
    locals: {
        "inside_probability": lambda rule: scaled(rule, 0.99),
        "entry_wage": lambda rule: scaled(rule, 1.1),
    }
    | {"log_expected_pay": lambda rule: shifted(rule, 0.01)}
    | {"employed_event_kind": lambda rule: lambda *given: (rule(*given) + 1) % 3},
    market: {"log_tightness": lambda rule: scaled(rule, 1.2)},
    matching: dict.fromkeys(
        ("move_probability", "unfilled_share", "monthly_application_probability"),
        lambda rule: scaled(rule, 0.99),
    )
    | {"applies": inverted, "application_weeks": lambda rule: lambda *given: rule(*given) ^ 1},
    firms: dict.fromkeys(
        (
            "notional_labour",
            "orders_placed",
            "output_target",
            "planned_labour",
            "labour_demand_scale",
            "demand_factor",
            "labour_power",
            "composite_term",
            "labour_cost_term",
            "labour_value",
            "output_built",
            "wage_index_term",
            "next_log_wage",
            "attraction",
            "orders_cancelled",
            "order_book_left",
        ),
        lambda rule: scaled(rule, 0.9999),
    )
    | dict.fromkeys(
        (
            "log_asking_price",
            "log_composite_labour",
            "log_labour_used",
            "log_unit_cost",
            "log_wage_index",
            "log_value_of_marginal_product",
        ),
        lambda rule: shifted(rule, 1e-4),
    )
    | {
        "vacancies_to_open": lambda rule: scaled(rule, 0.98),
        "layoff_probability": lambda rule: scaled(rule, 0.5),
    }
    | {"rounded_at_random": lambda rule: shifted(rule, 1)},
    technology: {"next_log_labour_per_unit": lambda rule: scaled(rule, 0.9999)},
    wages: {"raise_over_outside_pay": lambda rule: scaled(rule, 0.9999)},
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "rule"), [(place, rule) for place, rules in RULES.items() for rule in rules]
)
def test_a_change_of_any_rule_is_noticed(place, rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, rule, RULES[place][rule](getattr(place, rule)))
    with pytest.raises(DifferenceError):
        compare_runs(make_scenario(*SMALL, *EVERYTHING, "market.production.backlog_limit_months=6"))

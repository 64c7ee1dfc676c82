"""Effects of a shock in two made-up simulations, and the naive rules, against hand computation."""

import dataclasses
import math

import numpy as np
import pytest

from experiments.validation.effects import (
    EFFECTS,
    EmployedNatives,
    Shock,
    leavers,
    newcomers,
    size_points,
)
from experiments.validation.naive_rules import RULES
from sim.engine.panel import Panel
from sim.measures.comparison import FullScaleBranch
from tests.support.panels import (
    CHINESE,
    FINISHING,
    RUSSIAN,
    STRUCTURAL,
    TECHNICAL,
    empty_panel,
    put,
    short_scenario,
)


def natives(earlier: str, later: str) -> EmployedNatives:
    """Persons by place: x is employed."""
    return EmployedNatives(*(np.array(list(row)) == "x" for row in (earlier, later)))


CALM = natives("xxxxxx....", "xxxxx.xxxx")
SHOCKED = natives("xxxxxx....", ".x.xxxx...")


def market(natives: tuple[float, float], incomers: float, wages: tuple[float, float]) -> Panel:
    """Two months in two trades."""
    panel = empty_panel(short_scenario())
    for trade in (STRUCTURAL, FINISHING):
        put(panel, "heads_employed", natives[trade], RUSSIAN, trade)
        put(panel, "wage_posted_real", wages[trade], trade)
    put(panel, "wage_posted_real", 1.0, TECHNICAL)
    put(panel, "heads_employed", incomers, CHINESE, STRUCTURAL)
    return panel


@pytest.fixture
def shock() -> Shock:
    shocked = market((285.0, 95.0), 40.0, (0.98, 1.0))
    calm = market((300.0, 100.0), 0.0, (1.0, 1.0))
    return Shock(
        FullScaleBranch(shocked, 0.5),
        FullScaleBranch(calm, 0.5),
        RUSSIAN,
        CHINESE,
        1,
        (SHOCKED, CALM),
    )


def test_effects_by_hand(shock: Shock) -> None:
    assert size_points(shock) == pytest.approx(10.0)
    assert EFFECTS["native_employment_change"](shock) == pytest.approx(-5.0)
    assert EFFECTS["native_employment_per_point"](shock) == pytest.approx(-0.5)
    assert EFFECTS["native_wage_change"](shock) == pytest.approx(-1.5)
    assert EFFECTS["native_wage_per_point"](shock) == pytest.approx(-0.15)
    assert EFFECTS["share_by_hiring"](shock) == pytest.approx(0.75)


def test_effects_on_output_and_elasticities_by_hand() -> None:
    few, many = market((285.0, 95.0), 40.0, (1.0, 1.0)), market((300.0, 100.0), 80.0, (1.0, 1.0))
    for panel, output in ((few, 420.0), (many, 480.0)):
        put(panel, "output", output)
    lost = Shock(FullScaleBranch(few, 0.5), FullScaleBranch(many, 0.5), RUSSIAN, CHINESE, 1)
    half = math.log(0.5)
    assert EFFECTS["output_elasticity"](lost) == pytest.approx(math.log(0.875) / half)
    assert EFFECTS["native_employment_elasticity"](lost) == pytest.approx(math.log(0.95) / half)
    assert EFFECTS["output_per_workforce_percent"](lost) == pytest.approx(0.125 / 0.125)


def test_naive_rules_on_output() -> None:
    head_count, static = RULES["head count"], RULES["static supply and demand"]
    assert head_count("output_elasticity", -15.0, 0.7) == pytest.approx(0.3)
    assert head_count("output_per_workforce_percent", -15.0, 0.7) == 1.0
    pull = -0.4 - 0.7 * 0.25
    assert static("output_elasticity", -15.0, 0.7) == pytest.approx(0.3 * -0.4 / pull)
    assert static("native_employment_elasticity", -15.0, 0.7) == pytest.approx(0.25 * 0.3 / pull)
    assert math.isnan(RULES["constant"]("output_per_workforce_percent", -15.0, 0.7))


def test_newcomers_and_leavers_are_persons() -> None:
    assert (newcomers(CALM), leavers(CALM)) == (4, 1)
    assert (newcomers(SHOCKED), leavers(SHOCKED)) == (1, 2)


def test_who_is_missing_at_the_later_date_decides_the_share(shock: Shock) -> None:
    hired_less, left_more = natives("xxxxxx....", "xxxxx....."), natives("xxxxxx....", "x.....xxxx")
    assert EFFECTS["share_by_hiring"](dataclasses.replace(shock, persons=(hired_less, CALM))) == 1.0
    assert EFFECTS["share_by_hiring"](dataclasses.replace(shock, persons=(left_more, CALM))) == 0.0


def test_without_persons_there_is_no_share(shock: Shock) -> None:
    with pytest.raises(ValueError, match="counts persons"):
        EFFECTS["share_by_hiring"](dataclasses.replace(shock, persons=None))


def test_the_static_market_clears() -> None:
    rule, natives, incomers = RULES["static supply and demand"], 0.8, 5.0
    wage, employment = (
        rule(f"native_{name}_change", incomers, natives) for name in ("wage", "employment")
    )
    assert employment == pytest.approx(0.25 * wage)
    assert natives * employment + incomers == pytest.approx(-0.4 * wage)
    assert rule("native_wage_per_point", incomers, natives) == pytest.approx(wage / incomers)


def test_the_head_count_says_that_natives_do_not_answer() -> None:
    rule = RULES["head count"]
    assert (
        rule("native_wage_change", -33.0, 0.67)
        == rule("native_employment_per_point", 1.0, 1.0)
        == 0.0
    )
    assert math.isnan(rule("share_by_hiring", 1.0, 1.0))


def test_the_constant_halves_a_share_and_says_no_effect_otherwise() -> None:
    rule = RULES["constant"]
    assert rule("share_by_hiring", 1.0, 1.0) == 0.5
    assert rule("native_wage_change", -33.0, 0.67) == 0.0
    assert math.isnan(RULES["static supply and demand"]("share_by_hiring", 1.0, 1.0))

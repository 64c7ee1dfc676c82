"""report.html holds everything it needs, and its figures are made from the summary alone."""

from __future__ import annotations

import copy
import io
import itertools
import json
import re
import shutil
import subprocess
from html import unescape

import plotly.graph_objects as go
import pytest
from rich.console import Console

from experiments.report import main
from experiments.reporting.accounts import wrapped_label
from experiments.reporting.answer import answer
from experiments.reporting.charts import (
    heads_chart,
    output_chart,
    papers_chart,
    public_cost_chart,
    revenue_chart,
    shortfall_chart,
    trades_chart,
    vacancies_chart,
    wages_chart,
)
from experiments.reporting.console_table import print_result, tables_of
from experiments.reporting.figures import ORDER, alternative_text, figures, year_labels
from experiments.reporting.html import script_safe
from experiments.reporting.plotting import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    ROW_HEIGHT,
    SKY,
    Chart,
    Curve,
    Row,
    plot_of_chart,
    policy_date_labels,
    policy_dates_by_month,
    see_through,
)
from experiments.reporting.report_page import assumption_table, report_html, write_report
from experiments.results.result_folder import load_result
from experiments.results.summary_reader import checkpoints, interval, months_of, peak_month
from experiments.run import main as run
from tests.support.colours import contrast, least_distance

KEYS = [key for key in ORDER if key != "public_cost"]
"""Figures of a result without levers."""


@pytest.fixture(scope="module")
def result(finished):
    return load_result(finished)


@pytest.fixture(scope="module")
def html(finished):
    return (finished / "report.html").read_text(encoding="utf-8")


SAMPLED = ["policy=observed", "market.scale=0.01", "replicates=6", "months=50"]


@pytest.fixture(scope="module")
def sampled_result(tmp_path_factory):
    """A result whose parameters were sampled, compliance among them."""
    parent = tmp_path_factory.mktemp("sampled_result")
    assert run([*SAMPLED, f"output_dir={parent}"]) == 0
    (folder,) = parent.iterdir()
    return load_result(folder)


def own_text(html):
    """The page without plotly.js, which names addresses that it does not load."""
    return re.sub(r"<script type=.text/plain.*?</script>", "", html, count=1, flags=re.DOTALL)


def altered(summary, **changes):
    """A summary with some keys changed."""
    return copy.deepcopy(summary) | changes


def test_every_figure_is_there_with_heading_alternative_text_and_numbers(html):
    assert len(KEYS) == 11
    for key in KEYS:
        assert f'id="figure-{key}" role="img" aria-label="' in html
        assert f'id="title-{key}"' in html
    assert html.count("Numbers of this figure") == len(KEYS)


def test_the_page_loads_nothing_from_outside(html):
    text = own_text(html)
    assert len(text) < 1_000_000
    assert not re.search(
        r"src\s*=|href\s*=\s*[\x22'][^#]|url\(|@import|<link|<iframe|fetch\(", text
    )


def test_the_page_is_small_enough(html):
    assert len(html.encode()) < 3_000_000


def test_the_same_result_gives_the_same_page(finished, html):
    assert report_html(load_result(finished)) == html
    assert write_report(finished).read_text(encoding="utf-8") == html
    assert not list(finished.glob(".report*"))


def test_the_page_says_how_to_make_it_again(result, html):
    assert "python -m experiments.run market.scale=0.02 replicates=3 policy.compliance=0.6" in html
    for version in result.record["versions"].values():
        assert version in html
    assert result.record["code_hash"] in html


def test_the_page_says_what_intervals_hold_and_at_which_scale(html):
    assert "parameters fixed: the interval holds chance only" in html
    assert "Simulated at 0.02 of the krai" in html


def test_policy_dates_are_marked_with_labels(result):
    layout = plot_of_chart(
        result.summary, Chart("x", "t", "l", (Row("r", (Curve("hires", "hires", "#000000"),)),))
    )["layout"]
    assert [shape["x0"] for shape in layout["shapes"]] == ["2017-10", "2018-01", "2019-12"]
    assert {"no new contracts", "adoption", "deadline"} <= {
        note["text"] for note in layout["annotations"]
    }


def test_policy_dates_of_one_month_share_a_label(result):
    events = [
        {"month": "2018-01", "title": title} for title in ("resolution adopted", "training begins")
    ]
    assert policy_dates_by_month(altered(result.summary, policy_dates=events)) == {
        "2018-01": "adoption<br>training begins"
    }


def test_labels_of_dates_stand_where_the_next_date_is_farther_and_within_the_figure(result):
    summary = altered(result.summary, policy_dates=[*result.summary["policy_dates"]])
    summary["policy_dates"][1:1] = [
        {"month": "2018-01", "title": f"{lever} begins"}
        for lever in ("wage subsidy", "relocation grant", "training")
    ]
    labels = {note["text"].split("<br>")[0]: note for note in policy_date_labels(summary)}
    assert {name: label["xanchor"] for name, label in labels.items()} == {
        "no new contracts": "right",
        "wage subsidy begins": "left",
        "deadline": "right",
    }
    longest = max(len(line) for label in labels.values() for line in label["text"].split("<br>"))
    assert longest * 0.6 * labels["deadline"]["font"]["size"] < ROW_HEIGHT


def test_every_colour_stands_out_from_both_pages():
    for colour in (BLUE, ORANGE, GREEN, RED, PURPLE, SKY, GREY):
        for page_colour in ("#ffffff", "#14171b"):
            assert contrast(colour, page_colour) >= 3.0, (colour, page_colour)


def test_curves_of_a_row_are_told_apart_without_colour_vision(result):
    summary = altered(result.summary, levers=["training"])
    for name in (
        "public_cost_rub",
        "public_cost_training_rub",
        "public_cost_wage_subsidy_rub",
        "public_cost_relocation_grant_rub",
    ):
        summary["measures"][name]["by_month"]["2018-06"] = [1e6, 2e6, 3e6]
    made = [
        shortfall_chart,
        heads_chart,
        papers_chart,
        wages_chart,
        vacancies_chart,
        output_chart,
        revenue_chart,
        trades_chart,
        public_cost_chart,
    ]
    for row in (row for make in made for row in make(summary).rows):
        for one, other in itertools.combinations(row.curves, 2):
            assert (one.dash, one.pattern) != (other.dash, other.pattern) or least_distance(
                one.colour, other.colour
            ) > 25.0, row.title


def printed(summary, width=300):
    """The tables that a run prints, as text."""
    console = Console(width=width, file=io.StringIO())
    print_result(summary, console)
    return console.file.getvalue()


def test_the_head_of_a_column_in_which_several_dates_meet_is_whole(result):
    summary = altered(result.summary, months=36)
    summary["policy_dates"][-1]["month"] = "2018-12"
    for month, values in summary["measures"]["shortfall_workers"]["by_month"].items():
        values[:] = [1.0, 2.0, 3.0] if month == "2018-12" else [0.0, 0.0, 0.0]
    for width in (300, 60):
        text = printed(summary, width)
        assert "\u2026" not in text
        for words in ("end of 2018,", "deadline,", "peak,", "end of run"):
            assert words in text


def test_months_of_the_heads_stand_on_one_line(result):
    late = altered(result.summary, months=48)
    late["measures"]["shortfall_workers"]["by_month"]["2019-12"] = [9e4, 9e4, 9e4]
    assert re.search(r"2018-12 +2019-12\n", printed(late))


def test_without_crews_there_is_no_table_of_a_state_s_revenue(result):
    summary = altered(
        result.summary, nationalities={"chinese": "temporary_migrant", "russian": "resident"}
    )
    assert "Pyongyang" not in printed(summary)
    assert "Pyongyang" in printed(result.summary)


def test_what_migrants_compare_has_bands_on_both_sides_and_the_rule_in_words(sampled_result):
    chart = wages_chart(sampled_result.summary)
    row = next(row for row in chart.rows if row.title.startswith("What Chinese builders compare"))
    assert [curve.band for curve in row.curves] == [True, True]
    assert "the more likely" in chart.lead
    assert "only if" not in chart.lead
    home = next(
        trace
        for trace in plot_of_chart(sampled_result.summary, chart)["data"]
        if trace.get("fill") and trace["legendgroup"] == row.curves[1].name
    )
    half = len(home["x"]) // 2
    assert max(home["y"][:half]) > max(home["y"][half:])


def test_the_band_of_a_yearly_series_goes_in_steps(result):
    summary = altered(result.summary, start="2016-01", months=2, policy_dates=[])
    summary["measures"]["hires"]["by_month"] = {
        "2016-01": [1.0, 2.0, 3.0],
        "2016-02": [5.0, 6.0, 7.0],
    }
    area, _ = plot_of_chart(
        summary,
        Chart("x", "t", "l", (Row("r", (Curve("hires", "hires", "#000000", steps=True),)),)),
    )["data"]
    assert area["x"] == ["2016-01", "2016-02", "2016-02", "2016-02", "2016-02", "2016-01"]
    assert area["y"] == [3.0, 3.0, 7.0, 5.0, 1.0, 1.0]


def test_an_axis_without_values_has_no_made_up_scale(result):
    summary = altered(result.summary)
    summary["measures"]["hires"]["by_month"] = {month: [0.0] * 3 for month in months_of(summary)}
    axis = plot_of_chart(
        summary, Chart("x", "t", "l", (Row("r", (Curve("hires", "hires", "#000000"),)),))
    )["layout"]["yaxis"]
    assert axis["tickvals"] == [0]


def test_a_year_is_marked_only_where_the_curve_has_moved_on():
    months = [f"{year}-{month:02d}" for year in (2016, 2017, 2018) for month in range(1, 13)]
    points = [(5.0, 5.0)] * 24 + [(5.0 + i, 5.0 + i) for i in range(1, 13)]
    assert [label for label in year_labels(months, points) if label] == ["2016", "2018"]
    assert year_labels(months, [(1.0, 1.0)] * 36).count("") == 35


def test_plotly_accepts_every_figure(result):
    for figure in figures(result.summary):
        assert go.Figure(figure.plot).layout.height > 200


def test_rows_of_a_chart_do_not_overlap(result):
    for figure in figures(result.summary):
        domains = sorted(
            axis["domain"]
            for name, axis in figure.plot["layout"].items()
            if name.startswith("yaxis") and "domain" in axis
        )
        assert all(lower[1] < upper[0] for lower, upper in itertools.pairwise(domains))
        assert all(0.0 <= bottom < top <= 1.0 for bottom, top in domains)


def test_figures_need_only_the_summary(result):
    again = json.loads(json.dumps(result.summary))
    assert [figure.key for figure in figures(again)] == KEYS


def test_costs_are_shown_when_a_lever_costs_something(result):
    summary = altered(result.summary, levers=["training"])
    for name in ("public_cost_rub", "public_cost_training_rub"):
        summary["measures"][name]["by_month"]["2018-06"] = [1e6, 2e6, 3e6]
    assert figures(summary)[-1].key == "public_cost"
    assert "with training" in answer(summary)


def test_what_a_lever_brings_the_public_is_shown_beside_what_levers_cost(result):
    summary = altered(result.summary, levers=["employer_fine"])
    names = ("public_revenue_rub", "public_revenue_employer_fine_rub")
    for name in names:
        summary["measures"][name]["by_month"]["2018-06"] = [1e6, 2e6, 3e6]
    chart = public_cost_chart(summary)
    shown = [curve for row in chart.rows for curve in row.curves]
    assert {curve.measure for curve in shown} == set(names)
    assert "public revenue from the fine on employers" in {curve.name for curve in shown}
    assert figures(summary)[-1].key == "public_cost"
    assert "with employer fine" in answer(summary)


def test_the_answer_leads_with_output_wage_vacancies_and_who_replaces_whom(result):
    text = answer(result.summary)
    assert text.startswith(
        "Under policy un2397 at compliance 0.6, construction in Primorsky Krai builds"
    )
    order = [
        interval(result.summary, "output_percent_of_baseline", "2019-12", ".1f").split()[0],
        f"at wages of {interval(result.summary, 'wage_real_rub', '2019-12')} RUB",
        f"{interval(result.summary, 'unfilled_vacancies', '2019-12')} vacancies are unfilled",
        "replaced by Russian workers",
        interval(result.summary, "shortfall_workers", "2019-12"),
        interval(result.summary, "naive_loss_workers", "2019-12"),
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_the_answer_gives_the_shortfall_with_interval_and_both_wages(result):
    text = answer(result.summary)
    baseline = interval(result.summary, "wage_real_rub_baseline", "2019-12")
    short = interval(result.summary, "shortfall_workers", "2019-12")
    assert f"If wages stay at the baseline's {baseline} RUB, {short} standard workers are" in text
    low, median, high = result.summary["measures"]["wage_drift_percent"]["by_month"]["2019-12"]
    assert f"{median:+.1f}\u00a0% [{low:+.1f} to {high:+.1f}] against the baseline's" in text


def test_the_answer_says_how_much_the_naive_rule_says_by_itself(result):
    assert "of the variance" not in answer(result.summary)
    with_draws = altered(result.summary, naive_rule={"r2_by_month": {"2019-12": 0.934}})
    assert "says 93\u00a0% of the variance of the shortfall by itself" in answer(with_draws)


def test_the_page_says_beside_the_numbers_in_which_prices_wages_are(html):
    assert "Wages: mean posted wage a month in the krai, RUB in prices of 2016-01" in unescape(html)


def test_a_run_with_sampled_parameters_reports_them_beside_the_configured_ones(sampled_result):
    summary = sampled_result.summary
    low, median, high = summary["sampled"]["policy.compliance"]
    assert summary["compliance"] == median
    assert low < median < high
    compliance = f"(compliance sampled: median {median:.2f} [{low:.2f} to {high:.2f}])"
    assert answer(summary).startswith(f"Under policy observed {compliance}, construction in")
    assert f"policy observed {compliance}:" in printed(summary)
    sampled_page = report_html(sampled_result).replace("<wbr>", "")
    low, median, high = (
        f"{float(f'{end:.3g}'):,g}" for end in summary["sampled"]["population.north_korean.heads"]
    )
    assert f"<td>10,200</td><td>{median}<small>[{low} to {high}]</small></td>" in sampled_page
    assert '<th scope="col">configured</th>' in sampled_page


def test_a_number_that_somebody_set_is_used_as_it_was_set(tmp_path):
    arguments = [
        *SAMPLED,
        "market.production.demand_price_elasticity=0.4",
        f"output_dir={tmp_path}",
    ]
    assert run(arguments) == 0
    (folder,) = tmp_path.iterdir()
    result = load_result(folder)
    assert "market.production.demand_price_elasticity" not in result.summary["sampled"]
    assert re.search(
        r"demand_price_elasticity</th><td>0.4</td><td></td>",
        report_html(result).replace("<wbr>", ""),
    )


def test_without_a_shortfall_the_answer_says_so(result):
    summary = altered(result.summary)
    for values in summary["measures"]["shortfall_workers"]["by_month"].values():
        values[:] = [0.0, 0.0, 0.0]
    assert "is at no time short of labour compared with the baseline" in answer(summary)
    assert peak_month(summary) is None


def test_a_shortfall_in_some_replicates_only_is_not_called_none(result):
    summary = altered(result.summary)
    for values in summary["measures"]["shortfall_workers"]["by_month"].values():
        values[:] = [0.0, 0.0, 0.0]
    summary["measures"]["shortfall_workers"]["by_month"]["2019-03"] = [0.0, 0.0, 1234.0]
    assert "the baseline (no expulsion) in the median" in answer(summary)
    assert "short of up to 1,234 standard workers, in 2019-03" in answer(summary)


def test_checkpoints_are_within_the_run_and_each_month_comes_once(result):
    summary = altered(result.summary, months=24, policy_dates=result.summary["policy_dates"][:1])
    for values in summary["measures"]["shortfall_workers"]["by_month"].values():
        values[:] = [0.0, 0.0, 0.0]
    assert [tuple(mark) for mark in checkpoints(summary)] == [("end of run", "2017-12")]
    late = altered(result.summary, months=48)
    late["measures"]["shortfall_workers"]["by_month"]["2019-12"] = [9e4, 9e4, 9e4]
    assert checkpoints(late)[-1] == ("deadline, peak, end of run", "2019-12")


def test_intervals_in_words(result):
    summary = altered(result.summary)
    summary["measures"]["hires"]["by_month"] = {"2016-01": [-0.04, 1234.5, 2000.0]}
    assert interval(summary, "hires", "2016-01") == "1,234 [0\u20132,000]"
    assert interval(summary, "hires", "2016-01", "+,.1f") == "+1,234.5 [+0.0 to +2,000.0]"
    assert interval(summary, "hires", "2016-02") == "no value"


def test_months_cross_years(result):
    assert months_of(altered(result.summary, start="2016-11", months=4)) == [
        "2016-11",
        "2016-12",
        "2017-01",
        "2017-02",
    ]


def test_every_number_of_workers_has_its_wage(result):
    for line in tables_of(result.summary)["Shortage"]:
        unit = result.summary["measures"][line.measure]["unit"]
        assert line.wage or "workers" not in unit, line.label


def test_alternative_text_names_medians(result):
    chart = Chart(
        "x", "Hires", "l", (Row("workers a month", (Curve("hires", "policy run", "#000000"),)),)
    )
    assert re.search(
        r"policy run: workers a month: [\d,]+ in 2018-12 \(end of 2018\)",
        alternative_text(result.summary, chart),
    )


def test_text_cannot_break_out_of_the_script():
    for hostile in ("</script><script>", "<!--<script>", "<!-- --><b>"):
        assert "<" not in script_safe({"a": hostile})
        assert json.loads(script_safe({"a": hostile})) == {"a": hostile}


def test_colours_become_transparent_and_labels_are_wrapped():
    assert see_through("#0072B2") == "rgba(0,114,178,0.22)"
    assert (
        wrapped_label("Never built: cancelled or not ordered")
        == "Never built: cancelled<br>or not ordered"
    )


def test_the_command_refuses_what_is_no_result(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert "not a result folder" in capsys.readouterr().err
    assert main([]) == 2


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Debian's chromium")
def test_a_browser_plots_every_figure(finished, tmp_path):
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
    ]
    command = [
        "chromium",
        *flags,
        f"--user-data-dir={tmp_path}",
        "--virtual-time-budget=8000",
        "--dump-dom",
        f"file://{finished / 'report.html'}",
    ]
    dom = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert dom.count('class="main-svg"') >= len(KEYS)


def test_assumptions_that_a_run_s_own_draws_single_out_stand_first() -> None:
    config = {
        "market": {"matching": {"wage_sensitivity": 4}},
        "population": {"north_korean": {"efficiency": 1.8}},
    }
    driver = {"parameter": "market.matching.wage_sensitivity", "rank_correlation": -0.7}
    ranked, plain = (
        assumption_table(config, [driver]).replace("<wbr>", ""),
        assumption_table(config).replace("<wbr>", ""),
    )
    assert ranked.index("wage_sensitivity") < ranked.index("efficiency")
    assert "-0.70" in ranked
    assert "rank correlation" not in plain
    assert "wage_sensitivity" not in plain


def test_one_option_gives_everything_as_a_table(finished, result, tmp_path, capsys):
    folder = tmp_path / "un2397-compliance-0.6"
    shutil.copytree(finished, folder)
    assert main([str(folder), "--csv", "--xlsx"]) == 0
    lines = (tmp_path / f"{folder.name}.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + result.summary["replicates"] * result.summary["months"]
    assert {"replicate", "shortfall_percent", "market.wages.adjustment_per_month"} <= set(
        lines[0].split(",")
    )
    assert (tmp_path / f"{folder.name}.xlsx").stat().st_size > 0
    assert capsys.readouterr().out.count("written to ") == 3
    assert main([str(folder), "--csv", "--png", str(tmp_path)]) == 2

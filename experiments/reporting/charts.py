"""The charts of a report: which measures they show over months, and their texts."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.reporting.plotting import (
    BLUE,
    DASHES,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    Chart,
    Curve,
    Row,
)
from experiments.results.summary_reader import (
    MILLION,
    Summary,
    capitalised,
    crews,
    has_values,
    money,
    people_of_crews,
    place,
    sender,
    standard_worker,
)
from sim.measures.names import nationality
from sim.measures.revenue import EXTRAPOLATED, PUBLIC, PUBLIC_TOTALS

PUBLIC_TITLE = "Public costs and revenue of the levers"
PALETTE = (BLUE, RED, GREEN, ORANGE, PURPLE, SKY)
POLICY_BRANCH, BASELINE = "policy branch", "baseline (no expulsion)"
"""Names of curves: every chart compares these two branches."""
PAPER_COLOURS = {
    "work": (BLUE, ""),
    "student": (ORANGE, "/"),
    "tourist": (GREEN, "."),
    "none": (RED, "x"),
}
PAPER_NAMES = {
    "work": "work",
    "student": "student",
    "tourist": "tourist",
    "none": "none (waiting for transport)",
}


def shortfall_chart(summary: Summary) -> Chart:
    """The main figure: missing and idled labour, the remaining gap, and the naive rule."""
    curves = (
        Curve(
            "naive_loss_workers",
            f"naive rule: {people_of_crews(summary)} gone x efficiency",
            GREY,
            "dot",
            band=False,
        ),
        Curve("shortfall_workers", "shortfall at the baseline wage (missing labour)", RED),
        Curve("remaining_gap_workers", "remaining gap at the policy branch's wage", BLUE, "dash"),
        Curve(
            "shortfall_idled_workers",
            "idled by the missing labour, at the baseline wage",
            ORANGE,
            "dashdot",
        ),
    )
    rows = (
        Row("Standard workers fewer than in the baseline", curves),
        Row(
            "Wages at which they hold, " + real_wage_unit(summary), (policy_wage(), baseline_wage())
        ),
    )
    lead = (
        f"How many standard workers ({standard_worker(summary)}) construction has fewer than "
        "without the expulsion: in trades that look for workers, and in trades that are idle "
        "because complementary trades are missing. The measures must not be added. Below: the "
        "wage at which each holds; the shortfall at the baseline's, the remaining gap at the "
        "policy branch's."
    )
    return Chart("shortfall", "The shortfall, and the wage it holds at", lead, rows)


def real_wage_unit(summary: Summary) -> str:
    """The unit of real wages, with the month whose prices are used."""
    return f"{money(summary)} a month, prices of {summary['start']}"


def policy_wage() -> Curve:
    """The mean posted wage of the policy branch."""
    return Curve("wage_real_rub", "posted wage, policy branch", BLUE, "dash")


def baseline_wage() -> Curve:
    """The mean posted wage of the baseline, which the policy branch at baseline wages shares."""
    return Curve("wage_real_rub_baseline", "posted wage, baseline (no expulsion)", RED)


def heads_chart(summary: Summary) -> Chart:
    """Employed heads of each nationality, against the baseline."""
    rows = tuple(
        Row(
            f"{nationality(name)} workers employed",
            (
                Curve(f"{name}_heads", POLICY_BRANCH, BLUE),
                Curve(f"{name}_heads_baseline", BASELINE, GREY, "dot", band=False),
            ),
        )
        for name in summary["nationalities"]
    )
    lead = "Workers employed in construction at month end; each axis has its own scale."
    return Chart("heads", "Who builds: workers by nationality", lead, rows)


def papers_chart(summary: Summary) -> Chart | None:
    """On which papers crew members work; None if there are none."""
    rows = [
        Row(
            f"{nationality(name)} workers employed, by paper",
            tuple(
                Curve(
                    f"{name}_heads_{paper}",
                    PAPER_NAMES[paper],
                    colour,
                    band=False,
                    stack=name,
                    pattern=pattern,
                )
                for paper, (colour, pattern) in PAPER_COLOURS.items()
                if has_values(summary, f"{name}_heads_{paper}")
            ),
        )
        for name in crews(summary)
    ]
    lead = (
        "On which papers those work who are still here; medians, stacked. Without a paper are "
        "those whose contract has ended and who wait for transport home."
    )
    shown = tuple(row for row in rows if row.curves)
    return Chart("papers", "Papers: work, student, tourist, none", lead, shown) if shown else None


def wages_chart(summary: Summary) -> Chart:
    """Posted wages against the baseline, and the pay that migrants compare."""
    rows = [Row("Posted wage, " + real_wage_unit(summary), (policy_wage(), baseline_wage()))]
    for name, kind in summary["nationalities"].items():
        if kind == "temporary_migrant":
            here = Curve(
                f"{name}_pay_after_tax_rub",
                f"{nationality(name)} pay in {place(summary)}, after tax",
                BLUE,
            )
            home = Curve(
                f"{name}_home_pay_rub",
                "pay at home plus the cost of the move",
                ORANGE,
                "dash",
                steps=True,
            )
            rows.append(
                Row(
                    f"What {nationality(name)} builders compare, nominal {money(summary)} a month",
                    (here, home),
                )
            )
    lead = (
        "Firms raise wages when vacancies stay open. The further pay here exceeds pay at home plus "
        "the cost of the move, the more likely a migrant who considers coming does so; where the "
        "two are equal, one in two does."
    )
    source = "Simulation; pay at home and exchange rates: dated series of sim/evidence/series.yaml."
    return Chart(
        "wages", "Wages: against the baseline, and against pay at home", lead, tuple(rows), source
    )


def vacancies_chart(summary: Summary) -> Chart:
    """Vacancy rate, duration of vacancies, and vacancies left open at month end."""
    baseline = Curve("job_vacancy_rate_baseline", BASELINE, GREY, "dot", band=False)
    unfilled_baseline = Curve("unfilled_vacancies_baseline", BASELINE, GREY, "dot", band=False)
    rows = (
        Row(
            "Job vacancy rate V/(V+N), percent",
            (Curve("job_vacancy_rate", POLICY_BRANCH, BLUE), baseline),
            ",.1f",
        ),
        Row(
            "Mean duration of a vacancy, working days",
            (Curve("vacancy_duration_days", POLICY_BRANCH, BLUE),),
            ",.0f",
        ),
        Row(
            "Vacancies unfilled at month end (their wage: see Wages)",
            (Curve("unfilled_vacancies", POLICY_BRANCH, BLUE), unfilled_baseline),
        ),
    )
    lead = (
        "Vacancies are posts that firms try to fill. They are not the labour missing compared "
        "with the baseline, as firms do not look for workers who would be idle."
    )
    return Chart("vacancies", "Vacancies: how many, how long", lead, rows)


def output_chart(summary: Summary) -> Chart:
    """Orders, output, completions and backlog."""
    ratios = (
        ("orders", ORANGE, "dash"),
        ("output", BLUE, "solid"),
        ("completions", GREEN, "dashdot"),
    )
    curves = tuple(
        Curve(f"{name}_percent_of_baseline", name, colour, dash) for name, colour, dash in ratios
    )
    backlog = (Curve("backlog_months", "backlog B/Y", PURPLE),)
    rows = [
        Row("Orders, output and completions, percent of the baseline", curves, ",.1f"),
        Row("Backlog, months of output", backlog, ",.1f"),
    ]
    source = "Simulation."
    simulated = Curve("completions_index", "completions, simulated", GREEN, "dashdot")
    reported = Curve(
        "housing_completed_index",
        "housing completed, reported",
        ORANGE,
        "dot",
        band=False,
        steps=True,
    )
    if has_values(summary, simulated.measure):
        housing = summary["measures"].get(reported.measure)
        rows.append(
            Row("Completions, 2016 = 100", (simulated, reported) if housing else (simulated,))
        )
        source = (
            "Simulation; housing completed is reported, not simulated, and covers other works: "
            f"{housing['note']}."
            if housing
            else source
        )
    lead = (
        "Orders that are not yet built wait in the backlog. A building is completed some months "
        "after the work on it, so completions follow output with a lag."
    )
    return Chart("output", "Orders, output, backlog, completions", lead, tuple(rows), source)


def trades_chart(summary: Summary) -> Chart:
    """The shortage by trade."""
    styles = {
        trade: (PALETTE[n % len(PALETTE)], DASHES[n % len(DASHES)])
        for n, trade in enumerate(summary["trades"])
    }
    wanted = (
        ("shortfall_workers", "Shortfall at the baseline wage, standard workers", ",.0f"),
        (
            "shortfall_idled_workers",
            "Idled by the missing labour, at the baseline wage, standard workers",
            ",.0f",
        ),
        ("wage_real_rub", "Posted wage of the policy branch, " + real_wage_unit(summary), ",.0f"),
        ("job_vacancy_rate", "Job vacancy rate, percent", ",.1f"),
    )
    rows = tuple(
        Row(
            title,
            tuple(Curve(f"{name}_{trade}", trade, *style) for trade, style in styles.items()),
            form,
        )
        for name, title, form in wanted
    )
    lead = (
        "Workers of one trade cannot do the work of another: a shortage in one trade shows as "
        "vacancies there and as idle labour in the others."
    )
    return Chart("trades", "The shortage by trade", lead, rows)


def revenue_chart(summary: Summary) -> Chart | None:
    """What the sending state takes and loses; None without crews.

    Where reported figures allow it, the loss is also scaled to the whole country and all hosts.
    """
    if not crews(summary):
        return None
    where = place(summary)
    lost = [curve for curve in lost_levy_curves(where) if curve.measure in summary["measures"]]
    return Chart(
        "revenue",
        f"{capitalised(sender(summary))}'s revenue",
        "The levy that the state takes from its builders' pay, and what it loses of it.",
        (
            Row(f"Levy on builders in {where}, million USD a month", levy_curves(), ",.2f"),
            Row("Levy lost since the start, million USD", tuple(lost)),
        ),
        f"Simulation{extrapolation_note(summary, [curve.measure for curve in lost[1:]])}.",
    )


def levy_curves() -> tuple[Curve, ...]:
    """The levy of the month in both branches."""
    measure, baseline = "dprk_state_revenue_usd", "dprk_state_revenue_baseline_usd"
    return (
        Curve(measure, POLICY_BRANCH, BLUE, unit=MILLION),
        Curve(baseline, BASELINE, GREY, "dot", band=False, unit=MILLION),
    )


def lost_levy_curves(where: str) -> tuple[Curve, ...]:
    """The levy lost: as simulated, then scaled to larger parts of the world."""
    simulated = Curve(
        "dprk_revenue_lost_usd", f"builders in {where} (simulated)", RED, unit=MILLION
    )
    scaled = (
        ("russia", "all Russia, by heads", ORANGE, "dash", True),
        ("all_hosts_low", "all hosts, low", PURPLE, "dot", False),
        ("all_hosts_high", "all hosts, high", PURPLE, "dashdot", False),
    )
    return (
        simulated,
        *(
            Curve(
                f"dprk_revenue_lost_{part}_extrapolated_usd",
                f"{words} (extrapolated)",
                colour,
                dash,
                band,
                MILLION,
            )
            for part, words, colour, dash, band in scaled
        ),
    )


def extrapolation_note(summary: Summary, measures: Sequence[str]) -> str:
    """By what extrapolated curves are scaled; empty if there are none."""
    notes = (summary["measures"][name]["note"].removeprefix(EXTRAPOLATED) for name in measures)
    cited = ", ".join(dict.fromkeys(notes))
    if not cited:
        return ""
    return (
        f"; curves marked extrapolated are scaled, not simulated ({cited}: sim/evidence/facts.yaml)"
    )


def public_cost_chart(summary: Summary) -> Chart | None:
    """What the levers cost and bring the public; None if they do neither."""
    shown = [
        name
        for name, known in summary["measures"].items()
        if name.startswith(tuple(PUBLIC)) and has_values(summary, name)
    ]
    monthly = [name for name in shown if name not in PUBLIC_TOTALS]
    if not shown:
        return None
    rows = (
        Row(f"Million nominal {money(summary)} a month", public_curves(summary, monthly), ",.1f"),
        Row(
            f"All levers since the start, million nominal {money(summary)}",
            public_curves(summary, [name for name in shown if name in PUBLIC_TOTALS]),
        ),
    )
    return Chart(
        "public_cost",
        PUBLIC_TITLE,
        "What the levers in force cost the public, and what they bring in.",
        rows,
    )


def public_curves(summary: Summary, names: Sequence[str]) -> tuple[Curve, ...]:
    """A curve for each measure, named by its label."""
    labels = [summary["measures"][name]["label"] for name in names]
    return tuple(
        Curve(name, label[:1].lower() + label[1:], colour, dash, unit=MILLION)
        for name, label, colour, dash in zip(names, labels, PALETTE, DASHES, strict=False)
    )

"""`python -m experiments.run [key=value ...]` simulates a scenario and writes its report.

It prints the main numbers and writes a result folder.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.command import DONE, OnDisk, PageError, UsageError, explain, run_command, say

if TYPE_CHECKING:
    from rich.progress import Progress

    from experiments.configuration.settings import Settings
    from experiments.ensembles.every_draw import EveryDraw
    from sim.scenario import Scenario

PROGRAM = "python -m experiments.run"
PIPED_WIDTH = 130
CFG_KINDS = ("job", "hydra", "all")
"""What Hydra's `--cfg` takes."""


class Arguments(NamedTuple):
    """The parsed command line."""

    overrides: tuple[str, ...]
    wants_help: bool = False
    wants_config: bool = False
    multirun: bool = False
    origin: str | None = None


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status.

    0 done, 1 failed, 2 input refused (nothing is written), 130 interrupted.
    """
    given, on_disk = list(sys.argv[1:] if argv is None else argv), OnDisk()
    text = f"{PROGRAM} {shlex.join(given)}".strip()
    return run_command(lambda: command(parse(given), text, on_disk), on_disk)


def parse(given: Sequence[str]) -> Arguments:
    """Separate the options from the overrides."""
    from experiments.configuration.hydra_options import option_refusal

    words, overrides, origin = list(given), [], None
    seen = set()
    while words:
        word = words.pop(0)
        if word == "--from":
            if origin is not None:
                raise UsageError("--from: given twice; a run begins from one earlier result")
            origin = words.pop(0) if words else None
            if origin is None:
                raise UsageError("--from: give the folder of an earlier result after it")
        elif word in ("-h", "--help", "--cfg", "-c", "-m", "--multirun"):
            seen.add("--cfg" if word == "-c" else word)
            if word in ("--cfg", "-c") and words and words[0] in CFG_KINDS:
                check_cfg_kind(words.pop(0))
        elif word.startswith("-"):
            raise UsageError(f"{option_refusal(word)}; --help lists the options")
        else:
            overrides.append(word)
    return Arguments(
        tuple(overrides),
        bool(seen & {"-h", "--help"}),
        "--cfg" in seen,
        bool(seen & {"-m", "--multirun"}),
        origin,
    )


def check_cfg_kind(kind: str) -> None:
    """Raise UsageError if `--cfg` is asked for Hydra's own settings."""
    if kind != "job":
        raise UsageError(f"--cfg {kind}: only --cfg job is there; Hydra's settings do nothing here")


def command(arguments: Arguments, text: str, on_disk: OnDisk) -> int:
    """Print help or configuration, or run every job.

    All jobs are checked before the first one starts.
    """
    from experiments.configuration.keys import repeated_keys
    from experiments.configuration.shipped_files import CONFIGS

    if arguments.wants_help:
        from experiments.configuration.run_help import help_text

        print(help_text(CONFIGS))
        return DONE
    checked = load_jobs(arguments)
    for note in repeated_keys(arguments.overrides):
        say(note, DONE)
    if arguments.wants_config:
        for settings in checked:
            print_config(settings)
        return DONE
    on_disk.total, on_disk.more = len(checked), lambda: without_report(on_disk.written())
    own_text = len(checked) == 1
    return max(
        run_one(settings, text if own_text else command_of(settings, arguments.origin), on_disk)
        for settings in checked
    )


def without_report(folders: Sequence[Path]) -> str:
    """Which results were not given their page before the command ended, and what makes it."""
    from experiments.results.result_folder import REPORT

    lacking = [folder for folder in folders if not (folder / REPORT).exists()]
    return "\n".join(f"{folder} has no {REPORT} yet; {makes_report(folder)}" for folder in lacking)


def makes_report(folder: Path) -> str:
    """How the page of a result is made from its data."""
    return f"to make it: python -m experiments.report {shlex.quote(str(folder))}"


def command_of(settings: Settings, origin: str | None) -> str:
    """The command line that makes the result of one job of a multirun again."""
    start = ["--from", origin] if origin else []
    return f"{PROGRAM} {shlex.join([*start, *settings.overrides])}"


def load_jobs(arguments: Arguments) -> list[Settings]:
    """The checked settings of every job: one, or with --multirun one for each combination."""
    from experiments.configuration.earlier_settings import settings_from
    from experiments.configuration.multirun import combinations
    from experiments.configuration.saved_configuration import (
        check_saved_configuration,
        with_own_output_dir,
    )
    from experiments.configuration.settings import ConfigError, load_settings
    from experiments.configuration.shipped_files import CONFIGS
    from experiments.results.result_folder import CONFIG, earlier_config_note, read_mapping

    jobs = combinations(arguments.overrides) if arguments.multirun else [arguments.overrides]
    if arguments.origin is None:
        return [load_settings(overrides, CONFIGS) for overrides in jobs]
    configs = config_folder(arguments.origin)
    saved = read_mapping(configs / CONFIG)
    note = earlier_config_note(configs)
    check_saved_configuration(saved)
    try:
        return [settings_from(configs, with_own_output_dir(overrides)) for overrides in jobs]
    except ConfigError as error:
        raise ConfigError([note, *error.problems] if note else error.problems) from None


def config_folder(origin: str) -> Path:
    """The folder of an earlier result, as the absolute path that Hydra requires."""
    folder = Path(origin).resolve()
    if not (folder / "config.yaml").is_file():
        raise UsageError(
            f"--from: there is no config.yaml in {origin}; give the folder of an earlier result"
        )
    return folder


def print_config(settings: Settings) -> None:
    """Print the composed configuration as YAML."""
    import yaml

    print(yaml.safe_dump(settings.resolved, sort_keys=False, allow_unicode=True), end="")


def run_one(settings: Settings, text: str, on_disk: OnDisk) -> int:
    """Simulate one scenario, write its result, then its report, and print its main numbers.

    Returns the exit status: a report that cannot be made costs no number.
    """
    from rich.console import Console

    from experiments.configuration.asked_names import asked_name
    from experiments.configuration.keys_without_effect import keys_without_effect
    from experiments.reporting.console_table import print_result
    from experiments.results.provenance import run_record
    from experiments.results.result_folder import RECORD, new_result
    from experiments.storage.recorded_folder import write_record

    for line in keys_without_effect(settings):
        say(line, DONE)
    with new_result(Path(settings.output_dir), asked_name(settings.resolved)) as draft:
        on_disk.results.append(lambda: draft.final)
        with progress_bar() as bar:
            summary = simulate_into(draft.folder, settings, bar)
        write_record(draft.folder, run_record(settings, text), RECORD)
    assert draft.final is not None
    status = report_of(draft.final)
    console = Console() if sys.stdout.isatty() else Console(width=PIPED_WIDTH)
    print_result(summary, console)
    console.print(f"\nwritten to {draft.final}", soft_wrap=True, highlight=False)
    return status


def report_of(folder: Path) -> int:
    """Write the report of a result; returns the exit status, after saying why if it cannot be."""
    from experiments.reporting.html import page_of_data
    from experiments.reporting.report_page import report_html
    from experiments.results.result_folder import REPORT, load_result

    try:
        page_of_data(
            folder / REPORT, lambda: report_html(load_result(folder)), makes_report(folder)
        )
    except PageError as error:
        return explain(error, OnDisk())
    return DONE


def simulate_into(folder: Path, settings: Settings, bar: Progress) -> dict[str, Any]:
    """Simulate all replicates and write every file but record and report; returns the summary."""
    from experiments.command_line.simulation_task import SimulationTask
    from experiments.ensembles.ensemble import Observers, run_ensemble
    from experiments.ensembles.uncertainty import sampled_scenarios
    from experiments.results.measures_table import write_measures, write_parameters
    from experiments.results.months import MonthsWriter
    from experiments.results.result_folder import (
        CONFIG,
        MEASURES,
        MONTHS,
        PARAMETERS,
        SUMMARY,
        write_config,
    )
    from experiments.results.summary import summarise
    from experiments.storage.sealed_json import write_json

    kind = settings.uncertainty
    sampled = sampled_scenarios(
        settings.resolved, kind, settings.replicates, settings.scenario.seed
    )
    every = small_runs(settings, sampled or (), bar)
    task = SimulationTask(bar, settings.replicates)
    with MonthsWriter(folder / MONTHS, settings.scenario) as writer:
        observers = Observers(lambda done: task.update(completed=done), writer.append)
        values = run_ensemble(
            settings.scenario, settings.replicates, settings.threads, observers, sampled
        )
    write_measures(folder / MEASURES, settings.scenario, values, kind)
    write_parameters(folder / PARAMETERS, sampled or [settings.scenario] * settings.replicates)
    summary = summarise(settings.scenario, values, kind, sampled, every)
    write_json(folder / SUMMARY, summary)
    write_config(folder / CONFIG, settings.resolved)
    return summary


def small_runs(settings: Settings, sampled: Sequence[Scenario], bar: Progress) -> EveryDraw | None:
    """One small run of every draw, where the settings ask for them."""
    from experiments.ensembles.every_draw import scale_of_every_draw, simulate_every_draw

    kind = settings.uncertainty
    scale = scale_of_every_draw(
        settings.every_draw_scale, kind, settings.scenario.market.scale, settings.replicates
    )
    if scale is None:
        return None
    task = bar.add_task(f"every draw at {scale:g}", total=None)
    return simulate_every_draw(
        settings.resolved,
        kind,
        scale,
        sampled,
        settings.threads,
        lambda done, total: bar.update(task, completed=done, total=total),
    )


def progress_bar() -> AbstractContextManager[Progress]:
    """A progress bar on standard error: replicates done, elapsed and remaining time."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("runs"),
        TimeElapsedColumn(),
    )
    return Progress(
        *columns,
        TextColumn("remaining"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


if __name__ == "__main__":
    sys.exit(main())

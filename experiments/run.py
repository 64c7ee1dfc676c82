"""The main command: `python -m experiments.run [key=value ...]` simulates, prints the answer and writes a result folder."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.command import DONE, INTERRUPTED, REFUSED, Jobs, UsageError, explain, say

if TYPE_CHECKING:
    from rich.progress import Progress

    from experiments.configuration.settings import Settings
    from experiments.results.result_folder import Draft

PROGRAM = "python -m experiments.run"
PIPED_WIDTH = 130


class Arguments(NamedTuple):
    """The command line: what is asked for besides overrides."""

    overrides: tuple[str, ...]
    wants_help: bool = False
    wants_config: bool = False
    multirun: bool = False
    origin: str | None = None


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status: 0 done, 1 failed, 2 refused (nothing written), 130 interrupted."""
    given, jobs = list(sys.argv[1:] if argv is None else argv), Jobs()
    try:
        return command(parse(given), f"{PROGRAM} {shlex.join(given)}".strip(), jobs)
    except KeyboardInterrupt:
        return say(f"interrupted; {jobs.kept()}", INTERRUPTED)
    except UsageError as error:
        return say(str(error), REFUSED)
    except Exception as error:
        return explain(error, jobs)


def parse(given: Sequence[str]) -> Arguments:
    """Options apart from overrides."""
    words, overrides, origin = list(given), [], None
    seen = set()
    while words:
        word = words.pop(0)
        if word == "--from":
            origin = words.pop(0) if words else None
            if origin is None:
                raise UsageError("--from: needs the folder of an earlier result")
        elif word in ("-h", "--help", "--cfg", "-m", "--multirun"):
            seen.add(word)
        elif word.startswith("-"):
            raise UsageError(f"{word}: no such option; --help lists them")
        else:
            overrides.append(word)
    return Arguments(
        tuple(overrides),
        bool(seen & {"-h", "--help"}),
        "--cfg" in seen,
        bool(seen & {"-m", "--multirun"}),
        origin,
    )


def command(arguments: Arguments, text: str, jobs: Jobs) -> int:
    """Print what was asked for, or run every job; all jobs are checked before the first runs."""
    from experiments.configuration.settings import CONFIGS

    if arguments.wants_help:
        from experiments.configuration.run_help import help_text

        print(help_text(CONFIGS))
        return DONE
    checked = settings_of(arguments)
    if arguments.wants_config:
        for settings in checked:
            print_config(settings)
        return DONE
    jobs.total = len(checked)
    for settings in checked:
        run_one(
            settings, text if len(checked) == 1 else command_of(settings, arguments.origin), jobs
        )
    return DONE


def command_of(settings: Settings, origin: str | None) -> str:
    """The command that makes the result of one job of many, from the same earlier result if there was one."""
    return f"{PROGRAM} {shlex.join([*(['--from', origin] if origin else []), *settings.overrides])}"


def settings_of(arguments: Arguments) -> list[Settings]:
    """Checked settings of every job: one, or with --multirun one for each combination."""
    from experiments.configuration.multirun import combinations
    from experiments.configuration.settings import CONFIGS, load_settings

    configs = CONFIGS if arguments.origin is None else config_folder(arguments.origin)
    jobs = combinations(arguments.overrides) if arguments.multirun else [arguments.overrides]
    return [load_settings(overrides, configs) for overrides in jobs]


def config_folder(origin: str) -> Path:
    """The folder of an earlier result, absolute as Hydra wants it."""
    folder = Path(origin).resolve()
    if not (folder / "config.yaml").is_file():
        raise UsageError(
            f"--from: {origin} has no config.yaml; give the folder of an earlier result"
        )
    return folder


def print_config(settings: Settings) -> None:
    """The composed configuration as YAML."""
    import yaml

    print(yaml.safe_dump(settings.resolved, sort_keys=False, allow_unicode=True), end="")


def run_one(settings: Settings, text: str, jobs: Jobs) -> None:
    """Simulate one experiment, write its folder, print its answer."""
    from rich.console import Console

    from experiments.reporting.console_table import print_result
    from experiments.results.result_folder import new_result

    with new_result(Path(settings.output_dir), settings.name) as draft, progress_bar() as bar:
        summary = fill(draft, settings, text, bar)
    assert draft.final is not None
    jobs.written.append(draft.final)
    console = Console() if sys.stdout.isatty() else Console(width=PIPED_WIDTH)
    print_result(summary, console)
    console.print(f"\nwritten to {draft.final}", soft_wrap=True, highlight=False)


def fill(draft: Draft, settings: Settings, text: str, bar: Progress) -> dict[str, Any]:
    """Simulate and write every file of the result."""
    from experiments.ensembles.ensemble import Observers, run_ensemble
    from experiments.ensembles.uncertainty import sampled_scenarios, uncertainty_kind
    from experiments.reporting.report_page import write_report
    from experiments.results import result_folder as store
    from experiments.results.months import MonthsWriter
    from experiments.results.provenance import hash_of, run_record
    from experiments.results.summary import summarise

    kind = uncertainty_kind(settings.resolved, settings.uncertainty)
    drawn = sampled_scenarios(settings.resolved, kind, settings.replicates, settings.scenario.seed)
    task = bar.add_task("simulating", total=settings.replicates)
    months = draft.folder / store.MONTHS
    with MonthsWriter(months, settings.scenario) as writer:
        told = Observers(lambda done: bar.update(task, completed=done), writer.append)
        values = run_ensemble(settings.scenario, settings.replicates, settings.threads, told, drawn)
    summary = summarise(settings.scenario, values, kind, drawn)
    record = run_record(settings, text) | {"months_hash": hash_of([months])}
    store.write_json(draft.folder / store.SUMMARY, summary)
    store.write_json(draft.folder / store.RECORD, record)
    store.write_config(draft.folder / store.CONFIG, settings.resolved)
    write_report(draft.folder)
    return summary


def progress_bar() -> AbstractContextManager[Progress]:
    """Replicates done, rate, remaining time; on standard error."""
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
        TextColumn("replicates"),
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

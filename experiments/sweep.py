"""`python -m experiments.sweep [experiment=NAME] [key=value ...]` simulates many scenarios."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from experiments.command import DONE, FAILED, OnDisk, UsageError, run_command, say
from experiments.command_line.signals import INTERRUPTED

if TYPE_CHECKING:
    from experiments.sweeps.store.run_store import RunStore
    from experiments.sweeps.sweep_session import Progress, Sweep

PROGRAM = "python -m experiments.sweep"


class Arguments(NamedTuple):
    """The parsed command line."""

    overrides: tuple[str, ...]
    wants_help: bool = False
    dry_run: bool = False
    read: bool = False


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status.

    0 every run is in the store, 1 runs failed or the store cannot be written any more, 2 input
    refused, 130 interrupted.
    """
    given, on_disk = list(sys.argv[1:] if argv is None else argv), OnDisk()
    text = f"{PROGRAM} {shlex.join(given)}".strip()
    return run_command(lambda: command(parse(given), text, on_disk), on_disk)


def parse(given: Sequence[str]) -> Arguments:
    """Separate the options from the overrides."""
    options = {word for word in given if word.startswith("-")}
    if unknown := sorted(options - {"-h", "--help", "--dry-run", "--read"}):
        from experiments.configuration.hydra_options import option_refusal

        raise UsageError(f"{option_refusal(unknown[0])}; --help lists the options")
    words = tuple(word for word in given if word not in options)
    if {"--read", "--dry-run"} <= options:
        raise UsageError("--dry-run: --read simulates nothing; leave --dry-run out")
    if "--read" in options and len(words) < 2:
        raise UsageError(
            "--read: give a folder to write to and one or more result folders: --read OUT FOLDER..."
        )
    return Arguments(
        words, bool(options & {"-h", "--help"}), "--dry-run" in options, "--read" in options
    )


def command(arguments: Arguments, text: str, on_disk: OnDisk) -> int:
    """Print help, read result folders, or sweep."""
    if arguments.wants_help:
        from experiments.configuration.shipped_files import CONFIGS
        from experiments.sweeps.design.sweep_help import help_text

        print(help_text(CONFIGS))
        return DONE
    if arguments.read:
        from experiments.sweeps.reporting.folders_as_sweep import read_folders

        out, *folders = map(Path, arguments.overrides)
        print(f"written to {read_folders(out, folders, text)}")
        return DONE
    return sweep_command(arguments, text, on_disk)


def sweep_command(arguments: Arguments, text: str, on_disk: OnDisk) -> int:
    """Plan the runs, open the store, simulate the missing ones and write the report."""
    from experiments.sweeps.design.sweep_settings import load_sweep
    from experiments.sweeps.store.run_store import (
        StoreStoppedError,
        runs_kept,
        store_errors_reported,
    )
    from experiments.sweeps.sweep_session import opened_store, prepare

    sweep = prepare(load_sweep(arguments.overrides))
    if arguments.dry_run:
        return dry_run(sweep)
    try:
        with store_errors_reported(sweep.folder), opened_store(sweep) as (store, repairs):
            on_disk.more = lambda: f"{runs_kept(sweep.folder)}. To continue: {text}"
            for line in (*sweep.plan.design.notes, *repairs):
                say(line, DONE)
            return swept(sweep, store, text)
    except StoreStoppedError as error:
        # Its message says what the store holds.
        return say(str(error), FAILED)


def swept(sweep: Sweep, store: RunStore, text: str) -> int:
    """Simulate the runs that the store lacks, then report on all of them."""
    from experiments.sweeps.sweep_session import progress_of

    progress = progress_of(sweep, store)
    print(
        f"{sweep.folder}: {progress.total - len(progress.missing):,} of {progress.total:,} "
        "runs are in the store"
    )
    if progress.missing and simulated(sweep, store, progress):
        return say(
            f"stopped: {len(store.done()):,} runs are safe in {sweep.folder}. To continue: {text}",
            INTERRUPTED,
        )
    return finish(sweep, store, text)


def dry_run(sweep: Sweep) -> int:
    """Print the size of the design and the time and disk space it needs; nothing is simulated."""
    from experiments.sweeps.store.run_store import read_store
    from experiments.sweeps.sweep_session import description

    print("\n".join(description(sweep, read_store(sweep.folder))))
    return DONE


def simulated(sweep: Sweep, store: RunStore, progress: Progress) -> bool:
    """Simulate the missing runs with a progress bar; returns whether the user asked to stop."""
    from experiments.command_line.simulation_task import SimulationTask
    from experiments.sweeps.progress_bars import progress_bar
    from experiments.sweeps.sweep_session import simulate

    with progress_bar() as bar:
        task = SimulationTask(bar, len(progress.missing), failed=0)
        failures = 0

        def count_finished(done: int, failed: int) -> None:
            nonlocal failures
            failures += failed
            task.update(advance=done + failed, failed=failures)

        return simulate(sweep, store, progress.missing, count_finished)


def finish(sweep: Sweep, store: RunStore, text: str) -> int:
    """Write summary and report; the exit status says whether runs failed."""
    from experiments.sweeps.reporting.sweep_answer import answer
    from experiments.sweeps.sweep_session import progress_of, write_outputs

    summary = write_outputs(sweep, store, text)
    failed = progress_of(sweep, store).failed
    print(f"\n{answer(summary)}\n\nwritten to {sweep.folder}")
    if failed:
        return say(
            f"{failed:,} runs failed: see {sweep.folder}/failures; "
            "add retry_failed=true to try them again",
            FAILED,
        )
    return DONE


if __name__ == "__main__":
    sys.exit(main())

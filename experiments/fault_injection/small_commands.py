"""Small forms of the commands that write results, and what each must leave on disk."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.results.result_folder import RECORD, REPORT, SUMMARY
from experiments.storage.recorded_folder import FILES, RECORD_NAME, faults, read_record
from experiments.sweeps.store.run_store import read_store
from experiments.sweeps.store.store_record import STORE

NEW_PAGES = tuple(f"{page}: not in the record" for page in (REPORT, "fit.md"))
Files = dict[str, bytes]
"""Files of a finished command that must always have the same bytes."""
OUT = "out"
"""Where each command writes, relative to the folder in which it is started."""
STORES = "sweeps"
"""The folder in it in which questions keep their runs."""


class DamageError(AssertionError):
    """A disaster left something that is neither whole nor absent, or lost or doubled a run."""


@dataclass(frozen=True)
class SmallCommand:
    """A command: its module, its arguments, and functions of the folder in which it was started.

    `check` raises DamageError if what is visible is not whole; `progress` counts what must not be
    lost; `finished` returns the files of the result, empty if there is none; `phase` says how far
    it is.
    """

    name: str
    arguments: tuple[str, ...]
    check: Callable[[Path], None]
    progress: Callable[[Path], int]
    finished: Callable[[Path], Files]
    phase: Callable[[Path], str]

    def run(self, folder: Path, more: Sequence[str] = ()) -> int:
        """Run it in this process, in a folder and without output; returns its exit status.

        more: arguments that are added, or take the place of those with the same key.
        """
        return self.ended(folder, more)[0]

    def ended(self, folder: Path, more: Sequence[str] = ()) -> tuple[int, str]:
        """The same; returns the exit status and the messages."""
        main = importlib.import_module(f"experiments.{self.name}").main
        given = {text.split("=")[0]: text for text in (*self.arguments, *more)}
        messages = io.StringIO()
        with (
            contextlib.chdir(folder),
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(messages),
        ):
            return int(main(list(given.values()))), messages.getvalue().strip()

    def finish(self, folder: Path) -> None:
        """Run it in this process; raises DamageError unless it ends well."""
        status, messages = self.ended(folder)
        if status != 0:
            raise DamageError(f"{folder.name}: {self.name} ends with status {status}: {messages}")


def visible_results(folder: Path) -> list[Path]:
    """Result folders that a command has published."""
    parent = folder / OUT
    found = parent.iterdir() if parent.is_dir() else iter(())
    return sorted(
        path
        for path in found
        if path.is_dir() and not path.name.startswith(".") and path.name != STORES
    )


def check_results(folder: Path, record: str) -> None:
    """Raise DamageError unless every published result is whole."""
    for result in visible_results(folder):
        if not (result / record).is_file():
            raise DamageError(f"{result.name} has no {record}")
        # A page is made once its data are published, and then noted in their record.
        if found := [fault for fault in faults(result, record) if not fault.startswith(NEW_PAGES)]:
            raise DamageError(f"{result.name}: {'; '.join(found)}")


def result_files(folder: Path, record: str) -> Files:
    """Files of the last published result, without the record, which has the time in it."""
    results = visible_results(folder)
    if not results:
        return {}
    return {path.name: path.read_bytes() for path in results[-1].iterdir() if path.name != record}


def phase_of_result(folder: Path, record: str) -> str:
    """How far a command is that publishes one result."""
    if results := visible_results(folder):
        files = read_record(results[-1], record)[FILES]
        return "finished" if {REPORT, "fit.md"} & files.keys() else "reporting"
    drafts = list((folder / OUT).glob(".*.unfinished"))
    if not drafts:
        return "start-up"
    return "publishing" if any((draft / record).exists() for draft in drafts) else "simulating"


def check_store(folder: Path, place: str = OUT) -> None:
    """Raise DamageError unless every shard of the store is whole and no run is there twice."""
    if not (folder / place / STORE).is_file():
        return
    store = read_store(folder / place)
    for entry in store.of_kind("runs"):
        if defect := store.defect(entry):
            raise DamageError(f"{entry.file}: {defect}")
    ids = [run for entry in store.of_kind("runs") for run in entry.ids()]
    if len(ids) != len(set(ids)):
        raise DamageError("a run is in the store twice")


def stored_runs(folder: Path, place: str = OUT) -> int:
    """Runs that the store's manifest holds."""
    return len(read_store(folder / place).done()) if (folder / place / STORE).is_file() else 0


def store_files(folder: Path) -> Files:
    """Reports and runs of a finished sweep; runs in the order of their ids, as shards may differ.

    Empty if the report is not there.
    """
    if not (folder / OUT / REPORT).is_file():
        return {}
    return {
        name: (folder / OUT / name).read_bytes() for name in (SUMMARY, REPORT, "config.yaml")
    } | {"runs": rows_of_runs(folder / OUT)}


def rows_of_runs(store: Path) -> bytes:
    """Every value of every run of a store, in the order of run and month."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = [pq.read_table(path) for path in sorted((store / "runs").glob("*.parquet"))]
    plain = [
        pa.table(
            {
                name: column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
                for name, column in zip(table.column_names, table.columns, strict=True)
            }
        )
        for table in tables
    ]
    together = pa.concat_tables(plain).sort_by([("run", "ascending"), ("month", "ascending")])
    sink = io.BytesIO()
    pq.write_table(together.combine_chunks(), sink)
    return sink.getvalue()


def phase_of_sweep(folder: Path) -> str:
    """How far a sweep is."""
    store = folder / OUT
    if not (store / STORE).is_file():
        return "start-up"
    if (store / REPORT).is_file():
        return "finished"
    if (store / SUMMARY).is_file():
        return "reporting"
    return "simulating" if stored_runs(folder) else "first shard"


def check_fit(folder: Path) -> None:
    """Raise DamageError unless the results and every generation of the fit are whole."""
    check_results(folder, RECORD_NAME)
    from experiments.storage.digests import name_by_content

    for path in generation_files(folder):
        prefix = path.name[: len("generation-000-")]
        if name_by_content(prefix, path.read_bytes(), path.suffix) != path.name:
            raise DamageError(f"{path.name} is damaged")


def generation_files(folder: Path) -> list[Path]:
    """Files of a fit's generations."""
    return sorted((folder / OUT).glob(".calibration/*/generation-*.parquet"))


def phase_of_fit(folder: Path) -> str:
    """How far a fit is."""
    phase, generations = phase_of_result(folder, RECORD_NAME), len(generation_files(folder))
    return f"after generation {generations - 1}" if phase == "start-up" and generations else phase


RUN = SmallCommand(
    "run",
    ("market.scale=0.005", "months=24", "replicates=12", "threads=2", f"output_dir={OUT}"),
    lambda folder: check_results(folder, RECORD),
    lambda folder: len(visible_results(folder)),
    lambda folder: result_files(folder, RECORD),
    lambda folder: phase_of_result(folder, RECORD),
)
SWEEP = SmallCommand(
    "sweep",
    (
        "market.scale=0.004",
        "months=30",
        "policy.compliance=0,0.5,1",
        "replicates=60",
        "uncertainty=none",
        "executor.pool=threads",
        "executor.workers=2",
        f"store={OUT}",
    ),
    check_store,
    stored_runs,
    store_files,
    phase_of_sweep,
)
CALIBRATE = SmallCommand(
    "calibrate",
    ("particles=8", "moves=1", "generations=3", "scale=0.01", f"output_dir={OUT}"),
    check_fit,
    lambda folder: len(generation_files(folder)),
    lambda folder: result_files(folder, RECORD_NAME),
    phase_of_fit,
)
COMMANDS: Mapping[str, SmallCommand] = {each.name: each for each in (RUN, SWEEP, CALIBRATE)}


def stores_of_questions(folder: Path) -> list[str]:
    """Where questions keep their runs, relative to the folder in which they were started."""
    found = sorted((folder / OUT / STORES).glob(f"*/{STORE}"))
    return [str(path.parent.relative_to(folder)) for path in found]


def check_question(folder: Path) -> None:
    """Raise DamageError unless the results of a question and its stores are whole."""
    check_results(folder, RECORD_NAME)
    for place in stores_of_questions(folder):
        check_store(folder, place)


def runs_of_questions(folder: Path) -> int:
    """Runs in the stores of questions."""
    return sum(stored_runs(folder, place) for place in stores_of_questions(folder))


def phase_of_question(folder: Path) -> str:
    """How far a question is."""
    phase, runs = phase_of_result(folder, RECORD_NAME), runs_of_questions(folder)
    return "simulating" if phase == "start-up" and runs else phase


def question(name: str, *arguments: str) -> SmallCommand:
    """A small form of a command that answers a question."""
    common = ("market.scale=0.004", "months=30", "replicates=2", "executor.pool=threads",
              "executor.workers=2", f"output_dir={OUT}")  # fmt: skip
    return SmallCommand(
        name,
        (*common, *arguments),
        check_question,
        runs_of_questions,
        lambda folder: result_files(folder, RECORD_NAME),
        phase_of_question,
    )


GOAL = "shortfall_percent at 2018-06 <= 6 with 0.9"
QUESTIONS: Mapping[str, SmallCommand] = {
    each.name: each
    for each in (
        question("sensitivity", "by=section", "rows=16", "at=2018-06",
                 "market.hiring.initial_vacancy_share=0.02"),
        question("ask", GOAL, "over=policy.compliance", "draws=36", "precision=0.2"),
        question("worth", "policy=un2397,blind_eye", "draws=50"),
        question("discover", GOAL.removesuffix(" with 0.9"), "draws=150", "replicates=1"),
        question("frontier", "over=policy.compliance,policy.transport_per_month:200..2000",
                 "minimise=never_built_worker_months", "candidates=24", "population=8",
                 "draws=6", "fresh_draws=10"),
    )
}  # fmt: skip
EVERY: Mapping[str, SmallCommand] = {**COMMANDS, **QUESTIONS}
"""Every command that may take long."""


def check_same(found: Files, expected: Files) -> None:
    """Raise DamageError unless a finished command left the same bytes as an undisturbed one."""
    if found.keys() != expected.keys():
        raise DamageError(f"files {sorted(found)} instead of {sorted(expected)}")
    for name, content in expected.items():
        if found[name] != content:
            raise DamageError(f"{name} has other bytes than without the disaster")


def numbered_folders(parent: Path) -> Iterator[Path]:
    """Empty folders, one for each trial."""
    number = 0
    while True:
        number += 1
        folder = parent / f"{number:05d}"
        os.makedirs(folder)
        yield folder

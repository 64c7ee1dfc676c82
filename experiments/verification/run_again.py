"""Results of experiments.run, made again and compared."""

from __future__ import annotations

import tempfile
from pathlib import Path

from experiments.configuration.settings import load_settings
from experiments.reporting.report_page import write_report
from experiments.results.provenance import draws_hash
from experiments.results.result_folder import RECORD, REPORT, load_result
from experiments.run import progress_bar, simulate_into
from experiments.storage.recorded_folder import faults, write_record
from experiments.verification.differences import difference
from experiments.verification.verdict import Verdict
from experiments.verification.versions_compared import certificates, version_differences


def verify_run(folder: Path) -> Verdict:
    """Check the files of a result against its record, then simulate it again and compare.

    A damaged result is not simulated again. Raises FolderError if the record itself is damaged.
    """
    verdict = Verdict(folder)
    verdict.fault(faults(folder, RECORD))
    if not verdict.is_sound:
        return verdict
    record = load_result(folder).record
    verdict.note([f"{len(record['files'])} files are as recorded in {RECORD}"])
    verdict.note(version_differences(record))
    settings = load_settings((), folder.resolve())
    if record.get("draws_hash") != draws_hash(settings):
        verdict.note(["parameter draws: others made it than are here"])
    with tempfile.TemporaryDirectory() as made, progress_bar() as bar:
        again = Path(made)
        simulate_into(again, settings, bar)
        # The report shows who made the result and when, so it is made from the same record.
        write_record(again, record, RECORD)
        write_report(again)
        names = sorted(record["files"], key=lambda name: name == REPORT)
        verdict.compared({name: difference(folder / name, again / name) for name in names})
    verdict.note(certificates(record))
    return verdict

"""`python -m experiments.report FOLDER...` makes a result's page again, or compares results."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.command import DONE, REFUSED, UsageError, run_command

USAGE = """\
usage: python -m experiments.report [options] FOLDER...

With one result folder: makes its report.html again.
With several: writes one page, comparison.html, that shows them side by side.

options:
  -h, --help       print this text
  --output FILE    write the page to FILE (default: report.html in the result folder; with several
                   folders comparison.html in the folder that holds the first)
  --xlsx, --csv    instead of a page, write everything of each result, or of each sweep, into one
                   table beside its folder: a row for each replicate and month, a column for each
                   measure and parameter
  --png DIR        instead of a page, write every figure as a PNG picture into DIR
                   (needs Chromium or Chrome)"""


def main(argv: Sequence[str] | None = None) -> int:
    """Write a report, a comparison or pictures; returns the exit status.

    1 if a page cannot be made or written, 2 if a folder holds no readable result or the command
    line is wrong.
    """
    given = parse(list(sys.argv[1:] if argv is None else argv))
    return REFUSED if given is None else run_command(lambda: written(given))


def written(given: argparse.Namespace) -> int:
    """Write what was asked for, and print where it is."""
    from experiments.reporting.png import write_pictures
    from experiments.reporting.report_page import write_report
    from experiments.reporting.side_by_side import write_comparison
    from experiments.results.result_folder import load_result

    if given.xlsx or given.csv:
        return exported(given)
    results = [load_result(Path(folder)) for folder in given.folders]
    output = Path(given.output) if given.output else None
    if output and not output.parent.is_dir():
        raise UsageError(f"--output: there is no folder {output.parent}; make it first")
    if given.png:
        made = write_pictures(results, Path(given.png))
    elif len(results) > 1:
        made = [write_comparison(results, output or results[0].folder.parent / "comparison.html")]
    else:
        made = [write_report(results[0].folder, output)]
    print("\n".join(f"written to {path}" for path in made))
    return DONE


def exported(given: argparse.Namespace) -> int:
    """Write the tables of every folder beside it, and print where they are."""
    from experiments.api import load

    if given.png or given.output:
        raise UsageError("--xlsx, --csv: leave --png and --output out, which write pages")
    for folder in map(Path, given.folders):
        result, place = load(folder), folder.resolve()
        made = result.to_excel(place.with_name(f"{place.name}.xlsx")) if given.xlsx else []
        made += result.to_csv(place.with_name(f"{place.name}.csv")) if given.csv else []
        print("\n".join(f"written to {path}" for path in made))
    return DONE


def parse(words: list[str]) -> argparse.Namespace | None:
    """The parsed command line; None if it is wrong, after argparse has printed why."""
    parser = argparse.ArgumentParser("python -m experiments.report", usage=USAGE, add_help=False)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--output")
    parser.add_argument("--png")
    parser.add_argument("--xlsx", action="store_true")
    parser.add_argument("--csv", action="store_true")
    if {"-h", "--help"} & set(words):
        print(USAGE)
        raise SystemExit(0)
    try:
        return parser.parse_args(words)
    except SystemExit:
        return None


if __name__ == "__main__":
    sys.exit(main())

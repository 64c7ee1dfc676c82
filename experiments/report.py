"""`python -m experiments.report FOLDER...`: makes a result's page again, or compares several."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.reporting.report_page import write_report
from experiments.results.result_folder import FolderError, load_result

USAGE = """\
usage: python -m experiments.report [options] FOLDER...

One folder of a result: makes its report.html again. Several: writes one page that compares them.

options:
  -h, --help       this text
  --output FILE    where the page goes (default: report.html in the folder; comparison.html beside the first of several)
  --png DIR        write every figure as a picture for a paper instead (needs Chromium or Chrome)"""


def main(argv: Sequence[str] | None = None) -> int:
    """Make reports, comparisons or pictures; exit status 2 if a folder is no result or the command line is not understood."""
    from experiments.reporting.png import write_pictures
    from experiments.reporting.side_by_side import write_comparison

    given = parsed(list(sys.argv[1:] if argv is None else argv))
    if given is None:
        return 2
    try:
        results, output = (
            [load_result(Path(folder)) for folder in given.folders],
            Path(given.output) if given.output else None,
        )
        if given.png:
            made = write_pictures(results, Path(given.png))
        elif len(results) > 1:
            made = [
                write_comparison(results, output or results[0].folder.parent / "comparison.html")
            ]
        else:
            made = [write_report(results[0].folder, output)]
    except (FolderError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(f"written to {path}" for path in made))
    return 0


def parsed(words: list[str]) -> argparse.Namespace | None:
    """The command line; None if it cannot be understood, and argparse has said why."""
    parser = argparse.ArgumentParser("python -m experiments.report", usage=USAGE, add_help=False)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--output")
    parser.add_argument("--png")
    if {"-h", "--help"} & set(words):
        print(USAGE)
        raise SystemExit(0)
    try:
        return parser.parse_args(words)
    except SystemExit:
        return None


if __name__ == "__main__":
    sys.exit(main())

"""How commands end: what each says is on disk is what is on disk, whatever ended it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from experiments.command import OnDisk, PageError, StoppedError, run_command
from experiments.command_line.streams import in_plain_characters
from experiments.reporting import report_page
from experiments.results.leftovers import UNFINISHED
from experiments.results.result_folder import load_result, new_result
from experiments.run import main
from experiments.storage.folder_error import FolderError
from tests.support.paths import ROOT

SMALL = ("market.scale=0.005", "replicates=1", "months=2")


def started(*words: str, code: str | None = None, **more: object) -> subprocess.Popen[str]:
    """A new process of this Python in the root of the repository."""
    command = [sys.executable, *(["-c", code] if code else ["-m"]), *words]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        text=True,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more},  # type: ignore[call-overload]
    )


def raising(error: BaseException) -> Callable[[], int]:
    def work() -> int:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (KeyboardInterrupt(), 130, "interrupted; "),
        (OSError(30, "Read-only file system"), 1, "[Errno 30] Read-only file system; "),
        (StoppedError("the scheduler is gone"), 1, "the scheduler is gone; "),
        (PageError("report.html could not be made"), 1, "report.html could not be made; "),
        (RuntimeError("broken"), 1, "broken; "),
    ],
)
@pytest.mark.parametrize("kept", ["", "60 runs are kept"])
def test_a_command_that_ends_early_says_what_is_true_of_it(
    error: BaseException, status: int, said: str, kept: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(raising(error), OnDisk(more=lambda: kept)) == status
    printed = capsys.readouterr().err
    assert printed.endswith(f"{said}{kept or 'nothing was written'}\n")
    assert ("Traceback" in printed) == (type(error) in (RuntimeError, PageError))


def test_refused_input_says_only_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(raising(FolderError("x: not a result folder"))) == 2
    assert capsys.readouterr().err == "x: not a result folder\n"


def test_what_is_kept_may_be_unreadable_when_a_command_ends(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def unreadable() -> str:
        raise OSError(5, "Input/output error")

    assert run_command(raising(KeyboardInterrupt()), OnDisk(more=unreadable)) == 130
    assert "what is kept could not be read" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_signal_that_ends_a_process_ends_a_command_with_a_sentence(
    number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    # Under nohup, or in the background of a script, some signals are ignored from the start.
    before = signal.signal(number, signal.SIG_DFL)

    def work() -> int:
        signal.raise_signal(number)
        return 0

    assert run_command(work) == 130
    assert capsys.readouterr().err == "interrupted; nothing was written\n"
    signal.signal(number, before)


def test_sigterm_while_a_command_loads_was_without_a_word() -> None:
    code = (
        "import sys, signal, runpy; sys.argv = ['-m']; import experiments; "
        "signal.raise_signal(signal.SIGTERM); print('went on')"
    )
    with started(code=code) as process:
        out, said = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert said == "interrupted while it was loading; nothing was written\n"


def test_an_import_of_the_library_leaves_signals_alone() -> None:
    code = (
        "import signal; before = [signal.getsignal(n) for n in (2, 15)]; import experiments.command"
        "; print(before == [signal.getsignal(n) for n in (2, 15)])"
    )
    with started(code=code) as process:
        assert process.communicate(timeout=60)[0] == "True\n"


def test_what_a_killed_run_left_is_cleared_and_what_a_living_one_writes_is_not(
    tmp_path: Path,
) -> None:
    code = (
        "import os, pathlib, sys, time\n"
        "from experiments.results.result_folder import new_result\n"
        "with new_result(pathlib.Path(sys.argv[1]), 'x') as draft:\n"
        "    (draft.folder / 'months.parquet').write_text('half')\n"
        "    print('begun', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with (
        started(str(tmp_path), code=code) as killed,
        started(str(tmp_path), code=code) as living,
    ):
        for process in (killed, living):
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
        killed.kill()
        killed.wait()
        assert len(list(tmp_path.glob(f".*{UNFINISHED}"))) == 2
        with new_result(tmp_path, "another") as draft:
            assert len(list(tmp_path.glob(f".*{UNFINISHED}"))) == 2
        living.kill()
    assert draft.final is not None
    with new_result(tmp_path, "the_next"):
        pass
    assert len(list(tmp_path.iterdir())) == 2


def folders(parent: Path) -> list[Path]:
    """The results in a folder, and whatever else is there."""
    return sorted(parent.iterdir())


def no_figure(summary: object) -> None:
    raise ValueError("Out of range float values are not JSON compliant: nan")


def test_a_picture_cost_a_whole_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(report_page, "figures", no_figure)
    assert main(["-m", "seed=1,2", *SMALL, f"output_dir={tmp_path}"]) == 1
    printed = capsys.readouterr()
    assert len(folders(tmp_path)) == 2
    for folder in folders(tmp_path):
        assert load_result(folder).summary["replicates"] == 1
        assert not (folder / "report.html").exists()
        assert f"python -m experiments.report {folder}" in printed.err
        assert f"written to {folder}" in printed.out
    assert printed.err.count("report.html could not be made (ValueError: Out of range float") == 2


def test_ctrl_c_during_the_report_says_where_the_result_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(summary: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(report_page, "figures", interrupted)
    assert main([*SMALL, f"output_dir={tmp_path}"]) == 130
    (folder,) = folders(tmp_path)
    said = capsys.readouterr().err
    assert "1 of 1 results had been written:" in said
    assert f"{folder} has no report.html yet; to make it: python -m experiments.report" in said


def test_a_result_that_was_renamed_but_not_yet_flushed_is_not_denied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from experiments.results import result_folder

    flush = result_folder.flush

    def failing(path: Path) -> None:
        if path == tmp_path:
            raise OSError(5, "Input/output error")
        flush(path)

    monkeypatch.setattr(result_folder, "flush", failing)
    assert main([*SMALL, f"output_dir={tmp_path}"]) == 1
    (folder,) = folders(tmp_path)
    assert f"1 of 1 results had been written:\n  {folder}\n" in capsys.readouterr().err


def test_a_result_that_could_not_be_renamed_is_not_claimed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(path: Path, target: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "rename", failing)
    assert main([*SMALL, f"output_dir={tmp_path}"]) == 1
    assert folders(tmp_path) == []
    assert "Read-only file system; nothing was written" in capsys.readouterr().err


TABLE = """
import sys
from experiments.command import run_command

def work():
    for _ in range(20000):
        print("shortfall 10\\u2013\\u2014 \\u2018a\\u2019 \\u4e2d caf\\u00e9 \\u2026")
    open(sys.argv[1], "w").close()
    return 0

sys.exit(run_command(work))
"""


def closed_at_once(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    process.stdout.close()


def closed_after_a_line(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()


@pytest.mark.parametrize("close", [closed_at_once, closed_after_a_line])
def test_a_closed_pipe_ended_the_work_with_a_traceback(
    tmp_path: Path, close: Callable[[subprocess.Popen[str]], None]
) -> None:
    with started(str(tmp_path / "done"), code=TABLE) as process:
        close(process)
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert process.returncode == 0
    assert (tmp_path / "done").exists()


@pytest.mark.parametrize(
    ("encoding", "line"),
    [
        ("ascii", "shortfall 10-- 'a' ? cafe ..."),
        ("latin-1", "shortfall 10-- 'a' ? caf\u00e9 ..."),
        ("utf-8", "shortfall 10\u2013\u2014 \u2018a\u2019 \u4e2d caf\u00e9 \u2026"),
    ],
)
def test_an_encoding_without_a_dash_gets_a_plain_table(
    tmp_path: Path, encoding: str, line: str
) -> None:
    with started(
        str(tmp_path / "done"),
        code=TABLE,
        encoding=encoding,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    ) as process:
        out, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, "")
    assert set(out.splitlines()) == {line}


@pytest.mark.parametrize("streams", [{"stdout"}, {"stderr"}, {"stdout", "stderr"}])
def test_a_command_without_output_or_error_does_its_work(
    tmp_path: Path, streams: Sequence[str]
) -> None:
    closing = " ".join(f"{1 if name == 'stdout' else 2}>&-" for name in streams)
    code = f'{sys.executable} -c "$0" {tmp_path / "done"} {closing}'
    done = subprocess.run(["sh", "-c", code, TABLE], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0
    assert (tmp_path / "done").exists()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_under_the_output_is_said_once(tmp_path: Path) -> None:
    with (
        open("/dev/full", "w") as full,
        started(str(tmp_path / "done"), code=TABLE, stdout=full) as process,
    ):
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said == "[Errno 28] No space left on device; nothing was written\n"


def test_errors_other_than_of_encoding_stay_errors() -> None:
    with pytest.raises(UnicodeDecodeError):
        in_plain_characters(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"))


COMMANDS = {
    "run": (*SMALL, "replicates=5000", "output_dir={}"),
    "calibrate": ("particles=2000", "scale=0.005", "output_dir={}"),
    "validate": ("scale=0.01", "replicates=2000", "output_dir={}"),
}


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_sigterm_at_any_moment_ends_each_command_with_a_true_sentence(
    tmp_path: Path, command: str
) -> None:
    words = [word.format(tmp_path) for word in COMMANDS[command]]
    for seconds in (0.5, 8.0):
        with started(f"experiments.{command}", *words) as process:
            time.sleep(seconds)
            process.terminate()
            _, said = process.communicate(timeout=120)
        assert process.returncode == 130
        assert "interrupted" in said
        assert "Traceback" not in said
        assert not list(tmp_path.rglob("months.parquet"))
        assert not list(tmp_path.glob(f".*{UNFINISHED}"))
        assert ("nothing was written" in said) != bool(list(tmp_path.rglob("generation-*")))

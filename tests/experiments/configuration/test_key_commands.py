"""Commands with `key=value` arguments: what they print, and how they end."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from experiments.command import OnDisk
from experiments.configuration.key_commands import KeyCommand
from experiments.configuration.keys import Key
from sim.scenario import Quantity

Work = Callable[[Mapping[str, Any], str, OnDisk], str]


WORK_AT_HAND: list[Work] = []


def work_at_hand(settings: Mapping[str, Any], line: str, on_disk: OnDisk) -> str:
    """The work of the command that was made last; a command names its work as text."""
    return WORK_AT_HAND[-1](settings, line, on_disk)


def command(work: Work) -> KeyCommand:
    keys = {"size": Key(3, Quantity("heads", 1, 9))}
    WORK_AT_HAND.append(work)
    named = f"{__name__}:work_at_hand"
    return KeyCommand("python -m some.command", "usage: some.command\n", keys, named)


def raising(error: BaseException) -> Work:
    def work(settings: Mapping[str, Any], line: str, on_disk: OnDisk) -> str:
        on_disk.more = lambda: "all is kept"
        raise error

    return work


def test_the_work_is_given_the_settings_and_the_command_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command(lambda settings, line, on_disk: f"{settings} by {line}").run(["size=4"]) == 0
    assert capsys.readouterr().out == "{'size': 4} by python -m some.command size=4\n"


def test_help_is_printed_whatever_else_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert command(raising(AssertionError())).run(["size=99", "--help"]) == 0
    assert capsys.readouterr().out == "usage: some.command\n"


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (KeyboardInterrupt(), 130, "interrupted; all is kept"),
        (OSError("disk full"), 1, "disk full; all is kept"),
        (RuntimeError("broken"), 1, "broken; all is kept"),
    ],
)
def test_a_command_that_ends_early_says_what_is_kept(
    error: BaseException, status: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(raising(error)).run([]) == status
    assert message in capsys.readouterr().err


def test_bad_arguments_end_before_the_work(capsys: pytest.CaptureFixture[str]) -> None:
    assert command(raising(AssertionError())).run(["size=99", "sise=2"]) == 2
    errors = capsys.readouterr().err
    assert "size" in errors
    assert "sise" in errors


def test_a_key_given_twice_was_last_wins_without_a_word(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command(lambda settings, line, on_disk: str(settings)).run(["size=4", "size=5"]) == 0
    printed = capsys.readouterr()
    assert printed.out == "{'size': 5}\n"
    assert printed.err == "size is given 2 times (4; 5); the last counts.\n"

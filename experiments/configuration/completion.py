"""Completion of a command line by bash, zsh and fish.

The shell calls `primorye --complete LINE` with what stands before the cursor, and offers the words
that come back. The scripts that make it do so are printed by `primorye --completion SHELL`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from experiments.command import DONE, REFUSED, say
from experiments.configuration.key_descriptions import KeyDescription, key_descriptions
from experiments.configuration.shipped_files import CONFIGS
from sim.inputs.values import words_of
from sim.structure import rules

SCRIPTS = Path(__file__).with_name("completions")
SHELLS = ("bash", "fish", "zsh")
TAKES_KEYS = ("run", "sweep")
OPTIONS = ("--help", "--version", "--completion")
WORDS = {
    "true or false": ("true", "false"),
    "posterior, prior, elicited or none": ("posterior", "prior", "elicited", "none"),
}
"""What may be given where the words of the check list it."""


def answer(option: str, words: Sequence[str], commands: Sequence[str]) -> int:
    """Print a completion script, or the words that may stand at the end of a line."""
    if option == "--complete":
        print("\n".join(candidates(" ".join(words), commands)))
        return DONE
    if list(words) not in [[shell] for shell in SHELLS]:
        return say(
            f"--completion: given {' '.join(words) or 'nothing'}; choose {', '.join(SHELLS)}",
            REFUSED,
        )
    print((SCRIPTS / f"primorye.{words[0]}").read_text("utf-8"), end="")
    return DONE


def candidates(line: str, commands: Sequence[str]) -> list[str]:
    """The words with which the last one of a line may go on, in order."""
    words = line.split(" ")
    last = words[-1]
    if len(words) <= 2:
        offered: Iterator[str] = iter([*commands, *OPTIONS])
    elif words[1] in TAKES_KEYS:
        offered = values_of(last.partition("=")[0]) if "=" in last else keys()
    else:
        offered = iter(["--help"])
    return sorted({word for word in offered if word.startswith(last)})


def keys() -> Iterator[str]:
    """Every key and every choice of files, with its equals sign."""
    yield from (f"{folder.name}=" for folder in CONFIGS.iterdir() if folder.is_dir())
    yield from (f"{each.key}=" for each in key_descriptions(CONFIGS))


def values_of(key: str) -> Iterator[str]:
    """What may follow a key: files to choose from, words to choose from, or its default."""
    if (CONFIGS / key).is_dir():
        yield from (f"{key}={file.stem}" for file in (CONFIGS / key).glob("*.yaml"))
    for each in key_descriptions(CONFIGS):
        if each.key == key:
            yield from (f"{key}={word}" for word in words_to_choose(each))


def words_to_choose(key: KeyDescription) -> Sequence[str]:
    """The words that a key may hold, where they can be listed; otherwise its default."""
    section, _, rule = key.key.partition(".")
    if section == "structure":
        return words_of(rules()[rule])
    return WORDS.get(key.allowed, default_text(key))


def default_text(key: KeyDescription) -> tuple[str, ...]:
    """The default of a key as a command line has it; none if it is a list."""
    if isinstance(key.default, list):
        return ()
    return ("null" if key.default is None else str(key.default),)

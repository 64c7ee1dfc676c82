"""`primorye`: one front for every command, quick to help and to complete."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from experiments import cli
from experiments.configuration.completion import SHELLS, candidates
from experiments.configuration.extras import EXTRAS, how_to_get
from experiments.configuration.shipped_files import CONFIGS

ROOT = Path(__file__).parents[2]
HEAVY = {"numba", "mesa", "scipy", "plotly", "pandas", "pyarrow", "hydra", "dash", "rich"}
"""Libraries that take a large part of a second to load."""


def test_every_module_with_a_main_is_a_command() -> None:
    files = [file for file in (ROOT / "experiments").glob("*.py") if file.stem != "cli"]
    with_main = {file.stem for file in files if "\ndef main(" in file.read_text("utf-8")}
    assert set(cli.commands()) == with_main
    assert all(does.endswith(".") for does in cli.commands().values())


def test_a_command_gets_its_arguments_and_gives_its_status(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["run", "policy.complience=0.5"]) == 2
    assert "policy.compliance" in capsys.readouterr().err
    assert cli.main(["run", "--help"]) == 0
    assert "usage: python -m experiments.run" in capsys.readouterr().out


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 0
    text = capsys.readouterr().out
    assert all(f"  {name} " in text for name in cli.commands())


def test_the_help_of_no_command_waits_for_what_only_its_work_needs() -> None:
    program = f"""
import contextlib, io, sys
from experiments import cli
for name in {sorted(cli.commands())}:
    with contextlib.redirect_stdout(io.StringIO()) as text, contextlib.suppress(SystemExit):
        cli.main([name, "--help"])
    assert "usage: " in text.getvalue(), name
    heavy = {HEAVY} & set(sys.modules)
    assert not heavy, (name, heavy)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_an_unknown_command_is_refused_with_the_closest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["swep"]) == 2
    assert "the closest is sweep" in capsys.readouterr().err


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"primorye {project['version']}\n"
    assert project["scripts"] == {"primorye": "experiments.cli:main"}


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("primorye swe", ["sweep"]),
        ("primorye run policy.comp", ["policy.compliance="]),
        (
            "primorye run policy=",
            [f"policy={f.stem}" for f in sorted((CONFIGS / "policy").glob("*"))],
        ),
        ("primorye run months=60 uncertainty=p", ["uncertainty=posterior", "uncertainty=prior"]),
        ("primorye run policy.compliance=", ["policy.compliance=1.0"]),
        ("primorye run held=", []),
        ("primorye run nothing_like_it", []),
        ("primorye report ", ["--help"]),
    ],
)
def test_completion_offers_commands_keys_and_values(line: str, offered: list[str]) -> None:
    assert candidates(line, list(cli.commands())) == offered


def test_completion_in_bash_goes_on_after_the_equals_sign(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    assert bash
    front = tmp_path / "primorye"
    front.write_text(f'#!/bin/sh\nexec {sys.executable} -m experiments.cli "$@"\n')
    front.chmod(0o755)
    program = """
        eval "$(primorye --completion bash)"
        compopt() { :; }
        COMP_LINE="primorye run policy=c"; COMP_POINT=${#COMP_LINE}
        _primorye; echo "${COMPREPLY[@]}"
        COMP_LINE="primorye run uncert"; COMP_POINT=${#COMP_LINE}
        _primorye; echo "${COMPREPLY[@]}"
    """
    path = f"{tmp_path}:/usr/bin:/bin"
    done = subprocess.run(
        [bash, "-c", program], cwd=ROOT, env={"PATH": path}, capture_output=True, text=True
    )
    assert done.stdout == "cliff\nuncertainty=\n", done.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_there_is_a_completion_for_every_shell(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--completion", shell]) == 0
    assert "primorye --complete" in capsys.readouterr().out
    program = shutil.which(shell)
    if program:
        text = (ROOT / f"experiments/configuration/completions/primorye.{shell}").read_text()
        assert subprocess.run([program, "-n"], input=text, text=True).returncode == 0


def test_a_shell_without_completion_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--completion", "tcsh"]) == 2
    assert "bash, fish, zsh" in capsys.readouterr().err


def test_every_extra_says_how_to_get_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    brought = {
        package: extra
        for extra, packages in project["optional-dependencies"].items()
        for package in EXTRAS
        if any(each.startswith(package) for each in packages)
    }
    assert brought == EXTRAS
    assert "uv run --extra explorer" in how_to_get("dash")
    assert how_to_get("numpy") == ""


def test_a_command_whose_extra_is_missing_says_so_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [name for name in sys.modules if name.split(".")[0] == "dash"]:
        monkeypatch.delitem(sys.modules, module)
    for module in [name for name in sys.modules if name.startswith("experiments.explorer")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "dash", None)
    assert cli.main(["explore"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.slow
def test_the_wheel_runs_in_any_folder(tmp_path: Path) -> None:
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not here to build the wheel")
    built = subprocess.run(
        [uv, "build", "--wheel", "-q", "--out-dir", str(tmp_path)], cwd=ROOT, capture_output=True
    )
    if built.returncode:
        pytest.skip("the wheel could not be built: is there a way to the build tools?")
    site = tmp_path / "site"
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(site)
    command = [sys.executable, "-m", "experiments.cli", "run", "market.scale=0.005", "replicates=2"]
    done = subprocess.run(
        [*command, "months=30"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(site), "PATH": "/usr/bin:/bin", "HOME": str(Path.home())},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.glob("outputs/*-un2397*/report.html"))

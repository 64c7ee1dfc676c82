"""What every test shares: a profile for property tests without deadlines, and finished results."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from experiments.run import main
from tests.support.small_sweeps import run_sweep, small_sweep

settings.register_profile("default", deadline=None, derandomize=True, print_blob=False)
settings.load_profile("default")


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result folder of a small run of the command: three replicates at a fiftieth."""
    parent = tmp_path_factory.mktemp("outputs")
    assert (
        main(
            [
                "market.scale=0.02",
                "replicates=3",
                "policy.compliance=0.6",
                "uncertainty=none",
                f"output_dir={parent}",
            ]
        )
        == 0
    )
    (folder,) = parent.iterdir()
    return folder


@pytest.fixture(scope="session")
def whole_sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished store of six runs; never changed."""
    folder = tmp_path_factory.mktemp("whole") / "store"
    run_sweep(small_sweep(folder))
    return folder


@pytest.fixture
def copied_sweep(whole_sweep: Path, tmp_path: Path) -> Path:
    """The same, to be harmed."""
    return Path(shutil.copytree(whole_sweep, tmp_path / "store"))


@pytest.fixture
def two_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shard a replicate."""
    monkeypatch.setattr("experiments.sweeps.design.plan.SHARD_RUNS", 3)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless Chromium driven by playwright; skips where there is none."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("needs Chromium or Chrome (Debian: apt-get install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    flags = (
        "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
        " --disable-background-networking --disable-component-update"
    )
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*flags.split(), "--disable-sync"]
        )
        yield browser
        browser.close()

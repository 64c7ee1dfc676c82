"""Opening shares that are kept for the next command: a damaged file counts as absent."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from experiments.decisions.calibrated_inputs import SHARES, kept_shares, shares_prefix
from experiments.storage.digests import name_by_content

POINTS = np.arange(6.0).reshape(2, 3)
FOUND = np.array([0.02, np.nan])


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A file with the shares of the points, as a command leaves it."""
    content = io.BytesIO()
    np.save(content, FOUND)
    path = tmp_path / name_by_content(shares_prefix(POINTS), content.getvalue(), SHARES)
    path.write_bytes(content.getvalue())
    return path


def test_they_are_read_as_they_were_written(kept: Path) -> None:
    np.testing.assert_array_equal(kept_shares(kept.parent, POINTS), FOUND)
    assert kept_shares(kept.parent, POINTS + 1.0) is None


def test_any_flipped_bit_and_any_cut_makes_them_absent(kept: Path) -> None:
    content = kept.read_bytes()
    for place in range(8 * len(content)):
        flipped = bytearray(content)
        flipped[place // 8] ^= 1 << place % 8
        kept.write_bytes(flipped)
        assert kept_shares(kept.parent, POINTS) is None
    for length in range(len(content)):
        kept.write_bytes(content[:length])
        assert kept_shares(kept.parent, POINTS) is None


def test_a_damaged_file_does_not_stand_in_the_way_of_a_whole_one(kept: Path) -> None:
    kept.with_name(f"{shares_prefix(POINTS)}0{SHARES}").write_bytes(b"damaged")
    np.testing.assert_array_equal(kept_shares(kept.parent, POINTS), FOUND)

"""A finished result and a finished store, made once, and copies of them that are damaged."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

from experiments.fuzzing.cases import Damage, damaged
from experiments.fuzzing.changes import RUBBISH

SMALL = ("market.scale=0.005", "months=6", "replicates=2", "start=2017-08")
MONTHS_OF_POLICY = ("policy.leave_by=2018-01",)


def make_result(parent: Path) -> Path:
    """A small finished result of the krai."""
    from experiments.run import main

    give = [*SMALL, *MONTHS_OF_POLICY, "uncertainty=none", f"output_dir={parent}"]
    if main(give) != 0:
        raise RuntimeError("the result to be damaged could not be made")
    return next(parent.iterdir())


def make_store(parent: Path) -> Path:
    """A small finished store of a sweep of the krai."""
    from experiments.sweep import main

    give = [*SMALL, *MONTHS_OF_POLICY, "policy.compliance=0,1", "executor.pool=threads",
            f"store={parent / 'store'}"]  # fmt: skip
    if main(give) != 0:
        raise RuntimeError("the store to be damaged could not be made")
    return parent / "store"


def damaged_copy(folder: Path, target: Path, what: Damage) -> Path:
    """A copy of a folder with one file removed, cut, overwritten, emptied or made a folder."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(folder, target)
    random_ = random.Random(what.seed)
    files = sorted(path for path in target.rglob("*") if path.is_file())
    file = files[int(what.place * len(files))]
    match random_.randrange(6):
        case 0:
            file.unlink()
        case 1:
            file.write_bytes(random_.choice((b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 5000)))
        case 2:
            file.unlink()
            file.mkdir()
        case 3 if file.suffix == ".json":
            file.write_text(json.dumps(other_json(random_, file)), encoding="utf-8")
        case _:
            file.write_bytes(damaged(random_, file.read_bytes()))
    return target


def other_json(random_: random.Random, file: Path) -> Any:
    """The content of a JSON file with one value, at any depth, made rubbish or removed."""
    content = section = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or not content:
        return content
    while True:
        name = random_.choice(list(section))
        inner = section[name]
        if not isinstance(inner, dict) or not inner or random_.random() < 0.3:
            break
        section = inner
    if random_.random() < 0.3:
        del section[name]
    else:
        plain = [each for each in RUBBISH if isinstance(each, str | int | float | None) and
                 (not isinstance(each, int) or abs(each) < 10**400)]  # fmt: skip
        section[name] = random_.choice(plain)
    return content

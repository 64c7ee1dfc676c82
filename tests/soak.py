"""`python -m tests.soak [key=value ...]` has many clients use the explorer for a long time.

Every client asks for one scenario after another, as a page whose sliders are moved now and then,
and polls for its figure in between. The explorer runs in a process of its own, whose memory is
printed every minute (Linux).
"""

from __future__ import annotations

import collections
import contextlib
import copy
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.configuration.keys import Key, read_keys
from experiments.explorer.app import make_app
from experiments.explorer.callback_requests import CALLBACKS
from sim.scenario import Quantity
from tests.experiments.explorer.test_hostile_requests import IdlePool, requests_of_page

ROOT = Path(__file__).resolve().parents[1]
USAGE = """\
usage: python -m tests.soak [key=value ...]

  minutes=60      how long the clients go on
  clients=20      pages that are open at the same time
  move=30         seconds after which a page asks for another scenario
  megabytes=600   memory that the explorer may take once 200 scenarios have been asked for
  growth=10       percent by which the last quarter may need more memory than the second

Exit status: 0 if memory stays below and flat and every answer is 200, 1 otherwise.
"""
KEYS = {
    "minutes": Key(60.0, Quantity("minutes", 0.1, 10_000.0)),
    "clients": Key(20, Quantity("clients", 1, 32)),
    "move": Key(30.0, Quantity("seconds", 0.1, 3600.0)),
    "megabytes": Key(600, Quantity("MB", 1, 1_000_000)),
    "growth": Key(10.0, Quantity("percent", 0.0, 1000.0)),
}
MANY_SCENARIOS = 200
POLL_SECONDS, SAMPLE_SECONDS = 0.5, 60.0
Body = dict[str, Any]


def main(given: Sequence[str]) -> int:
    """Soak the explorer; returns the exit status."""
    if {"-h", "--help"} & set(given):
        print(USAGE, end="")
        return 0
    keys = read_keys(given, KEYS)
    with explorer() as (process, address):
        clients = Clients(address + CALLBACKS, poll_of_page(), keys["move"])
        samples = soaked(process, clients, keys["clients"], 60.0 * keys["minutes"])
    problems = [*too_much_memory(samples, keys), *clients.other_answers()]
    print("\n".join(problems) or "memory stayed below the limit and flat; every answer was 200")
    return 1 if problems else 0


@contextlib.contextmanager
def explorer() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The explorer as a user starts it, at a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "experiments.explore", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(address)
            yield process, address
        finally:
            process.terminate()


def wait_for(address: str, seconds: float = 300.0) -> None:
    """Wait until a server answers; raises the last error if it never does."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address, timeout=60).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
        else:
            return


def poll_of_page() -> Body:
    """What a page sends at every poll."""
    app = make_app(IdlePool(1))
    app.server.test_client().get("/")
    return next(body for body in requests_of_page(app) if body["inputs"][0]["id"] == "poll")


def with_values(body: Body, values: Mapping[str, Any]) -> bytes:
    """A request with other values in the places of these names."""
    changed = copy.deepcopy(body)
    for place in (*changed["inputs"], *changed["state"]):
        name = f"{place['id']}.{place['property']}"
        place["value"] = values.get(name, place["value"])
    return json.dumps(changed).encode()


class Clients:
    """Pages in threads; `answers` counts how their requests ended."""

    def __init__(self, url: str, poll: Body, move_seconds: float) -> None:
        self.url, self.poll, self.move_seconds = url, poll, move_seconds
        self.answers: collections.Counter[str] = collections.Counter()
        self.scenarios = 0

    def use(self, number: int, is_over: Callable[[], bool]) -> None:
        """Be a page: ask for a scenario, poll for its figure, ask for the next."""
        generator, page = random.Random(number), f"{number:032x}"
        while not is_over():
            query = f"policy=cliff&policy.compliance={generator.randrange(2000) / 2000}"
            values = {"page.data": page, "scenario.data": query, "kept.data": None}
            body, until = with_values(self.poll, values), time.monotonic() + self.move_seconds
            self.scenarios += 1
            while time.monotonic() < until and not is_over():
                self.answers[self.answer_to(body)] += 1
                time.sleep(POLL_SECONDS)

    def answer_to(self, body: bytes) -> str:
        """The status of the answer, or what prevented one."""
        asked = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(asked, timeout=300) as answer:
                answer.read()
                return str(answer.status)
        except urllib.error.HTTPError as error:
            return str(error.code)
        except OSError as error:
            return type(error).__name__

    def other_answers(self) -> list[str]:
        """A line for each kind of answer that is none."""
        good = ("200", "204")
        return [f"{count} x {each}" for each, count in self.answers.items() if each not in good]


Sample = tuple[int, int]
"""Scenarios asked for so far, and MB that the explorer holds."""


def soaked(
    process: subprocess.Popen[bytes], clients: Clients, number: int, seconds: float
) -> list[Sample]:
    """Let so many clients go on for some seconds; returns and prints a sample every minute."""
    begun = time.monotonic()

    def is_over() -> bool:
        return time.monotonic() - begun > seconds or process.poll() is not None

    threads = [threading.Thread(target=clients.use, args=(each, is_over)) for each in range(number)]
    for thread in threads:
        thread.start()
    samples = []
    while not is_over():
        time.sleep(min(SAMPLE_SECONDS, seconds / 20))
        samples.append((clients.scenarios, megabytes_of(process.pid)))
        minutes, (scenarios, megabytes) = (time.monotonic() - begun) / 60, samples[-1]
        answers = dict(clients.answers)
        print(f"{minutes:.1f} min: {scenarios} scenarios, {megabytes} MB, {answers}", flush=True)
    for thread in threads:
        thread.join()
    return samples


def megabytes_of(pid: int) -> int:
    """Memory that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def too_much_memory(samples: Sequence[Sample], keys: Mapping[str, Any]) -> list[str]:
    """A line if memory is above the limit, and one if it grows."""
    late = [megabytes for scenarios, megabytes in samples if scenarios >= MANY_SCENARIOS]
    found = []
    if max(late, default=0) > keys["megabytes"]:
        found.append(f"{max(late)} MB after {MANY_SCENARIOS} scenarios, not {keys['megabytes']}")
    quarter = len(samples) // 4
    second, last = samples[quarter : 2 * quarter], samples[-quarter:]
    if quarter:
        before, now = (sum(each for _, each in part) / quarter for part in (second, last))
        if now > before * (1.0 + keys["growth"] / 100.0):
            found.append(f"memory grew from {before:.0f} MB in the second quarter to {now:.0f}")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

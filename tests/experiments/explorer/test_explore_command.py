"""The explore command: whom it serves, and what it says where it cannot."""

from __future__ import annotations

import socket
import threading
import urllib.request

import pytest

from experiments.explore import main
from experiments.explorer import app
from experiments.explorer.simulation_jobs import SimulationPool


@pytest.fixture
def quiet(monkeypatch):
    """No simulation in the background."""
    monkeypatch.setattr(SimulationPool, "warm_up", lambda self, scenario: None)
    monkeypatch.setattr(app, "SWITCH_SECONDS", 0.005)


def free_port():
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_it_serves_this_machine_alone_unless_told_otherwise(quiet, capsys):
    with app.listening_socket("127.0.0.1", free_port()) as opened:
        assert opened.getsockname()[0] == "127.0.0.1"
    seen = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "serve", lambda *given: seen.append(given))
        assert main(["--port", "8123"]) == 0
    assert seen == [("127.0.0.1", 8123, None)]


def test_it_answers_until_it_is_interrupted(quiet, monkeypatch, capsys):
    made = []
    whole = app.WebServer
    monkeypatch.setattr(app, "WebServer", lambda *given: made.append(whole(*given)) or made[0])
    port = free_port()
    serving = threading.Thread(target=main, args=(["--port", str(port)],), daemon=True)
    serving.start()
    for _ in range(100):
        if made:
            break
        serving.join(0.1)
    page = urllib.request.urlopen(f"http://127.0.0.1:{port}/").read().decode()
    assert '<html lang="en">' in page
    assert "function fitted(plot, width)" in page
    made[0].stop()
    serving.join(5.0)
    assert not serving.is_alive()
    assert capsys.readouterr().out == f"explorer at http://127.0.0.1:{port} (Ctrl-C ends it)\n"


def test_a_port_in_use_is_refused_in_one_line(quiet, capsys):
    with app.listening_socket("127.0.0.1", free_port()) as taken:
        assert main(["--port", str(taken.getsockname()[1])]) == 1
    printed = capsys.readouterr()
    assert "Address already in use; choose another --port" in printed.err
    assert printed.out == ""


@pytest.mark.parametrize("port", ["0", "65536", "-1", "x"])
def test_what_is_no_port_is_refused(port, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--port", port])
    assert caught.value.code == 2


def test_a_store_without_results_is_refused(tmp_path, capsys):
    assert main(["--store", str(tmp_path)]) == 2
    assert "no finished result and no sweep is there" in capsys.readouterr().err

"""The web server under attack: half-open and dripping requests, and more bytes than it takes."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
import urllib.request

import pytest

from experiments.explorer import web_server
from experiments.explorer.web_server import LARGEST_REQUEST_BYTES, WebServer, listening_socket

HALF_A_POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{"


def hello(environ, start_response):
    """An application that reads its request."""
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"hello"]


@pytest.fixture
def served(monkeypatch):
    """A server with short limits of time."""
    monkeypatch.setitem(web_server.LIMITS, "channel_timeout", 1)
    monkeypatch.setitem(web_server.LIMITS, "cleanup_interval", 0)
    monkeypatch.setattr(web_server, "LONGEST_REQUEST_SECONDS", 1.0)
    with served_until_the_end() as server:
        yield server


@contextlib.contextmanager
def served_until_the_end():
    """A server that is stopped at the end."""
    server = WebServer(hello, listening_socket("127.0.0.1", 0))
    serving = threading.Thread(target=server.run, daemon=True)
    serving.start()
    yield server
    server.stop()
    serving.join(10.0)
    assert not serving.is_alive()


def connected(server, sent):
    """A connection that has sent this."""
    opened = socket.create_connection(("127.0.0.1", server.port))
    opened.sendall(sent)
    return opened


def answered(server):
    """How the server answers a good request, and in how many seconds."""
    start = time.monotonic()
    text = urllib.request.urlopen(f"http://127.0.0.1:{server.port}/", timeout=10).read()
    return text, time.monotonic() - start


def is_closed(connection, seconds):
    """Whether the server closes a connection within so many seconds."""
    connection.settimeout(seconds)
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True
    except TimeoutError:
        return False


def test_400_half_open_posts_hold_no_threads_and_are_closed(served):
    threads = threading.active_count()
    half_open = [connected(served, HALF_A_POST) for _ in range(400)]
    text, seconds = answered(served)
    assert text == b"hello"
    assert seconds < 2.0
    assert threading.active_count() <= threads
    assert all(is_closed(each, 5.0) for each in half_open)
    assert answered(served)[0] == b"hello"


def test_a_request_that_drips_is_given_up(served):
    dripping = connected(served, HALF_A_POST)
    since = time.monotonic()
    with contextlib.suppress(OSError):
        while time.monotonic() - since < 8.0:
            dripping.sendall(b"x")
            time.sleep(0.2)
    assert 1.0 <= time.monotonic() - since < 6.0


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"\x16\x03\x01\x02", b"GET / HTTP/1.1\r\nA: b"])
def test_a_client_that_says_nothing_more_is_closed(served, sent):
    assert is_closed(connected(served, sent), 5.0)


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (f"POST / HTTP/1.1\r\nContent-Length: {LARGEST_REQUEST_BYTES + 1}\r\n\r\n", "413"),
        ("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "400"),
        ("POST / HTTP/1.1\r\nContent-Length: \uff19\r\n\r\n", "400"),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: x\r\n\r\n", "501"),
        ("GET / HTTP/1.1\r\nA: " + "x" * 70_000 + "\r\n\r\n", "431"),
        ("NONSENSE\r\n\r\n", "400"),
    ],
)
def test_oversized_and_malformed_requests_get_a_short_status(served, head, status, caplog, capfd):
    with connected(served, head.encode()) as connection:
        connection.settimeout(5.0)
        answer = connection.recv(65_536).decode()
    assert answer.split()[1] == status
    assert len(answer) < 400
    assert "Traceback" not in answer
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_a_body_in_endless_chunks_is_refused(served):
    with connected(served, b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n") as connection:
        connection.settimeout(5.0)
        with contextlib.suppress(ConnectionError):
            for _ in range(40):
                connection.sendall(b"2000\r\n" + b"x" * 0x2000 + b"\r\n")
            assert connection.recv(65_536).split()[1] == b"413"


def test_more_connections_than_the_limit_wait_and_are_then_served(served, monkeypatch):
    monkeypatch.setattr(served.adj, "connection_limit", 20)
    half_open = [connected(served, HALF_A_POST) for _ in range(40)]
    assert answered(served)[0] == b"hello"
    assert len(served.active_channels) <= 20
    assert all(is_closed(each, 8.0) for each in half_open)


def test_a_port_in_use_leaves_no_socket_open():
    with (
        listening_socket("127.0.0.1", 0) as taken,
        pytest.raises(OSError, match="in use"),
    ):
        listening_socket("127.0.0.1", taken.getsockname()[1])

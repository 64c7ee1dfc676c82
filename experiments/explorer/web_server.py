"""The explorer's web server: waitress, with limits that a client cannot wait or write past.

Waitress reads all connections in one thread, so that a request takes a thread only when it has
arrived as a whole.
"""

from __future__ import annotations

import logging
import socket
import time
from typing import Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer

LARGEST_REQUEST_BYTES = 131_072
"""A page sends about 3,000 bytes."""
LIMITS = {
    "threads": 8,
    "connection_limit": 500,
    "channel_timeout": 15,
    "cleanup_interval": 2,
    "max_request_header_size": 65_536,
    "max_request_body_size": LARGEST_REQUEST_BYTES,
}
"""At most so many answers at once and open connections, seconds of silence, and bytes."""
LONGEST_REQUEST_SECONDS = 15.0
"""A request that has not arrived by then is given up, even if some of it arrives now and then."""


class DatedRequest(HTTPRequestParser):
    """A request that knows when its first bytes arrived."""

    def __init__(self, adjustments: Any) -> None:
        super().__init__(adjustments)
        self.began = time.time()


class Connection(HTTPChannel):
    """A connection, with dated requests."""

    parser_class = DatedRequest


class WebServer(TcpWSGIServer):
    """Serves an application at a socket that listens, within LIMITS."""

    channel_class = Connection

    def __init__(self, application: Any, listening: socket.socket) -> None:
        about = (listening.family, listening.type, listening.proto, listening.getsockname())
        # What a client does wrong is no event of this server, so that no client fills its log.
        logging.getLogger("waitress").setLevel(logging.CRITICAL)
        quiet = {"ident": "", "log_socket_errors": False, "asyncore_use_poll": True}
        super().__init__(
            application, _sock=listening, sockinfo=about, bind_socket=False, **LIMITS, **quiet
        )

    @property
    def port(self) -> int:
        """The port it serves at."""
        return int(self.effective_port)

    def maintenance(self, now: float) -> None:
        """Close connections that are silent, or whose request takes too long to arrive."""
        super().maintenance(now)
        for connection in self.active_channels.values():
            coming = connection.request
            if coming is not None and now - coming.began > LONGEST_REQUEST_SECONDS:
                connection.will_close = True

    def run(self) -> None:
        """Serve until stopped; an interrupt ends it too, and is raised."""
        try:
            wasyncore.loop(self.adj.asyncore_loop_timeout, True, self._map)
        finally:
            self.task_dispatcher.shutdown()

    def stop(self) -> None:
        """End serving, from any thread."""
        self.trigger.pull_trigger(lambda: wasyncore.close_all(self._map))


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens at a port; raises OSError if it cannot."""
    (family, kind, *_, address), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    opened = socket.socket(family, kind)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind(address)
        opened.listen()
    except OSError:
        opened.close()
        raise
    return opened

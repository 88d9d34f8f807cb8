"""Serving the page: a port of one's own, a line that says where, a browser if there is one."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from simsvc.demo.hosts import is_loopback
from simsvc.demo.joining import joining
from simsvc.demo.server import PATIENCE, Offer, application
from simsvc.errors import InputError


def listen(host: str, port: int) -> socket.socket:
    """Take a port of an address or name; 0 for any that is free.

    Raises:
        InputError: if it is in use, or cannot be had.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except socket.gaierror:
        raise InputError(f"--host {host}: there is no such address; use 127.0.0.1, or 0.0.0.0 for all") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise InputError(
                f"port {port} is in use, perhaps by another simsvc demo: choose another with --port N, or --port 0"
            ) from None
        raise InputError(f"cannot listen on {host}, port {port}: {error.strerror}") from None


def address(listening: socket.socket, host: str) -> str:
    """The address of the page for a browser on this machine."""
    name = "127.0.0.1" if host in ("0.0.0.0", "") else "[::1]" if host == "::" else f"[{host}]" if ":" in host else host
    return f"http://{name}:{listening.getsockname()[1]}/"


def address_of_this_machine() -> str:
    """The address under which others reach this machine; its name if that cannot be told."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; says which way out would be taken
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def serve(
    offer: Offer, listening: socket.socket, host: str, sessions: int, browser: bool, say: Callable[[str], None]
) -> None:
    """Serve the page until Ctrl-C.

    Args:
        offer: what the page begins with.
        listening: the port.
        host: that it is bound to.
        sessions: browsers at the same time, at most.
        browser: whether to open one, if there is one.
        say: told where the page is.
    """
    url = address(listening, host)
    if not is_loopback(host):
        there = f"http://{address_of_this_machine()}:{listening.getsockname()[1]}/"
        offer = replace(offer, join=joining(there, say))
    server = _Server(
        uvicorn.Config(
            application(offer, host, sessions), log_level="error", access_log=False, lifespan="on",
            timeout_graceful_shutdown=2, server_header=False, http=_Impatient,
        )
    )  # fmt: skip
    with contextlib.suppress(KeyboardInterrupt):
        say(f"The page is at {url} (Ctrl-C ends it)")
        if not is_loopback(host):
            say(
                f"It is open to the network: everybody who reaches this machine can use it, at "
                f"{offer.join['address']}. It asks for no password and is not encrypted."
            )
        if browser and _has_screen():
            threading.Timer(0.3, webbrowser.open, (url,)).start()
        server.run(sockets=[listening])


class _Server(uvicorn.Server):
    """A server that ends without a word."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drop what is still being computed; that it was is nothing to report."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


class _Impatient(H11Protocol):
    """Talks to one client; one that takes longer than `PATIENCE` to say what it wants, or to take it, is dropped.

    What a slow reader has not taken yet is kept for it, so that it has to be dropped even while the connection ends.
    """

    def connection_made(self, transport: Any) -> None:
        """Begin to look now and then whether the client is waited for."""
        super().connection_made(transport)
        self._waiting = False
        self._look = self.loop.call_later(PATIENCE, self._look_again)

    def _look_again(self) -> None:
        """Drop a client that is waited for once more: for its request, or to take its answer."""
        waiting = self.cycle is None or self.cycle.response_complete or self.transport.get_write_buffer_size() > 0
        if waiting and (self._waiting or self.cycle is None):
            self.transport.abort()
        self._waiting = waiting
        self._look = self.loop.call_later(PATIENCE, self._look_again)

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        self._look.cancel()
        super().connection_lost(exc)


def _has_screen() -> bool:
    """Whether a browser with a window can open; browsers of the terminal would take it over."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))

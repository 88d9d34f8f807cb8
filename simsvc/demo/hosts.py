"""Who may talk to the page: this machine, and others only if that was asked for.

A page of somebody else's can make a browser ask a server on its own machine, under a name that leads there (DNS
rebinding). The header Host tells; a name that is not this machine's own is turned away, and so is an Origin of another.
"""

from __future__ import annotations

import ipaddress
import json
import socket
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that binds to this host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def name_in(header: str) -> str:
    """The name or address in a Host header, without port, in small letters; empty if there is none."""
    try:
        return (urlsplit(f"//{header}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_address(name: str) -> bool:
    """Whether a name is an IP address, which no name server can make lead elsewhere."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class OwnHost:
    """Lets through only requests that were meant for this server.

    Args:
        app: what they are meant for.
        host: that the server binds to. Open to the network, requests by address or by this machine's name get in.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._open = not is_loopback(host)
        own = socket.gethostname().lower()
        self._names = {*LOOPBACK, host.lower(), *({own, f"{own}.local"} if self._open else ())}

    def _may_enter(self, header: str) -> bool:
        name = name_in(header)
        return name in self._names or (self._open and is_address(name))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 421 or 403, or hand the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {key: value.decode("latin-1") for key, value in scope["headers"] if key in (b"host", b"origin")}
        host, origin = headers.get(b"host", ""), headers.get(b"origin", "")
        if not self._may_enter(host):
            await _refuse(send, 421, "This server does not go by the name that was asked for.")
        elif origin and urlsplit(origin).netloc.lower() != host.lower():
            await _refuse(send, 403, "Asked for by a page of somebody else's.")
        else:
            await self._app(scope, receive, send)


async def _refuse(send: Send, status: int, message: str) -> None:
    body = json.dumps({"error": message}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

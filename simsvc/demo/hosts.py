"""Who may talk to the page: this machine, and others only if that was asked for.

A page of somebody else's can make a browser ask a server on its own machine, under a name that leads there (DNS
rebinding). The header Host tells; a name that is not this machine's own is turned away, and so is an Origin of another.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("localhost", "127.0.0.1", "::1")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that binds to this host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_address(name: str) -> bool:
    """Whether a name is an IP address, which no name server can make lead elsewhere."""
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def parts_of(address: str) -> SplitResult:
    """An address from a header, in parts; all of them are empty if it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


class OwnHost:
    """Lets through only requests that were meant for this server, and answers with headers that keep the page at home.

    If the server's host is open to the network, requests by address or by this machine's name get in.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._open = not is_loopback(host)
        own = socket.gethostname().lower()
        self._names = {*LOOPBACK, host.lower(), *({own, f"{own}.local"} if self._open else ())}

    def _may_enter(self, host: str) -> bool:
        name = (parts_of(f"//{host}").hostname or "").rstrip(".")
        return name in self._names or (self._open and is_address(name))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 421 or 403, or hand the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        given = Headers(scope=scope)
        host, origin = given.get("host", ""), given.get("origin", "")
        answer = self._app
        if not self._may_enter(host):
            answer = JSONResponse({"error": "This server does not go by the name that was asked for."}, 421)
        elif origin and parts_of(origin).netloc.lower() != host.lower():
            answer = JSONResponse({"error": "Asked for by a page of somebody else's."}, 403)
        await answer(scope, receive, send_with_headers)

"""Which sessions there are: as many as the machine can serve, and each only as long as its browser is there."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable

from simsvc.demo.session import Session


class Full(Exception):
    """There are as many sessions as allowed."""


class Many(Exception):
    """An address has as many sessions as one may have."""


class Gone(Exception):
    """There is no such session, or not any more."""


class Registry:
    """Sessions by a name that nobody can guess.

    Args:
        most: sessions at the same time.
        silence: seconds without a word from its browser after which a session ends. Browsers let a page in the
            background speak about once a minute.
        now: the clock, in seconds.
    """

    def __init__(self, most: int, silence: float, now: Callable[[], float] = time.monotonic) -> None:
        self.most, self.silence = most, silence
        self._now = now
        self._lock = threading.Lock()
        self._sessions: dict[str, tuple[Session, float]] = {}
        """Sessions, and when their browsers were last heard of."""
        self._addresses: dict[str, str] = {}
        """Where sessions were asked for, those that are still being made among them."""

    def __len__(self) -> int:
        return len(self._sessions)

    def begin(self, make: Callable[[], Session], address: str = "") -> tuple[str, Session]:
        """A new session.

        Args:
            make: makes it, while others go on.
            address: that it is for; one may have three quarters of all sessions, as a class may share one. Empty: any.

        Raises:
            Full: if there are as many as allowed, all of them in use.
            Many: if the address has as many as one may have.
        """
        self.clear()
        name = secrets.token_urlsafe(16)
        with self._lock:
            if len(self._addresses) >= self.most:
                raise Full
            if address and list(self._addresses.values()).count(address) >= max(3 * self.most // 4, 1):
                raise Many
            self._addresses[name] = address
        try:
            session = make()
        except BaseException:
            self.end(name)
            raise
        with self._lock:
            self._sessions[name] = session, self._now()
        return name, session

    def find(self, name: str) -> Session:
        """The session of that name, whose browser has just been heard of.

        Raises:
            Gone: if there is none.
        """
        with self._lock:
            if name not in self._sessions:
                raise Gone
            session, _ = self._sessions[name]
            self._sessions[name] = session, self._now()
            return session

    def end(self, name: str) -> None:
        """Forget a session; there may be none."""
        with self._lock:
            self._sessions.pop(name, None)
            self._addresses.pop(name, None)

    def clear(self) -> None:
        """Forget the sessions whose browsers have not been heard of for too long."""
        with self._lock:
            last = self._now() - self.silence
            for name in [name for name, one in self._sessions.items() if one[1] < last]:
                del self._sessions[name], self._addresses[name]

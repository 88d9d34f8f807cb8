"""Which sessions there are: as many as the machine can serve, and each only as long as its browser is there."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable

from simsvc.demo.session import Session


class Full(Exception):
    """There are as many sessions as allowed."""


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

    def __len__(self) -> int:
        return len(self._sessions)

    def begin(self, make: Callable[[], Session]) -> tuple[str, Session]:
        """A new session.

        Raises:
            Full: if there are as many as allowed, all of them in use.
        """
        self.clear()
        with self._lock:
            if len(self._sessions) >= self.most:
                raise Full
            name, session = secrets.token_urlsafe(16), make()
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

    def clear(self) -> None:
        """Forget the sessions whose browsers have not been heard of for too long."""
        with self._lock:
            last = self._now() - self.silence
            self._sessions = {name: one for name, one in self._sessions.items() if one[1] >= last}

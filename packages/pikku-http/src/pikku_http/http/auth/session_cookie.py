"""The cookie of a session: what both kinds of cookie sessions share."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from pikku_core import DeclarationError, InvalidDataError
from pikku_core.schema import TypeCodec, codec_for
from pikku_http.http.cookie import SameSite, cookie_problem

if TYPE_CHECKING:
    from pikku_core import Sessions
    from pikku_core.services import Clock, Signer
    from pikku_http.http.http import Http

TWO_WEEKS: Final = timedelta(days=14)

LONGEST: Final = 400 * 24 * 60 * 60
"""For how many seconds browsers keep a cookie at most (RFC 6265bis, 5.5)."""

CHALLENGE: Final = "Cookie"
"""A 401 has a challenge (RFC 9110, 15.5.2); no scheme is registered for cookies."""

TIMES: Final = struct.Struct(">QQ")
"""What stands before the content of a cookie: when its session began and when it was written, in seconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a cookie of ours holds.

    Attributes:
        content: The session, or its id.
        began: When somebody became known, in seconds since 1970.
        written: When the cookie was given out.
    """

    content: bytes
    began: int
    written: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCookie:
    """Reads and writes the cookie.

    Attributes:
        name: Its name.
        seconds: How long a session holds since it was written, or renewed.
        life: How long the cookie itself does; longer where the session is renewed elsewhere.
        renew: After which share of its time a session is renewed; None: never.
        most: How long a session holds from its beginning, however often it is written; None: for ever.
        codec: That of the session's class.
    """

    name: str
    seconds: int
    life: int
    renew: float | None
    most: int | None
    secure: bool
    same_site: SameSite
    codec: TypeCodec

    @property
    def purpose(self) -> str:
        """What it is signed for: nothing that a project signs for a purpose of its own reads as a session."""
        return f"cookie:{self.name}"

    def read(self, http: Http, signer: Signer, clock: Clock) -> Held | None:
        """What the request's cookie holds; None where it has none, or none of ours that holds still."""
        text = http.cookie(self.name)
        opened = None if text is None else signer.read(text, purpose=self.purpose)
        if opened is None or len(opened) < TIMES.size:
            return None
        began, written = TIMES.unpack_from(opened)
        held = Held(content=opened[TIMES.size :], began=began, written=written)
        # The signature's own end is that of the options the cookie was written with: these may have become stricter.
        is_over = written + self.life <= seconds_of(clock) or self.left(began, clock) <= 0
        return None if is_over else held

    def session(self, content: bytes) -> Any:
        """The session that was written; None where its class has changed so that it is none any more."""
        try:
            return self.codec.read_json(content)
        except InvalidDataError:
            return None

    def recognise(self, content: bytes | None, http: Http, sessions: Sessions[Any]) -> None:
        """Says who calls: by the session that was written, and where there is none, how one could say so."""
        found = None if content is None else self.session(content)
        if found is None:
            http.challenge(CHALLENGE)
        else:
            sessions.set(found)

    def left(self, began: int, clock: Clock) -> int:
        """For how many seconds a session that began then would hold, were it written now; 0 or less: it is over."""
        return self._until_most(self.seconds, began, clock)

    def is_due(self, held: Held, clock: Clock) -> bool:
        """Whether a session shall be renewed although nothing has changed."""
        if self.renew is None:
            return False
        now = seconds_of(clock)
        lasts_longer = now + self.left(held.began, clock) > held.written + self.seconds
        return lasts_longer and now - held.written >= self.renew * self.seconds

    def write(
        self, http: Http, signer: Signer, clock: Clock, content: bytes, *, began: int
    ) -> None:
        """Gives the client the cookie.

        Raises:
            ValueError: It is too long.
        """
        left = self._until_most(self.life, began, clock)
        if left <= 0:
            return self.delete(http)
        times = TIMES.pack(began, seconds_of(clock))
        text = signer.sign(times + content, purpose=self.purpose, lifetime=left)
        return self._set(http, text, left)

    def delete(self, http: Http) -> None:
        """Takes the cookie away from the client."""
        self._set(http, "", 0)

    def _until_most(self, seconds: int, began: int, clock: Clock) -> int:
        return seconds if self.most is None else min(seconds, began + self.most - seconds_of(clock))

    def _set(self, http: Http, value: str, max_age: int) -> None:
        http.set_cookie(
            self.name, value, max_age=max_age, secure=self.secure, same_site=self.same_site
        )
        # An answer that somebody else may be given from a cache must not hand on who this is.
        http.set_header("cache-control", "no-store")


def session_cookie(
    factory: str,
    session: type[Any],
    *,
    name: str | None,
    lifetime: timedelta,
    renew: float | None,
    max_lifetime: timedelta | None,
    secure: bool,
    same_site: SameSite,
    is_kept: bool = False,
) -> SessionCookie:
    """The cookie that a factory's options describe.

    Args:
        is_kept: Whether the session itself is kept elsewhere, and renewed there.

    Raises:
        DeclarationError: A browser would refuse it, its times would not hold, or the class can be no session.
    """
    name = default_name(secure=secure) if name is None else name
    problem = cookie_problem(name, path="/", domain=None, secure=secure, same_site=same_site)
    problem = problem or times_problem(factory, lifetime, renew, max_lifetime)
    if problem:
        raise DeclarationError(problem)
    seconds = int(lifetime.total_seconds())
    most = None if max_lifetime is None else int(max_lifetime.total_seconds())
    return SessionCookie(
        name=name,
        seconds=seconds,
        life=max(seconds, most or LONGEST) if is_kept and renew is not None else seconds,
        renew=renew,
        most=most,
        secure=secure,
        same_site=same_site,
        codec=codec_for(session),
    )


def default_name(*, secure: bool) -> str:
    """The cookie's name where none is given."""
    return "__Host-session" if secure else "session"


def times_problem(
    factory: str, lifetime: timedelta, renew: float | None, max_lifetime: timedelta | None
) -> str:
    """What is wrong with the times of a session, or nothing."""
    if lifetime < timedelta(seconds=1):
        return f'The "lifetime" of "{factory}" is a second at least.'
    if renew is not None and not 0 < renew < 1:
        return f'The "renew" of "{factory}" is a share of the lifetime, between 0 and 1, and is {renew}.'
    if max_lifetime is not None and max_lifetime < lifetime:
        return f'The "max_lifetime" of "{factory}" is shorter than its "lifetime", which would never be reached.'
    return ""


def seconds_of(clock: Clock) -> int:
    """The time in seconds since 1970."""
    return int(clock.now().timestamp())

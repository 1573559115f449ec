"""The cookie of a session: what both kinds of cookie sessions share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from pikku_core import DeclarationError, InvalidDataError
from pikku_core.schema import TypeCodec, codec_for
from pikku_http.http.cookie import SameSite, cookie_problem

if TYPE_CHECKING:
    from pikku_core import Sessions
    from pikku_core.services import Signer
    from pikku_http.http.http import Http

TWO_WEEKS: Final = timedelta(days=14)

CHALLENGE: Final = "Cookie"
"""A 401 has a challenge (RFC 9110, 15.5.2); no scheme is registered for cookies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCookie:
    """Reads and writes the cookie.

    Attributes:
        name: Its name, which is also what it is signed for.
        seconds: How long it holds.
        codec: That of the session's class.
    """

    name: str
    seconds: int
    secure: bool
    same_site: SameSite
    codec: TypeCodec

    def read(self, http: Http, signer: Signer) -> bytes | None:
        """What the request's cookie holds; None where it has none, or none of ours that holds still."""
        text = http.cookie(self.name)
        return None if text is None else signer.read(text, purpose=self.name)

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

    def write(self, http: Http, signer: Signer, content: bytes) -> None:
        """Gives the client the cookie.

        Raises:
            ValueError: It is too long.
        """
        text = signer.sign(content, purpose=self.name, lifetime=self.seconds)
        self._set(http, text, self.seconds)

    def delete(self, http: Http) -> None:
        """Takes the cookie away from the client."""
        self._set(http, "", 0)

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
    secure: bool,
    same_site: SameSite,
) -> SessionCookie:
    """The cookie that a factory's options describe.

    Raises:
        DeclarationError: A browser would refuse it, it would hold no time, or the class can be no session.
    """
    name = default_name(secure=secure) if name is None else name
    seconds = int(lifetime.total_seconds())
    problem = cookie_problem(name, path="/", domain=None, secure=secure, same_site=same_site)
    if seconds < 1:
        problem = f'The "lifetime" of "{factory}" is a second at least.'
    if problem:
        raise DeclarationError(problem)
    return SessionCookie(
        name=name,
        seconds=seconds,
        secure=secure,
        same_site=same_site,
        codec=codec_for(session),
    )


def default_name(*, secure: bool) -> str:
    """The cookie's name where none is given."""
    return "__Host-session" if secure else "session"

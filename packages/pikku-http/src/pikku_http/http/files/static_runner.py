"""From a request to a file of a folder, which another thread finds and opens."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from pikku_core import (
    DeclarationError,
    MethodNotAllowedError,
    NotFoundError,
    PreconditionFailedError,
)
from pikku_core.runtime import is_outcome
from pikku_http.http.answer import Answer, headers_only, send_answer, send_empty
from pikku_http.http.files.answer import FileAnswer, content_type_of
from pikku_http.http.files.folder import Folder, FolderRedirectError, FoundFile, folder_problem
from pikku_http.http.files.open_file import OpenFile, open_file
from pikku_http.http.files.runner import (
    RangeNotSatisfiableError,
    answered,
    send_file,
)
from pikku_http.http.files.static import REVALIDATE, HttpStatic
from pikku_http.http.header import request_headers
from pikku_http.http.http import HttpWire
from pikku_http.http.router import NO_VALUES, segments_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pikku_core import App
    from pikku_http.http.asgi import Header, Receive, Scope, Send
    from pikku_http.http.errors import ErrorResponder

NOSNIFF: Final[Header] = (b"x-content-type-options", b"nosniff")
NO_STORE: Final = "no-store"
"""What is not there now may be with the next build; without a word caches keep a 404 (RFC 9110, 15.5.5)."""
METHODS: Final = "GET, HEAD, OPTIONS"
QUERY: Final = "!$&'()*+,-./:;=?@_~%"
"""What a query string may hold (RFC 3986, 3.4), percent-encoded characters among it."""


class StaticFolder:
    """Answers requests with the files of a folder.

    Args:
        declaration: What is declared of it.
        root: The folder that its directory is relative to.
        errors: Answers what goes wrong.

    Raises:
        DeclarationError: The folder, or the file to fall back on, is not there.
    """

    def __init__(self, declaration: HttpStatic, root: Path, errors: ErrorResponder) -> None:
        self._declaration = declaration
        self._prefix = declaration.prefix.rstrip("/").split("/")
        self._errors = errors
        problem = folder_problem(declaration.directory, declaration.fallback, root)
        if problem:
            raise DeclarationError(problem)
        self._folder = Folder(root / declaration.directory, declaration)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        method = scope["method"]
        if method in {"GET", "HEAD"}:
            return await self._answer(scope, receive, send)
        if method == "OPTIONS":
            return await send_empty(send, (b"allow", METHODS.encode()))
        return await self._refuse(MethodNotAllowedError(), scope, send, {"allow": METHODS})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            asked, headers = self._asked(scope), request_headers(scope)
            found, opened = await asyncio.to_thread(self._open, asked, headers)
        except FolderRedirectError:
            return await send_answer(send, self._redirect(scope), 307, None)
        except BaseException as error:
            if not is_outcome(error):
                raise
            return await self._refuse(error, scope, send, {})
        with closing(opened):
            wire = HttpWire(self._declaration.prefix, "", scope, receive, NO_VALUES)
            try:
                answer, part = answered(FileAnswer(found.named), opened, wire, 200)
            except RangeNotSatisfiableError as error:
                size = {"content-range": f"bytes */{opened.size}"}
                return await self._refuse(error, scope, send, size)
            except PreconditionFailedError as error:
                return await self._refuse(error, scope, send, {})
            further = self._headers(found, sent=part is not None)
            answer = replace(answer, headers=(*answer.headers, *further))
            if part is None:
                return await send_answer(send, answer, answer.status, None)
            return await send_file(receive, send, opened, answer, part=part, method=scope["method"])

    def _redirect(self, scope: Scope) -> Answer:
        """To the folder itself, with what was asked of it."""
        name, query = (
            scope["path"].rpartition("/")[2],
            quote(scope.get("query_string", b""), safe=QUERY),
        )
        target = f"./{quote(name, safe='')}/{query and f'?{query}'}"
        fields = [(b"location", target.encode()), (b"cache-control", NO_STORE.encode())]
        return Answer(307, (*fields, *self._vary), b"")

    @property
    def _vary(self) -> tuple[Header, ...]:
        """Where there is a file to fall back on, who asks for HTML gets it in place of everything that is not there."""
        return ((b"vary", b"accept"),) if self._declaration.fallback else ()

    def _asked(self, scope: Scope) -> list[str]:
        """The names in the path of a request below the prefix; see `Folder.find`."""
        segments, depth = segments_of(scope), len(self._prefix)
        if segments[:depth] != self._prefix:  # An encoded slash stands in it.
            raise NotFoundError
        return segments[depth:]

    def _open(self, asked: list[str], headers: Mapping[str, str]) -> tuple[FoundFile, OpenFile]:
        found = self._folder.find(asked, headers)
        opened = open_file(FileAnswer(found.sent))
        if found.encoding:
            # One hyphen: those with two are of `http_compression`, which takes them back on their way in.
            etag = f'{opened.validators.etag[:-1]}-{found.encoding}"'
            opened.validators = replace(opened.validators, etag=etag)
        return found, opened

    def _headers(self, found: FoundFile, *, sent: bool) -> Iterable[Header]:
        is_html = content_type_of(found.named).startswith("text/html")
        cache_control = REVALIDATE if is_html else self._declaration.cache_control
        if cache_control:
            yield b"cache-control", cache_control.encode("latin-1")
        if found.vary:
            yield b"vary", ", ".join(found.vary).encode()
        if sent:
            yield NOSNIFF
            if found.encoding:
                yield b"content-encoding", found.encoding.encode()

    async def _refuse(
        self, error: BaseException, scope: Scope, send: Send, headers: Mapping[str, str]
    ) -> None:
        if scope["method"] == "HEAD":
            send = headers_only(send)
        where = self._declaration.prefix
        vary = {name.decode(): value.decode() for name, value in self._vary}
        headers = {"cache-control": NO_STORE, **vary, **headers}
        await self._errors.respond(error, scope, send, where=where, headers=headers)


def project_root(app: App) -> Path:
    """The folder that directories are relative to: the project's, that of a bundle, or else the working directory."""
    if app.directory is None:
        return Path.cwd()
    from pikku_core.settings import SettingsError, find_root

    directory = Path(app.directory).absolute()
    try:
        return find_root(directory)
    except SettingsError:
        return directory.parent

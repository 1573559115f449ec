"""A fake of the wire thing `http`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_http.http.http import Http

if TYPE_CHECKING:
    from collections.abc import Mapping


class FakeHttp(Http):
    """The `http` of a request that a test makes up; what is set for the answer can be looked at.

    ```python
    http = FakeHttp(headers={"authorization": "Bearer secret"})
    await no_store(next_of("result"), http=http)
    assert http.answer_headers == [("cache-control", "no-store")]
    ```

    Args:
        method: In upper case.
        path: Decoded, without the query string.
        query: The query string, without the question mark.
        headers: Names in any case.
        client: The address of the client; None where it has none.
    """

    __slots__ = ()

    def __init__(
        self,
        method: str = "GET",
        path: str = "/",
        *,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        scheme: str = "http",
        client: str | None = "127.0.0.1",
    ) -> None:
        super().__init__(
            {
                "type": "http",
                "method": method.upper(),
                "path": path,
                "query_string": query.encode("latin-1"),
                "headers": [
                    (name.lower().encode("latin-1"), value.encode("latin-1"))
                    for name, value in (headers or {}).items()
                ],
                "scheme": scheme,
                "client": None if client is None else (client, 50000),
            }
        )

    @property
    def answer_headers(self) -> list[tuple[str, str]]:
        """The headers that were set for the answer, in order; names in lower case."""
        return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.added]

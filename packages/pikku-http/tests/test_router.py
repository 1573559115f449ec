from __future__ import annotations

from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from pikku_http.http.route import Parameter, Route, parse_route
from pikku_http.http.router import Routes, below, decoded_segments


def routes(*texts: str) -> Routes[str]:
    table: Routes[str] = Routes()
    for text in texts:
        table.add(parse_route(text), text)
    return table


def found(table: Routes[str], path: str) -> tuple[str, list[str]] | None:
    match = table.find(path.split("/"))
    return None if match is None else (match[0], list(match[1]))


def test_text_stands_before_a_parameter() -> None:
    table = routes("/users/{id}", "/users/me")
    assert found(table, "/users/me") == ("/users/me", [])
    assert found(table, "/users/7") == ("/users/{id}", ["7"])


def test_a_parameter_stands_before_the_rest() -> None:
    table = routes("/files/{rest:path}", "/files/{name}")
    assert found(table, "/files/a") == ("/files/{name}", ["a"])
    assert found(table, "/files/a/b") == ("/files/{rest:path}", ["a/b"])


def test_a_way_that_ends_nowhere_is_taken_back() -> None:
    table = routes("/users/me/settings", "/users/{id}/posts", "/{any}/me/{what}")
    assert found(table, "/users/me/posts") == ("/users/{id}/posts", ["me"])
    assert found(table, "/users/me/photos") == ("/{any}/me/{what}", ["users", "photos"])


def test_values_of_a_way_that_was_taken_back_are_forgotten() -> None:
    table = routes("/{a}/{b}/x", "/{rest:path}")
    assert found(table, "/1/2/y") == ("/{rest:path}", ["1/2/y"])


def test_a_parameter_takes_no_empty_segment() -> None:
    assert found(routes("/users/{id}"), "/users/") is None


def test_the_rest_is_not_empty() -> None:
    assert found(routes("/files/{rest:path}"), "/files/") is None
    assert found(routes("/files/{rest:path}"), "/files") is None


def test_the_rest_keeps_its_slashes() -> None:
    table = routes("/files/{rest:path}")
    assert found(table, "/files//a/") == ("/files/{rest:path}", ["/a/"])


def test_a_trailing_slash_counts() -> None:
    table = routes("/users", "/{any}/x/")
    assert found(table, "/users/") is None
    assert found(table, "/1/x") is None
    assert found(table, "/1/x/") == ("/{any}/x/", ["1"])


def test_paths_are_case_sensitive() -> None:
    assert found(routes("/Users"), "/users") is None


def test_an_encoded_slash_stays_in_its_segment() -> None:
    segments = decoded_segments(b"/files/a%2Fb", "")
    assert segments == ["", "files", "a/b"]
    assert routes("/files/{name}", "/files/a/b").find(segments) == ("/files/{name}", ["a/b"])


def test_a_mount_point_is_taken_off_the_encoded_path() -> None:
    assert decoded_segments(b"/api/caf%C3%A9", "/api") == ["", "café"]
    assert decoded_segments(b"/caf%C3%A9", "/api") == ["", "café"]


def test_only_a_whole_mount_point_is_taken_off() -> None:
    assert below("/api/users", "/api") == "/users"
    assert below("/apis/users", "/api") == "/apis/users"
    assert below("/api", "/api") == "/"


WORDS = st.sampled_from(["a", "b", "c"])


@st.composite
def route_texts(draw: st.DrawFn) -> str:
    kinds = draw(st.lists(st.sampled_from(["text", "parameter"]), min_size=1, max_size=4))
    parts = [draw(WORDS) if kind == "text" else f"{{p{index}}}" for index, kind in enumerate(kinds)]
    if draw(st.booleans()):
        parts.append(draw(st.sampled_from(["{rest:path}", ""])))
    return "/" + "/".join(parts)


def oracle(table: list[Route], segments: list[str]) -> tuple[str, list[str]] | None:
    """Tries every route and keeps the best; slow and plain.

    Args:
        segments: Those after the first slash.
    """
    best: tuple[list[int], str, list[str]] | None = None
    for route in table:
        rank: list[int] = []
        values: list[str] = []
        rest = list(segments)
        matched = True
        for segment in route.segments:
            if isinstance(segment, Parameter) and segment.rest:
                rank.append(2)
                values.append("/".join(rest))
                matched = bool(values[-1])
                rest = []
                break
            if not rest:
                matched = False
                break
            piece = rest.pop(0)
            if isinstance(segment, Parameter):
                rank.append(1)
                values.append(piece)
                matched = bool(piece)
            else:
                rank.append(0)
                matched = piece == segment
            if not matched:
                break
        if matched and not rest and (best is None or rank < best[0]):
            best = (rank, route.text, values)
    return None if best is None else (best[1], best[2])


@settings(max_examples=400, deadline=None)
@given(
    texts=st.lists(route_texts(), min_size=1, max_size=12),
    paths=st.lists(
        st.lists(st.sampled_from(["a", "b", "c", "d", ""]), min_size=1, max_size=6), min_size=1
    ),
)
def test_the_router_finds_what_trying_every_route_finds(
    texts: list[str], paths: list[list[str]]
) -> None:
    by_shape = {parse_route(text).shape: text for text in texts}
    table = routes(*by_shape.values())
    parsed = [parse_route(text) for text in by_shape.values()]
    for parts in paths:
        assert found(table, "/" + "/".join(parts)) == oracle(parsed, parts)


# Text that must be encoded, or may be; what is a slash, or looks encoded, once it is decoded.
ODD = st.sampled_from(["a", "b", "é", "a/b", "/", "%2F", "%", "a b", "{p}", "..", ".", "?", ""])


@st.composite
def odd_routes(draw: st.DrawFn) -> str:
    """Routes of text that must be encoded in a path; they are written decoded, and have no slash within a segment."""
    texts = st.sampled_from(["a", "b", "é", "{p}"])
    parts = [
        f"{{p{index}}}" if part.startswith("{") else part
        for index, part in enumerate(draw(st.lists(texts, min_size=1, max_size=4)))
    ]
    return "/" + "/".join([*parts, *(["{rest:path}"] if draw(st.booleans()) else [])])


@settings(max_examples=400, deadline=None)
@given(
    texts=st.lists(odd_routes(), min_size=1, max_size=8),
    paths=st.lists(st.lists(ODD, min_size=1, max_size=5), min_size=1, max_size=8),
    safe=st.sampled_from(["", ".{}"]),
    mount=st.sampled_from(["", "/api", "/a"]),
)
def test_encoded_characters_are_those_that_they_stand_for(
    texts: list[str], paths: list[list[str]], safe: str, mount: str
) -> None:
    by_shape = {parse_route(text).shape: text for text in texts}
    table = routes(*by_shape.values())
    parsed = [parse_route(text) for text in by_shape.values()]
    for parts in paths:
        raw = mount + "".join("/" + quote(part, safe=safe) for part in parts)
        segments = decoded_segments(raw.encode(), mount)
        assert segments == ["", *parts]
        match = table.find(segments)
        assert (None if match is None else (match[0], list(match[1]))) == oracle(parsed, parts)

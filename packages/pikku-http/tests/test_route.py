from __future__ import annotations

import pytest

from pikku_http.http.route import Parameter, RouteError, parse_route


def test_a_route_is_text_and_parameters() -> None:
    route = parse_route("/users/{id}/posts")
    assert route.segments == ("users", Parameter("id"), "posts")
    assert route.names == ("id",)


def test_a_path_parameter_takes_the_rest() -> None:
    assert parse_route("/files/{rest:path}").segments == ("files", Parameter("rest", rest=True))


def test_the_root_is_a_route() -> None:
    assert parse_route("/").segments == ("",)


def test_a_trailing_slash_makes_another_route() -> None:
    assert parse_route("/users/").shape != parse_route("/users").shape


def test_names_do_not_change_the_shape() -> None:
    assert parse_route("/users/{id}").shape == parse_route("/users/{name}").shape


def test_text_that_looks_like_a_shape_is_another_route() -> None:
    assert parse_route("/users/id").shape != parse_route("/users/{id}").shape


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("users", 'must begin with "/"'),
        ("", 'must begin with "/"'),
        ("/users//posts", "empty segment"),
        ("//", "empty segment"),
        ("/a/../b", 'the segment ".."'),
        ("/users/{id", "must be"),
        ("/users/id}", "must be"),
        ("/users/x{id}", "must be"),
        ("/users/{}", "must be"),
        ("/users/{1st}", "must be"),
        ("/users/{id:int}", "must be"),
        ("/{id}/{id}", 'two parameters "id"'),
        ("/{rest:path}/x", 'nothing can follow "{rest:path}"'),
        ("/search?q=1", "'?'"),
        ("/a#b", "'#'"),
        ("/a b", "' '"),
        ("/caf%C3%A9", "'%'"),
        ("/a/*", "'*'"),
        ("/a\\b", "character"),
        ("/a\n", "character"),
    ],
)
def test_a_malformed_route_is_refused(text: str, says: str) -> None:
    with pytest.raises(RouteError) as refused:
        parse_route(text)
    assert says in str(refused.value)

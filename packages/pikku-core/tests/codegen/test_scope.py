from __future__ import annotations

from pikku_core.codegen.scope import Scope, import_members
from pikku_core.plugin.expression import Call, Constant, ListDisplay, Name, Shared

USER = Name("app.models", "User")
OTHER = Name("app.other", "User")


def test_a_name_is_imported_from_where_it_is() -> None:
    scope = Scope([USER])
    assert scope.imports == ["from app.models import User"]
    assert scope(USER) == "User"


def test_names_of_one_module_share_a_statement() -> None:
    assert Scope([USER, Name("app.models", "Address")]).imports == [
        "from app.models import Address, User"
    ]


def test_a_name_that_two_modules_have_gets_an_alias() -> None:
    scope = Scope([ListDisplay((OTHER, USER))])
    assert scope.imports == ["from app.models import User", "from app.other import User as User_2"]
    assert (scope(USER), scope(OTHER)) == ("User", "User_2")


def test_a_name_that_is_taken_gets_an_alias() -> None:
    scope = Scope([USER], taken=["User", "User_2"])
    assert scope.imports == ["from app.models import User as User_3"]


def test_a_module_is_imported_by_its_last_name() -> None:
    scope = Scope([Name("app.models", ""), Name("json", ""), Name("other.models", "")])
    assert scope.imports == [
        "import app.models as models",
        "import json",
        "import other.models as models_2",
    ]


def test_a_builtin_needs_no_import() -> None:
    scope = Scope([Name("builtins", "list")])
    assert scope.imports == []
    assert scope(Name("builtins", "list")) == "list"


def test_a_name_of_a_builtin_that_is_used_gets_an_alias() -> None:
    scope = Scope([Name("builtins", "list"), Name("app", "list")])
    assert scope.imports == ["from app import list as list_2"]


def test_a_builtin_whose_name_is_taken_is_reached_through_its_module() -> None:
    scope = Scope([Name("builtins", "list")], taken=["list"])
    assert scope.imports == ["import builtins"]
    assert scope(Name("builtins", "list")) == "builtins.list"


def test_what_is_inside_a_shared_value_is_not_imported() -> None:
    shared = Shared("app", "limiter", Call(Name("app", "limit"), (Constant(3),)))
    scope = Scope([shared], shared={("app", "limiter"): "limiter_1a2b3c()"})
    assert scope.imports == []
    assert scope(shared) == "limiter_1a2b3c()"


def test_a_given_name_keeps_its_spelling_and_blocks_it() -> None:
    any_ = Name("typing", "Any")
    scope = Scope([any_, Name("app", "Any")], given={any_: "Any"})
    assert scope.imports == ["from app import Any as Any_2"]


def test_a_long_import_is_broken() -> None:
    members = [f"a_rather_long_name_{number}" for number in range(5)]
    assert import_members("app", members).splitlines()[0] == "from app import ("

from __future__ import annotations

from abc import ABC, abstractmethod
from copy import copy, deepcopy
from typing import Any, Protocol, Self

import pytest

from pikku_core.testing import Call, UnexpectedUseError, calls, stub


class User:
    def __init__(self, name: str) -> None:
        self.name = name


class Database:
    url: str
    retries = 3

    def __init__(self, url: str) -> None:
        raise ConnectionError(url)

    @property
    def size(self) -> int:
        return 0

    async def insert_user(self, name: str, *, email: str = "") -> User:
        return User(f"{name} <{email}>")

    def count(self) -> int:
        return 0

    @staticmethod
    def quote(text: str) -> str:
        return text

    @classmethod
    def connect(cls, url: str) -> Database:
        return cls(url)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        pass


class Mailer(Protocol):
    async def send(self, to: str) -> None: ...


class Queue(ABC):
    @abstractmethod
    def add(self, item: str) -> int: ...


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_an_async_method_is_awaited_and_its_calls_are_kept() -> None:
    ada = User("Ada")
    database = stub(Database, insert_user=ada)
    assert await database.insert_user("Ada", email="a@b") is ada
    assert calls(database) == [Call("insert_user", ("Ada",), {"email": "a@b"})]


def test_a_sync_method_returns_at_once() -> None:
    database = stub(Database, count=2)
    assert database.count() == 2
    assert calls(database, "count") == [Call("count")]


def test_a_function_answers_with_the_arguments() -> None:
    assert stub(Queue, add=len).add("three") == 5


def test_an_exception_is_raised() -> None:
    with pytest.raises(ConnectionError):
        stub(Database, count=ConnectionError()).count()


@pytest.mark.anyio
async def test_a_protocol_and_an_abstract_class_can_be_stubbed() -> None:
    mailer = stub(Mailer, send=None)
    await mailer.send("ada")
    assert isinstance(stub(Queue, add=1), Queue)


def test_attributes_and_properties_have_the_given_value() -> None:
    database = stub(Database, url="sqlite:", size=7, retries=1)
    assert (database.url, database.size, database.retries) == ("sqlite:", 7, 1)
    assert calls(database) == []


def test_static_methods_and_class_methods_are_called_as_declared() -> None:
    database = stub(Database, quote=repr, connect=None)
    assert database.quote("x") == "'x'"
    assert database.connect("sqlite:") is None


@pytest.mark.anyio
async def test_what_a_statement_calls_can_be_given() -> None:
    other = stub(Database)
    async with stub(Database, __aenter__=other, __aexit__=None) as entered:
        assert entered is other


def test_a_stub_passes_for_one_of_its_class() -> None:
    assert isinstance(stub(Database), Database)
    assert repr(stub(Database)) == "<stub of Database>"


def test_a_member_that_was_not_given_is_named() -> None:
    with pytest.raises(
        UnexpectedUseError, match=r'"Database\.count".*stub\(Database, count=\.\.\.\)'
    ):
        stub(Database).count()


def test_a_member_that_the_class_does_not_have_cannot_be_given() -> None:
    with pytest.raises(AttributeError, match=r'"Database" has no "cuont".* Is it "count"?'):
        stub(Database, cuont=1)


def test_a_member_that_the_class_does_not_have_is_an_attribute_error() -> None:
    unknown: Any = stub(Database)
    with pytest.raises(AttributeError, match='"Database" has no "drop"'):
        unknown.drop()
    assert not hasattr(unknown, "drop")


@pytest.mark.anyio
async def test_arguments_that_the_method_would_not_take_are_refused() -> None:
    database: Any = stub(Database, insert_user=None, quote="")
    with pytest.raises(TypeError, match="unexpected keyword argument 'age'"):
        await database.insert_user("Ada", age=3)
    with pytest.raises(TypeError, match="missing a required argument"):
        database.quote()
    assert calls(database) == []


def test_setting_an_attribute_is_unexpected() -> None:
    database: Any = stub(Database, url="sqlite:")
    with pytest.raises(UnexpectedUseError, match=r'"Database\.url" of a stub is set'):
        database.url = "other"


class Pool:
    def __init__(self, size: int) -> None:
        self.size = size


class NamedPool(Pool):
    def __init__(self, name: str) -> None:
        super().__init__(1)
        self.name = name


def test_attributes_that_are_set_when_an_object_is_made_can_be_given() -> None:
    pool = stub(NamedPool, name="main", size=3)
    assert (pool.name, pool.size) == ("main", 3)
    with pytest.raises(UnexpectedUseError, match=r'"NamedPool\.size" is used'):
        _ = stub(NamedPool).size


class Table(dict[str, int]):
    """Its methods are written in C."""


def test_a_method_that_does_not_say_what_it_takes_takes_anything() -> None:
    table = stub(Table, update=None)
    table.update({"a": 1}, b=2)
    assert calls(table) == [Call("update", ({"a": 1},), {"b": 2})]


def test_a_stub_can_be_copied() -> None:
    pool = stub(Pool, size=3)
    assert deepcopy(pool).size == copy(pool).size == 3

"""Functions with data and results of every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.models import (
    Bounded,
    Card,
    Change,
    File,
    Login,
    Names,
    Nested,
    NewOrder,
    Order,
    Path,
    Plain,
    Point,
    Ref,
    Texts,
    Upto,
)
from app.sessions import Session
from pikku_core import (
    ConflictError,
    NotFoundError,
    Sessions,
    pikku_func,
    pikku_permission,
    pikku_service,
    pikku_sessionless_func,
)
from pikku_http import EventChannel, FileAnswer, Http, Redirect, ServerSentEvent

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


class Orders:
    """The orders, in memory."""

    def __init__(self) -> None:
        self.by_id: dict[int, Order] = {}

    def get(self, id: int) -> Order:
        if id not in self.by_id:
            raise NotFoundError("There is no such order.")
        return self.by_id[id]


@pikku_service
def orders() -> Orders:
    return Orders()


@pikku_permission
async def has_name(*, session: Session) -> bool:
    return session.user != ""


@pikku_permission
async def is_known(*, session: Session | None = None) -> bool:
    return session is not None


@pikku_sessionless_func(title="Plain fields", tags=["data"])
async def plain(data: Plain) -> Plain:
    return data


@pikku_sessionless_func(title="Fields with bounds", tags=["data"])
async def bounded(data: Bounded) -> Bounded:
    return data


@pikku_sessionless_func(title="Fields in fields", tags=["data"])
async def nested(data: Nested) -> Nested:
    return data


@pikku_sessionless_func(title="A dataclass", tags=["data"])
def path(data: Path) -> Path:
    return data


@pikku_sessionless_func(title="A typed dict", tags=["data"])
async def point(data: Point) -> Point:
    return data


@pikku_sessionless_func(title="A list", tags=["data"])
async def names(data: Names) -> list[str]:
    return data.root


@pikku_sessionless_func(title="A number", tags=["data"])
async def double(data: int) -> int:
    return 2 * data


@pikku_sessionless_func(title="A dictionary", tags=["data"])
async def lengths(data: dict[str, str]) -> dict[str, int]:
    return {key: len(value) for key, value in data.items()}


@pikku_sessionless_func(title="Text", tags=["data"])
async def texts(data: Texts) -> Texts:
    return data


@pikku_sessionless_func(title="Optional data", tags=["data"])
async def optional(data: Upto = Upto()) -> int:  # noqa: B008 - what is tried here; it is not changed
    return data.end


@pikku_sessionless_func(title="No data", tags=["data"])
async def hello() -> str:
    return "hello"


@pikku_func(title="Place an order", tags=["orders"], scopes=["orders"])
async def create_order(data: NewOrder, *, orders: Orders, http: Http) -> Order:
    order = Order(id=len(orders.by_id) + 1, **data.model_dump())
    orders.by_id[order.id] = order
    http.set_header("location", f"/orders/{order.id}")
    return order


@pikku_func(title="Look at an order", tags=["orders"], scopes=["orders"])
async def get_order(data: Ref, *, orders: Orders) -> Order:
    return orders.get(data.id)


@pikku_func(title="All orders", tags=["orders"], permissions=[has_name])
async def list_orders(data: Upto, *, orders: Orders) -> list[Order]:
    return list(orders.by_id.values())[: data.end]


@pikku_func(title="Change an order", tags=["orders"], scopes=["orders"])
async def change_order(data: Change, *, orders: Orders) -> Order:
    order = orders.get(data.id)
    if data.count is not None:
        order = order.model_copy(update={"count": data.count})
    orders.by_id[order.id] = order
    return order


@pikku_func(title="Cancel an order", tags=["orders"], scopes=["orders"])
async def cancel_order(data: Ref, *, orders: Orders) -> None:
    orders.get(data.id)
    del orders.by_id[data.id]


@pikku_sessionless_func(title="Who may be there", tags=["sessions"])
async def greet(*, session: Session | None = None) -> str | None:
    return None if session is None else session.user


@pikku_sessionless_func(title="For who is let in", tags=["sessions"], permissions=[is_known])
async def guarded() -> str:
    return "in"


@pikku_func(title="By a token", tags=["sessions"])
async def by_token(*, session: Session) -> str:
    return session.user


@pikku_func(title="By a key", tags=["sessions"])
async def by_key(*, session: Session) -> str:
    return session.user


@pikku_func(title="By a cookie", tags=["sessions"])
async def by_cookie(*, session: Session) -> str:
    return session.user


@pikku_sessionless_func(title="Log in", tags=["sessions"])
async def log_in(data: Login, *, sessions: Sessions[Session]) -> None:
    sessions.set(Session(user=data.user))


@pikku_func(title="Log out", tags=["sessions"])
async def log_out(*, sessions: Sessions[Session]) -> None:
    sessions.clear()


@pikku_sessionless_func(title="Bytes", tags=["answers"])
async def raw(data: Upto) -> bytes:
    return bytes(data.end)


@pikku_sessionless_func(title="A file", tags=["answers"])
async def file(data: File) -> FileAnswer:
    return FileAnswer(data.path, root="files")


@pikku_sessionless_func(title="Elsewhere", tags=["answers"])
async def away() -> Redirect:
    return Redirect("/hello")


@pikku_sessionless_func(title="Perhaps", tags=["answers"])
async def perhaps(data: Upto) -> Card | None:
    return Card(title="a") if data.end else None


@pikku_sessionless_func(title="Another status", tags=["answers"])
async def another(data: Upto, *, http: Http) -> int:
    http.status = 203 if data.end else 200
    return data.end


@pikku_sessionless_func(title="An error", tags=["answers"])
async def fails(data: Upto) -> int:
    if data.end > 3:
        raise ConflictError("That is too many.", payload={"most": 3})
    return data.end


@pikku_sessionless_func(title="Lines", tags=["streams"])
async def lines(data: Upto) -> AsyncIterator[Point]:
    for x in range(data.end):
        yield Point(x=x, y=x / 2)


@pikku_sessionless_func(title="Lines of a thread", tags=["streams"])
def lines_of_a_thread(data: Upto) -> Iterator[int]:
    yield from range(data.end)


@pikku_sessionless_func(title="Parts", tags=["streams"])
async def parts(data: Upto) -> AsyncIterator[bytes]:
    for _ in range(data.end):
        yield b"part"


@pikku_sessionless_func(title="Events", tags=["streams"])
async def events(data: Upto, *, channel: EventChannel[int]) -> AsyncIterator[ServerSentEvent[int]]:
    for number in range(data.end):
        yield ServerSentEvent(number, event="tick", id=str(number))


@pikku_sessionless_func(title="A report", tags=["streams"])
async def report(data: Upto, *, channel: EventChannel[int]) -> Card:
    for number in range(data.end):
        await channel.send(number)
    return Card(title="done")


@pikku_sessionless_func(title="News", tags=["streams"])
async def news(data: Upto, *, channel: EventChannel[int]) -> None:
    for number in range(data.end):
        await channel.send(number)


@pikku_sessionless_func(title="Perhaps a report", tags=["streams"])
async def perhaps_report(data: Upto, *, channel: EventChannel[int], http: Http) -> Card | None:
    if data.end > 1:
        http.status = 203
    return Card(title="done") if data.end else None


@pikku_sessionless_func(title="A card, as it was", tags=["versions"], version=1)
async def create_card_v1(data: Card) -> Card:
    return data


@pikku_sessionless_func(title="A card", tags=["versions"], version=2)
async def create_card_v2(data: Card) -> list[Card]:
    return [data]


@pikku_sessionless_func(title="In capitals", tags=["rpc"], expose="public")
async def shout(data: str) -> str:
    return data.upper()


@pikku_func(title="For who is known", tags=["rpc"], expose=True)
async def whisper(data: Card, *, session: Session) -> str:
    return f"{session.user}: {data.title}"

"""The functions: none of them knows which transport calls it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from acme_mail.models import Mail, Receipt

from app.models import Caller, Login, Order, Pipe, Sum, Total
from app.session import Session, is_buyer
from pikku_core import ConflictError, pikku_func, pikku_sessionless_func

if TYPE_CHECKING:
    from acme_line import Line

    from pikku_app import Rpc
    from pikku_core import Sessions


@pikku_sessionless_func
async def add(data: Sum) -> Total:
    if data.left == data.right:
        raise ConflictError("Double it yourself.", payload={"twice": data.left})
    return Total(total=data.left + data.right)


@pikku_sessionless_func
async def sign_in(data: Login, *, sessions: Sessions[Session]) -> None:
    sessions.set(Session(name=data.name))


@pikku_sessionless_func
async def caller(*, line: Line | None = None) -> Caller:
    if line is None:
        return Caller(transport="other")
    return Caller(transport="line", user=line.connection.user)


@pikku_func(permissions=[is_buyer])
async def order(data: Order, *, rpc: Rpc, session: Session) -> list[Receipt]:
    first = await rpc.acme.send(Mail(to=session.name, text=f"You bought {data.article}."))
    second = await rpc.invoke("acme:send", Mail(to="stock", text=data.article))
    return [first, second]


@pikku_sessionless_func
async def fail() -> None:
    raise RuntimeError("the secret of the shop")


@pikku_sessionless_func
async def leave() -> None:
    raise SystemExit(3)


@pikku_sessionless_func
def read_pipe(data: Pipe) -> str:
    """Answers when somebody has written to a named pipe."""
    return Path(data.path).read_text()

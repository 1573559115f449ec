"""Functions with and without a session, one that others call by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.models import Card, CardRef
from pikku_core import pikku_func, pikku_sessionless_func

if TYPE_CHECKING:
    from app.services import Mailer, UnitOfWork
    from app.session import Session
    from pikku_app import Rpc, Variables


@pikku_sessionless_func(title="Read a card", tags=["cards"], expose=True, readonly=True)
async def get_card(data: CardRef) -> Card:
    """Reads a card."""
    return Card(card_id=data.card_id, title="A card")


@pikku_func(tags=["cards"])
async def list_cards(*, session: Session, rpc: Rpc, variables: Variables) -> list[Card]:
    """Lists somebody's cards."""
    cards = [await rpc.get_card(CardRef(card_id=len(session.user_id)))]
    return cards[: variables.page_size]


@pikku_func(tags=["cards"], version=1)
async def save_card(data: Card) -> Card:
    """Writes a card."""
    return data


@pikku_func(version=2)
async def save_card_v2(data: Card, *, mailer: Mailer) -> Card:
    """Writes a card, and says so by mail."""
    mailer.send(data.label)
    return data


@pikku_func(scopes=["cards:write"])
async def delete_card(data: CardRef, *, unit_of_work: UnitOfWork, rpc: Rpc) -> None:
    """Deletes a card, and says so by mail."""
    await rpc.mail.send(f"{unit_of_work.database.path}: {data.card_id}")

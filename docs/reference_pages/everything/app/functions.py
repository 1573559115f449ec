"""Functions with and without a session, one that others call by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.models import Card, CardRef
from pikku_core import pikku_func, pikku_sessionless_func

if TYPE_CHECKING:
    from app.services import UnitOfWork
    from app.session import Session
    from pikku_app import Rpc


@pikku_sessionless_func(title="Read a card", tags=["cards"], expose=True, readonly=True)
async def get_card(data: CardRef) -> Card:
    """Reads a card."""
    return Card(card_id=data.card_id, title="A card")


@pikku_func(tags=["cards"])
async def list_cards(*, session: Session, rpc: Rpc) -> list[Card]:
    """Lists somebody's cards."""
    return [await rpc.get_card(CardRef(card_id=len(session.user_id)))]


@pikku_func(tags=["cards"])
async def save_card(data: Card) -> Card:
    """Writes a card."""
    return data


@pikku_func(scopes=["cards:write"])
async def delete_card(data: CardRef, *, unit_of_work: UnitOfWork, rpc: Rpc) -> None:
    """Deletes a card, and says so by mail."""
    await rpc.mail.send(f"{unit_of_work.database.path}: {data.card_id}")

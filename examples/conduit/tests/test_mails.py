"""Mails to the followers of an author, by the API and the queues that work for it."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Client

from pikku_core.testing import BlockingApp
from pikku_queue import Schedule
from pikku_queue.testing import all_settled, working

DRAFT = {"title": "Dragons", "description": "About dragons", "body": "They exist."}


@pytest.fixture
def outbox(app: BlockingApp, tmp_path: Path) -> Iterator[Path]:
    """The folder of the mails, while the queues are worked off."""
    with app.portal.wrap_async_context_manager(working(app.app)):
        yield tmp_path / "outbox"


def mails(app: BlockingApp, outbox: Path) -> list[EmailMessage]:
    """The mails that were sent once nothing is left to do, by address."""
    app.run(all_settled, app.app)
    read = [message_from_bytes(file.read_bytes(), policy=default) for file in outbox.glob("*.eml")]
    return sorted(read, key=lambda mail: str(mail["To"]))


def publish(author: Client, **changes: str) -> dict[str, Any]:
    answer = author.post("/articles", json={"article": {**DRAFT, **changes}})
    assert answer.status_code == 201
    article: dict[str, Any] = answer.json()["article"]
    return article


def test_followers_get_a_mail_with_the_article(
    app: BlockingApp, outbox: Path, jake: Client, jane: Client
) -> None:
    jane.post("/profiles/jake/follow")
    publish(jake)
    (mail,) = mails(app, outbox)
    assert (mail["To"], mail["Subject"]) == ("jane@conduit.test", "jake published Dragons")
    assert mail.get_content().splitlines() == ["About dragons", "", "They exist."]


def test_who_does_not_follow_or_no_longer_does_gets_none(
    app: BlockingApp, outbox: Path, jake: Client, jane: Client
) -> None:
    jane.post("/profiles/jake/follow")
    jane.delete("/profiles/jake/follow")
    publish(jake)
    assert mails(app, outbox) == []


def test_a_title_of_several_lines_is_one_subject(
    app: BlockingApp, outbox: Path, jake: Client, jane: Client
) -> None:
    jane.post("/profiles/jake/follow")
    publish(jake, title="Dragons\r\nBcc: everybody@conduit.test")
    (mail,) = mails(app, outbox)
    assert mail["Subject"] == "jake published Dragons Bcc: everybody@conduit.test"
    assert mail["Bcc"] is None


def test_a_change_of_an_article_is_no_news(
    app: BlockingApp, outbox: Path, jake: Client, jane: Client
) -> None:
    jane.post("/profiles/jake/follow")
    slug = publish(jake)["slug"]
    jake.put(f"/articles/{slug}", json={"article": {"body": "They do not."}})
    assert len(mails(app, outbox)) == 1


def test_an_article_that_is_gone_is_news_to_nobody(
    app: BlockingApp, jake: Client, jane: Client, tmp_path: Path
) -> None:
    jane.post("/profiles/jake/follow")
    slug = publish(jake)["slug"]
    assert jake.delete(f"/articles/{slug}").status_code == 204
    with app.portal.wrap_async_context_manager(working(app.app)):
        assert mails(app, tmp_path / "outbox") == []


def test_the_digest_has_what_was_published_since_the_day_before(
    app: BlockingApp, outbox: Path, jake: Client, jane: Client
) -> None:
    publish(jake)
    publish(jake, title="Snakes")
    assert mails(app, outbox) == []
    jane.post("/profiles/jake/follow")
    app.run(Schedule(app.service("schedule_connection")).trigger, "daily-digest")
    (mail,) = mails(app, outbox)
    assert (mail["To"], mail["Subject"]) == ("jane@conduit.test", "New on Conduit since yesterday")
    assert mail.get_content().splitlines() == ["- Dragons, by jake", "- Snakes, by jake"]


def test_who_has_nothing_to_read_gets_no_digest(
    app: BlockingApp, outbox: Path, jake: Client, jane: Client
) -> None:
    publish(jake)
    app.run(Schedule(app.service("schedule_connection")).trigger, "daily-digest")
    assert mails(app, outbox) == []

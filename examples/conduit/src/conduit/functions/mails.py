"""What happens after an answer has been sent, or every morning: jobs of queues, each tried again until it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from conduit.models.articles import ArticleRef
from conduit.models.mails import Mail
from pikku_core import NotFoundError, pikku_sessionless_func

if TYPE_CHECKING:
    from conduit.services.articles import Articles
    from conduit.services.mailer import Mailer
    from conduit.services.users import Users
    from pikku_app import SyncQueue
    from pikku_queue import ScheduledTask, SyncJob

DAY = timedelta(days=1)


@pikku_sessionless_func(title="Tell the followers of an author of an article", tags=["mails"])
def announce_article(
    data: ArticleRef, *, articles: Articles, users: Users, queue: SyncQueue, job: SyncJob
) -> int:
    """Adds a mail for each follower, so that one which cannot be sent keeps no other waiting; says how many."""
    try:
        article = articles.get(data.slug, None)
    except NotFoundError:
        # It was added before the author's transaction was committed, which may still come, or never.
        if job.is_last_attempt:
            job.discard("There is no such article.")
        job.fail("There is no such article yet.")
    followers = users.followers_of(article.author.username)
    for follower in followers:
        queue.mails.add(
            Mail(
                to=follower.email,
                subject=f"{article.author.username} published {article.title}",
                text=f"{article.description}\n\n{article.body}\n",
            ),
            job_id=f"{job.id}.{follower.id}",
        )
    return len(followers)


@pikku_sessionless_func(title="Send the digest of a day", tags=["mails"])
def send_digests(*, articles: Articles, queue: SyncQueue, scheduled_task: ScheduledTask) -> int:
    """Adds a mail for each reader whom authors that they follow have given something to read; says how many."""
    until = scheduled_task.due
    digests = articles.digests(until - DAY, until)
    for digest in digests:
        titles = "".join(f"- {news.title}, by {news.author}\n" for news in digest.news)
        queue.mails.add(
            Mail(to=digest.email, subject="New on Conduit since yesterday", text=titles),
            job_id=f"{scheduled_task.id}.{digest.reader_id}",
        )
    return len(digests)


@pikku_sessionless_func(title="Send a mail", tags=["mails"])
def send_mail(data: Mail, *, mailer: Mailer, job: SyncJob) -> None:
    mailer.send(data, job.id)

"""kombu's Redis transport for workers that have a ledger.

A message that was begun is acknowledged by the ledger, in one step with what it records: Celery's own acknowledgement, which comes
after the attempt, has nothing left to do in Redis.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from pikku_queue.queue.celery.library import dumps, redis, virtual

OWN: Final = "pikku:"
"""What the delivery tags of the ledger begin with."""


class QoS(redis.QoS):  # type: ignore[misc] # it has no type
    """Which messages this process has taken.

    One that the ledger has published needs no copy elsewhere: the ledger publishes it anew if it is not begun.
    """

    def append(self, message: Any, delivery_tag: str) -> None:
        """Keeps a message that was taken until it is begun."""
        kind = virtual.QoS if delivery_tag.startswith(OWN) else redis.QoS
        kind.append(self, message, delivery_tag)

    def ack(self, delivery_tag: str) -> None:
        """Forgets a message that the ledger has."""
        begun: set[str] = self.channel.begun
        kind = virtual.QoS if delivery_tag.startswith(OWN) or delivery_tag in begun else redis.QoS
        begun.discard(delivery_tag)
        kind.ack(self, delivery_tag)

    def restore_unacked(self, client: Any = None) -> None:
        """Gives back what was taken; what was begun meanwhile is passed over when it comes again."""
        with self.channel.conn_or_acquire(client) as connected:
            for tag, message in list(self._delivered.items()):
                if tag.startswith(OWN):
                    queue, priority = (
                        message.delivery_info["routing_key"],
                        message.properties["priority"],
                    )
                    connected.rpush(self.channel._q_for_pri(queue, priority), dumps(message._raw))  # noqa: SLF001 - what kombu's own does
                    del self._delivered[tag]
        redis.QoS.restore_unacked(self, client)


class Channel(redis.Channel):  # type: ignore[misc] # it has no type
    """A channel that knows which messages were begun.

    Attributes:
        begun: Their delivery tags.
    """

    QoS = QoS
    begun: ClassVar[set[str]] = set()
    from_transport_options = (*redis.Channel.from_transport_options, "begun")


class Transport(redis.Transport):  # type: ignore[misc] # it has no type
    """The transport."""

    Channel = Channel

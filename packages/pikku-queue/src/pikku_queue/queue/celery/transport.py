"""kombu's Redis transport for workers that have a ledger.

A message that was begun is acknowledged by the ledger, in one step with what it records: Celery's own acknowledgement, which comes
after the attempt, has nothing left to do in Redis.
"""

from __future__ import annotations

import time
from typing import Any, ClassVar

from pikku_queue.queue.celery.library import dumps, redis, virtual


class QoS(redis.QoS):  # type: ignore[misc] # it has no type
    """Which messages this process has, and has not begun."""

    _client: Any = None

    def append(self, message: Any, delivery_tag: str) -> None:
        """Keeps a message that was taken until it is begun."""
        info = message.delivery_info
        kept = dumps([message._raw, info["exchange"], info["routing_key"]])  # noqa: SLF001 - as kombu's own does
        if self._client is None:
            # kombu makes a client for each message, which takes longer than all else that is done with it.
            self._client = self.channel._create_client()  # noqa: SLF001 - see above
        with self._client.pipeline() as pipe:
            pipe.zadd(self.unacked_index_key, {delivery_tag: time.time()})
            pipe.hset(self.unacked_key, delivery_tag, kept)
            pipe.execute()
        virtual.QoS.append(self, message, delivery_tag)

    def ack(self, delivery_tag: str) -> None:
        """Forgets a message."""
        if delivery_tag in self.channel.begun:
            self.channel.begun.discard(delivery_tag)
            virtual.QoS.ack(self, delivery_tag)
        else:
            redis.QoS.ack(self, delivery_tag)


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

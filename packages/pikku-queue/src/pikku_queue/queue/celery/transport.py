"""kombu's Redis transport for workers that have a ledger.

A message that was begun is acknowledged by the ledger, in one step with what it records: Celery's own acknowledgement, which comes
after the attempt, has nothing left to do in Redis.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pikku_queue.queue.celery.library import Empty, dumps, redis, virtual, worker_state
from pikku_queue.queue.celery.refusal import Refusal, fault_of, refused

if TYPE_CHECKING:
    from collections.abc import Callable

log: Final = logging.getLogger("pikku.queue")

OWN: Final = "pikku:"
"""What the delivery tags of the ledger begin with."""
SOON: Final = 0.05
"""Seconds for which the broker is waited for while a queue is passed over that may have room in a moment."""


class QoS(redis.QoS):  # type: ignore[misc] # it has no type
    """Which messages this process has taken.

    One that the ledger has published needs no copy elsewhere: the ledger publishes it anew if it is not begun.
    """

    def append(self, message: Any, delivery_tag: str) -> None:
        """Keeps a message that was taken until it is begun."""
        kind = virtual.QoS if delivery_tag.startswith(OWN) else redis.QoS
        kind.append(self, message, delivery_tag)

    def ack(self, delivery_tag: str) -> None:
        """Forgets a message that the ledger has; one that Celery has put away before it was begun is recorded as such."""
        begun: set[str] = self.channel.begun
        if delivery_tag not in begun:
            self._put_away(delivery_tag)
        begun.discard(delivery_tag)
        virtual.QoS.ack(self, delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Gives a message back, or records that nobody takes it."""
        if requeue:
            redis.QoS.reject(self, delivery_tag, requeue=True)
        else:
            self.ack(delivery_tag)

    def _put_away(self, delivery_tag: str) -> None:
        message = self._delivered.get(delivery_tag)
        if message is not None:
            raw = message._raw  # noqa: SLF001 - what kombu's own does
            queue = str(raw["properties"]["delivery_info"]["routing_key"])
            self.channel.refuse(refused(queue, raw, worker_state.revoked))

    def restore_unacked(self, client: Any = None) -> None:
        """Gives back what was taken and not begun.

        Where the broker cannot be reached that has time: the ledger publishes its own anew, and others are in Redis still.
        """
        left = {tag: one for tag, one in self._delivered.items() if tag not in self.channel.begun}
        self._delivered.clear()
        if not left:
            return
        try:
            with self.channel.conn_or_acquire(client) as connected:
                for tag, message in left.items():
                    self._restore(tag, message, connected)
        except Exception as error:  # noqa: BLE001 - a connection that is gone has many of them
            log.warning("What was taken and not begun is given back later: %s", error)

    def _restore(self, tag: str, message: Any, client: Any) -> None:
        if tag.startswith(OWN):
            queue, priority = message.delivery_info["routing_key"], message.properties["priority"]
            client.rpush(self.channel._q_for_pri(queue, priority), dumps(message._raw))  # noqa: SLF001 - what kombu's own does
        else:
            self.restore_by_tag(tag, client=client)


class Channel(redis.Channel):  # type: ignore[misc] # it has no type
    """A channel that knows which messages were begun, and loses none that cannot be.

    Attributes:
        begun: Their delivery tags.
        refuse: Records one that cannot be.
    """

    QoS = QoS
    begun: ClassVar[set[str]] = set()
    refuse: Callable[[Refusal], None]
    from_transport_options = (*redis.Channel.from_transport_options, "begun", "refuse")

    def _brpop_start(self, timeout: float | None = None) -> None:
        taken = self._queue_cycle.consume(len(self.active_queues))
        if timeout is None and len(taken) < len(self.active_queues):
            timeout = SOON
        redis.Channel._brpop_start(self, timeout)  # noqa: SLF001 - its own

    def _brpop_read(self, **options: Any) -> bool:
        try:
            found = self._answer(**options)
            if not found:
                raise Empty
            name, text = found
            queue = name.decode().rsplit(self.sep, 1)[0]
            self._queue_cycle.rotate(queue)
            fault = fault_of(text)
            if fault:
                self.refuse(Refusal(queue=queue, text=text.decode(errors="replace"), reason=fault))
            else:
                self.connection._deliver(json.loads(text), queue)  # noqa: SLF001 - what kombu's own does
            return True
        finally:
            self._in_poll = None
            self._flush_brpop_reauth()

    def _answer(self, **options: Any) -> Any:
        try:
            return self.client.parse_response(self.client.connection, "BRPOP", **options)
        except self.connection_errors:
            self.client.connection.disconnect()  # so that it connects anew
            raise


class Transport(redis.Transport):  # type: ignore[misc] # it has no type
    """The transport."""

    Channel = Channel

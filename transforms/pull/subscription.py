"""A Pub/Sub subscription: messages are pulled, and acknowledged when that is said.

With PUBSUB_EMULATOR_HOST set it talks to that server, without credentials.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from google.api_core.exceptions import (
    Aborted,
    DeadlineExceeded,
    InternalServerError,
    ResourceExhausted,
    RetryError,
    ServiceUnavailable,
    Unknown,
)
from google.cloud.pubsub_v1 import SubscriberClient

AGAIN_AFTER = 600
"""Seconds, the most that Pub/Sub allows, after which it delivers again what is not acknowledged."""

_AT_MOST = 100
_SECONDS = 30
_FOR_NOW = (
    *(Aborted, DeadlineExceeded, InternalServerError, ResourceExhausted),
    *(RetryError, ServiceUnavailable, Unknown),
)


@dataclass(frozen=True, slots=True)
class Message:
    """What was published; the `repr` shows nothing of it. `published` is in seconds since 1970."""

    payload: bytes = field(repr=False)
    attributes: Mapping[str, str] = field(repr=False)
    published: float
    ack_id: str


class Subscription:
    """One subscription; `again_after` is in seconds."""

    def __init__(self, name: str, again_after: int, client: Any = None) -> None:
        self._name, self._again_after = name, again_after
        self._client = client or _client()

    def pull(self) -> list[Message] | None:
        """Return some messages, none where there are none, and None where the service says nothing.

        Raises:
            GoogleAPICallError: the subscription cannot be read, now or later.
        """
        # An answer at once: to wait for messages and get none would be no answer.
        request = {
            "subscription": self._name,
            "max_messages": _AT_MOST,
            "return_immediately": True,
        }
        try:
            response = self._client.pull(request=request, timeout=_SECONDS)
            messages = [_message(received) for received in response.received_messages]
            self._keep([message.ack_id for message in messages])
        except _FOR_NOW:
            return None
        return messages

    def _keep(self, ack_ids: list[str]) -> None:
        """Ask for the time until what was pulled comes again, whatever the subscription says."""
        if ack_ids:
            self._client.modify_ack_deadline(
                request={
                    "subscription": self._name,
                    "ack_ids": ack_ids,
                    "ack_deadline_seconds": self._again_after,
                },
                timeout=_SECONDS,
            )

    def acknowledge(self, ack_ids: Iterable[str]) -> None:
        """Have messages not delivered again; what fails here only brings them again."""
        left = list(ack_ids)
        while left:
            some, left = left[:1000], left[1000:]
            request = {"subscription": self._name, "ack_ids": some}
            self._client.acknowledge(request=request, timeout=_SECONDS)


def _message(received: Any) -> Message:
    message = received.message
    published = message.publish_time.timestamp()
    return Message(message.data, dict(message.attributes), published, received.ack_id)


@cache
def _client() -> SubscriberClient:
    return SubscriberClient()

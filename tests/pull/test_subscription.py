"""What is asked of the Pub/Sub service, and what its answers become."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from google.api_core.exceptions import DeadlineExceeded, NotFound, ServiceUnavailable

from transforms.pull import Subscription

WHEN = datetime(2026, 1, 5, tzinfo=UTC)


class Client:
    def __init__(self, *answers: Any) -> None:
        self.answers, self.asked = list(answers), []  # type: ignore[var-annotated]

    def pull(self, request: dict[str, Any], timeout: float) -> Any:  # noqa: ARG002
        self.asked.append(("pull", request["subscription"]))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return SimpleNamespace(received_messages=answer)

    def modify_ack_deadline(self, request: dict[str, Any], timeout: float) -> None:  # noqa: ARG002
        self.asked.append(("keep", request["ack_ids"], request["ack_deadline_seconds"]))

    def acknowledge(self, request: dict[str, Any], timeout: float) -> None:  # noqa: ARG002
        self.asked.append(("acknowledge", request["ack_ids"]))


def received(ack_id: str) -> Any:
    message = SimpleNamespace(data=b"dump", attributes={"a": "b"}, publish_time=WHEN)
    return SimpleNamespace(message=message, ack_id=ack_id)


def test_what_is_pulled_is_kept_for_as_long_as_is_said() -> None:
    client = Client([received("one"), received("two")])
    first, second = Subscription("s", 600, client).pull() or []
    assert (first.payload, first.attributes) == (b"dump", {"a": "b"})
    assert (first.published, second.ack_id) == (WHEN.timestamp(), "two")
    assert client.asked == [("pull", "s"), ("keep", ["one", "two"], 600)]


def test_no_message_is_another_answer_than_none() -> None:
    client = Client([], ServiceUnavailable("later"), DeadlineExceeded("later"))
    subscription = Subscription("s", 600, client)
    assert subscription.pull() == []
    assert subscription.pull() is None
    assert subscription.pull() is None


def test_a_subscription_that_is_not_there_is_an_error() -> None:
    with pytest.raises(NotFound):
        Subscription("s", 600, Client(NotFound("s"))).pull()


def test_many_messages_are_acknowledged_in_several_requests() -> None:
    client = Client()
    Subscription("s", 600, client).acknowledge(map(str, range(2_500)))
    assert [len(ack_ids) for _, ack_ids in client.asked] == [1_000, 1_000, 500]
    assert [each for _, ack_ids in client.asked for each in ack_ids] == list(map(str, range(2_500)))


def test_nothing_to_acknowledge_asks_nothing() -> None:
    client = Client()
    Subscription("s", 600, client).acknowledge([])
    assert client.asked == []


def test_a_message_does_not_show_what_it_holds() -> None:
    (message,) = Subscription("s", 600, Client([received("one")])).pull() or []
    assert "dump" not in repr(message)
    assert "'b'" not in repr(message)

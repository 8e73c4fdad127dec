"""Messages of a Pub/Sub subscription: what is pulled, when it may be acknowledged, what is past."""

from transforms.pull.acknowledgements import BEGINNING, Acknowledgements, NotDurableError, Turn
from transforms.pull.progress import NOTHING_YET, PullProgress
from transforms.pull.subscription import AGAIN_AFTER, Message, Subscription

__all__ = [
    "AGAIN_AFTER",
    "BEGINNING",
    "NOTHING_YET",
    "Acknowledgements",
    "Message",
    "NotDurableError",
    "PullProgress",
    "Subscription",
    "Turn",
]

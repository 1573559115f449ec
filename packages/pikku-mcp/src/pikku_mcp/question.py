"""What functions ask clients, and what these answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar

from pikku_core.errors import PikkuError

if TYPE_CHECKING:
    from pikku_mcp.content import Audio, Image, Message, Text

T = TypeVar("T")


class ClientLacksError(PikkuError):
    """The client does not say that it can be asked for something."""

    status = 400
    code = "client_lacks"
    mcp_code = -32021
    default_message = "The client cannot be asked that."


@dataclass(frozen=True, slots=True)
class Elicit(Generic[T]):
    """A form for the person in front of the client; see `Mcp.elicit`."""

    message: str
    form: type[T]


@dataclass(frozen=True, slots=True)
class Sample:
    """A conversation for the model of the client; see `Mcp.sample`."""

    messages: list[Message]
    max_tokens: int = 1000
    system: str = ""


@dataclass(frozen=True, slots=True)
class ListRoots:
    """The folders that the client works in; see `Mcp.roots`."""


Question: TypeAlias = Elicit[Any] | Sample | ListRoots
"""What `Mcp.ask` asks."""


@dataclass(frozen=True, slots=True)
class Elicited(Generic[T]):
    """What a person said.

    Attributes:
        action: Whether they filled the form in, refused, or went away.
        data: The form; None where they did not fill it in.
    """

    action: Literal["accept", "cancel", "decline"]
    data: T | None = None


@dataclass(frozen=True, slots=True)
class Sampled:
    """What a model said.

    Attributes:
        model: Its name.
        stopped: Why it stopped, as the client says; empty where it does not.
    """

    content: Text | Image | Audio
    model: str
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that the client works in: a `file:` URI."""

    uri: str
    name: str = ""

"""What tools and prompts may give beside data: text, images, sounds, resources.

Functions return these and know nothing of a protocol; on other transports they are written as the data that they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pydantic import Base64Bytes  # noqa: TC002 - pydantic reads the annotations of what functions return


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom content is for (revision 2025-11-25, server/resources, "Annotations").

    Attributes:
        roles: `user`, `assistant`, or both.
        priority: 0, which may be left out, to 1, which must not be.
        last_modified: ISO 8601.
    """

    roles: tuple[Literal["user", "assistant"], ...] = ()
    priority: float | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Text for a model or a person."""

    text: str
    audience: Audience | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Image:
    """An image: its bytes, and a type such as `image/png`."""

    data: Base64Bytes
    mime_type: str
    audience: Audience | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Audio:
    """A sound: its bytes, and a type such as `audio/wav`."""

    data: Base64Bytes
    mime_type: str
    audience: Audience | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceLink:
    """A resource that the client may read if it wants to.

    Attributes:
        name: For programs; `title` is for people.
        size: Bytes, before any encoding.
    """

    uri: str
    name: str
    title: str = ""
    description: str = ""
    mime_type: str = ""
    size: int | None = None
    audience: Audience | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextResource:
    """A resource of text, whole."""

    uri: str
    text: str
    mime_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BinaryResource:
    """A resource of bytes, whole."""

    uri: str
    data: Base64Bytes
    mime_type: str = ""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A resource inside an answer."""

    resource: TextResource | BinaryResource
    audience: Audience | None = field(default=None, kw_only=True)


Content: TypeAlias = Text | Image | Audio | ResourceLink | Embedded
"""What an answer for a model is made of; a tool returns one, or a list of them."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a prompt.

    Attributes:
        content: A text is a `Text`.
        role: Who says it.
    """

    content: str | Content
    role: Literal["user", "assistant"] = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What somebody has typed of an argument so far: the data of a function that completes it.

    Attributes:
        value: The beginning of the argument.
        arguments: The other arguments that are there already.
    """

    value: str
    arguments: dict[str, str] = field(default_factory=dict[str, str])


CONTENTS = (Text, Image, Audio, ResourceLink, Embedded)
RESOURCES = (TextResource, BinaryResource)

from __future__ import annotations

from conduit.models.fields import Model


class ProfileRef(Model):
    username: str


class Profile(Model):
    """What anybody may know of a user; `following` says whether the caller does."""

    username: str
    bio: str | None
    image: str | None
    following: bool


class ProfileAnswer(Model):
    profile: Profile

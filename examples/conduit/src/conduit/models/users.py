from __future__ import annotations

from pydantic import ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from conduit.models.fields import (
    ClearableText,
    Email,
    EmailChange,
    Model,
    Password,
    PasswordChange,
    Text,
    TextChange,
)


class NewUser(Model):
    username: Text
    email: Email
    password: Password


class Registration(Model):
    user: NewUser


class Credentials(Model):
    email: Text
    password: Password


class Login(Model):
    user: Credentials


class UserChanges(Model):
    """What to change: only what was sent is touched, and only `bio` and `image` may be null."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    username: TextChange = None
    email: EmailChange = None
    password: PasswordChange = None
    bio: ClearableText = None
    image: ClearableText = None

    @model_validator(mode="after")
    def change_something(self) -> UserChanges:
        if not self.model_fields_set:
            raise PydanticCustomError("nothing_to_change", "needs at least one field to change")
        return self


class UserUpdate(Model):
    user: UserChanges


class User(Model):
    """The caller's own account, with a fresh token."""

    email: str
    token: str
    username: str
    bio: str | None
    image: str | None


class UserAnswer(Model):
    user: User

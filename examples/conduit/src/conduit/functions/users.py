from __future__ import annotations

from typing import TYPE_CHECKING

from conduit.errors import wrong_credentials
from conduit.models.users import Login, Registration, User, UserAnswer, UserUpdate
from pikku_core import pikku_func, pikku_sessionless_func

if TYPE_CHECKING:
    from conduit.services.passwords import Passwords
    from conduit.services.users import Account, Users
    from conduit.session import Session
    from pikku_core.services import Tokens


@pikku_sessionless_func(title="Register", tags=["users"])
def register(
    data: Registration, *, users: Users, passwords: Passwords, tokens: Tokens
) -> UserAnswer:
    password_hash = passwords.hash(data.user.password)
    account = users.add(
        username=data.user.username, email=data.user.email, password_hash=password_hash
    )
    return answer(account, tokens)


@pikku_sessionless_func(title="Log in", tags=["users"])
def login(data: Login, *, users: Users, passwords: Passwords, tokens: Tokens) -> UserAnswer:
    account = users.find(data.user.email)
    password_hash = None if account is None else account.password_hash
    if not passwords.match(data.user.password, password_hash) or account is None:
        raise wrong_credentials()
    return answer(account, tokens)


@pikku_func(title="Read one's own account", tags=["users"])
def get_current_user(*, users: Users, tokens: Tokens, session: Session) -> UserAnswer:
    return answer(users.get(session.user_id), tokens)


@pikku_func(title="Change one's own account", tags=["users"])
def update_current_user(
    data: UserUpdate, *, users: Users, passwords: Passwords, tokens: Tokens, session: Session
) -> UserAnswer:
    password = data.user.password
    password_hash = None if password is None else passwords.hash(password)
    return answer(users.change(session.user_id, data.user, password_hash), tokens)


def answer(account: Account, tokens: Tokens) -> UserAnswer:
    return UserAnswer(
        user=User(
            email=account.email,
            token=tokens.issue(str(account.id)),
            username=account.username,
            bio=account.bio,
            image=account.image,
        )
    )

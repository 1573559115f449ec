from __future__ import annotations

from typing import TYPE_CHECKING

from conduit.models.profiles import ProfileAnswer, ProfileRef
from conduit.session import Session, viewer_of
from pikku_core import pikku_func, pikku_sessionless_func

if TYPE_CHECKING:
    from conduit.services.profiles import Profiles


@pikku_sessionless_func(title="Read a profile", tags=["profiles"])
def get_profile(
    data: ProfileRef, *, profiles: Profiles, session: Session | None = None
) -> ProfileAnswer:
    return ProfileAnswer(profile=profiles.get(data.username, viewer_of(session)))


@pikku_func(title="Follow a user", tags=["profiles"])
def follow_user(data: ProfileRef, *, profiles: Profiles, session: Session) -> ProfileAnswer:
    return ProfileAnswer(profile=profiles.follow(data.username, session.user_id))


@pikku_func(title="Unfollow a user", tags=["profiles"])
def unfollow_user(data: ProfileRef, *, profiles: Profiles, session: Session) -> ProfileAnswer:
    return ProfileAnswer(profile=profiles.unfollow(data.username, session.user_id))

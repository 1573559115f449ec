from __future__ import annotations

from pydantic import Field

from conduit.models.articles import ArticleRef
from conduit.models.fields import LARGEST_INTEGER, Model, Text, Timestamp
from conduit.models.profiles import Profile


class NewComment(Model):
    body: Text


class CommentDraft(ArticleRef):
    comment: NewComment


class CommentRef(ArticleRef):
    id: int = Field(ge=1, le=LARGEST_INTEGER)


class Comment(Model):
    id: int
    created_at: Timestamp
    updated_at: Timestamp
    body: str
    author: Profile


class CommentAnswer(Model):
    comment: Comment


class CommentList(Model):
    comments: list[Comment]

"""The data of the functions."""

from __future__ import annotations

from pydantic import BaseModel


class Sum(BaseModel):
    left: int
    right: int


class Total(BaseModel):
    total: int


class Login(BaseModel):
    name: str


class Order(BaseModel):
    buyer: str
    article: str


class Caller(BaseModel):
    transport: str
    user: int | None = None


class Pipe(BaseModel):
    path: str

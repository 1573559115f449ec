"""Data of every kind that a field may have."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, RootModel, computed_field
from typing_extensions import TypedDict


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = Field(default=9, ge=0, le=9)


class Dog(BaseModel):
    kind: Literal["dog"]
    loud: bool


Pet = Annotated[Cat | Dog, Field(discriminator="kind")]


class Point(TypedDict):
    x: int
    y: float


@dataclass
class Path:
    points: list[Point] = field(default_factory=list[Point])
    closed: bool = False


class Plain(BaseModel):
    """Fields of all plain types."""

    text: str
    whole: int
    number: float
    yes: bool
    day: date
    moment: datetime
    at: time
    lasts: timedelta
    amount: Decimal
    id: UUID
    colour: Colour
    level: Level
    one: Literal["a", "b"]
    raw: bytes


class Bounded(BaseModel):
    """Fields with bounds, defaults and names of their own."""

    model_config = ConfigDict(extra="forbid")

    label: str = Field(min_length=1, max_length=8, pattern="^[a-z]+$", examples=["box"])
    price: float = Field(ge=0, lt=1000, description="What it costs.")
    count: int = Field(default=1, ge=1, le=5, multiple_of=1)
    tags: list[str] = Field(default=[], max_length=3)
    dry_run: bool = Field(default=False, alias="dryRun")
    old: str | None = Field(default=None, deprecated=True)


class Nested(BaseModel):
    """Containers, unions, what may be null, and itself."""

    maybe: int | None
    either: int | str
    pet: Pet | None = None
    numbers: list[int] = []
    unique: set[str] = set()
    pair: tuple[int, str] | None = None
    by_name: dict[str, float] = {}
    path: Path = Path()
    inner: list[Nested] = Field(default=[], max_length=2)

    @computed_field
    def size(self) -> int:
        return 1 + sum(one.size for one in self.inner)


class Texts(BaseModel):
    """What text in a query string becomes."""

    text: str | None = Field(default=None, max_length=10)
    whole: int = Field(default=10, ge=1, le=50, alias="max")
    number: float | None = None
    yes: bool = False
    day: date | None = None
    colour: Colour = Colour.RED
    colours: list[Colour] = Field(default=[], max_length=3)
    level: Level = Level.LOW
    levels: list[int] = []
    id: UUID | None = None


class Names(RootModel[list[Annotated[str, Field(min_length=1)]]]):
    pass


class Ref(BaseModel):
    id: int = Field(ge=0, lt=2**53)


class NewOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")

    item: str = Field(min_length=1, max_length=20)
    count: int = Field(default=1, ge=1, le=100)
    colour: Colour = Colour.RED


class Order(NewOrder):
    id: int


class Change(BaseModel):
    id: int = Field(ge=0, lt=2**53)
    count: int | None = Field(default=None, ge=1, le=100)
    day: date | None = None
    notify: bool = False


class Upto(BaseModel):
    end: int = Field(default=3, ge=0, le=10)


class File(BaseModel):
    path: str = Field(examples=["hello.txt"])


class Login(BaseModel):
    user: str = Field(min_length=1, max_length=20)


class Card(BaseModel):
    title: str

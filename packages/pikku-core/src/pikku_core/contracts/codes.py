"""What is reported of contracts. An example is source, or commands; `_CARD` is what is recorded unless it says otherwise."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin.diagnostics import DiagnosticCode

_TYPE: Final = """\
class CreateCard(BaseModel):
    title: str
    colour: str | None = None

"""
_CARD: Final = f"""{_TYPE}\
@pikku_sessionless_func(version=1)
async def create_card_v1(data: CreateCard) -> int: ...
"""
_CHANGED: Final = _CARD.replace("colour: str | None = None", "colour: str")
_BESIDE: Final = f"""{_CARD}
class CreateColouredCard(CreateCard):
    colour: str

@pikku_sessionless_func(version=2)
async def create_card_v2(data: CreateColouredCard) -> int: ...
"""
_LATER: Final = """
@pikku_sessionless_func(version=4)
async def create_card_v4(data: CreateCard) -> None: ...
"""

CODES: Final = (
    DiagnosticCode(
        code="PKU860",
        title="no contracts are recorded",
        explanation="`pikku versions check` compares with `versions.pikku.json`, which is not there. `pikku versions "
        "init` writes it; commit it with the source.",
        example="pikku versions check",
        mended="pikku versions init\npikku versions check",
    ),
    DiagnosticCode(
        code="PKU861",
        title="a recorded version has another contract",
        explanation="Callers rely on a version that is recorded: what it takes and gives stays. Make the change in a new "
        "version beside it; the old one can call the new one. Where nobody calls it yet, `pikku versions update "
        "--accept create_card@v1` records it as it is.",
        example=_CHANGED,
        mended=_BESIDE,
    ),
    DiagnosticCode(
        code="PKU862",
        title="a function without a version has another contract",
        explanation="A function that states no version is recorded as version 1. Make the changed one version 2 and keep "
        "the old one as version 1. Where nobody calls it yet, `pikku versions update --accept create_card` records it as "
        "it is.",
        example=_CHANGED.replace("(version=1)", "").replace("_v1", ""),
        mended=_BESIDE,
    ),
    DiagnosticCode(
        code="PKU863",
        title="a new version is lower than a recorded one",
        explanation="Versions that are not there are not filled in later: who once called one that was taken away would "
        "get another. A new version has the next number. Here version 3, of another module, is recorded.",
        example=_CARD.replace("1", "2"),
        mended=_CARD.replace("1", "4"),
    ),
    DiagnosticCode(
        code="PKU864",
        title="a new version leaves a number out",
        explanation="Versions are counted one by one, so that a missing one is a mistake that is seen. Here 1 is recorded.",
        example=f"{_CARD}{_LATER}",
        mended=f"{_CARD}{_LATER.replace('4', '2')}",
    ),
    DiagnosticCode(
        code="PKU865",
        title="the recorded contracts are damaged",
        explanation="`versions.pikku.json` is no JSON, of another version, or a hash in it is not that of the contract "
        "beside it: somebody edited it, or a merge went wrong. Restore it, then run `pikku versions update`.",
        example='{"manifest_version": 1, "functions": {"create_card": {"latest": 2, "versions": {}}}}',
        mended="git checkout versions.pikku.json\npikku versions update",
    ),
    DiagnosticCode(
        code="PKU866",
        title="a function is not listed",
        explanation="A function, or a version of one, has no recorded contract yet, so that a change of it would not be "
        "seen. `pikku versions update` adds it.",
        example=f"{_CARD}\n@pikku_sessionless_func\nasync def added_since() -> None: ...\n",
        mended="pikku versions update",
    ),
    DiagnosticCode(
        code="PKU867",
        title="a listed function is gone",
        explanation="A recorded function or version is not in the source any more, and whoever calls it fails. Where "
        "nobody does, `pikku versions update --accept create_card@v1` takes it off the list.",
        example=_BESIDE.partition("@pikku")[0] + _BESIDE.partition(_CARD)[2].lstrip(),
        mended=_BESIDE,
    ),
)

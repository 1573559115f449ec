"""The diagnostics of schedules."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin import DiagnosticCode

_SEND: Final = """\
from pikku_core import pikku_sessionless_func
from pikku_queue import wire_scheduler

@pikku_sessionless_func
async def send() -> None: ...

"""
_SEND_DATA: Final = _SEND.replace("send()", "send(data: str{default})")
_LATER: Final = (
    _SEND
    + """\
@pikku_sessionless_func
async def order(*, schedule) -> None:
    await schedule.rpc("send", after="1h")

"""
)

CODES: Final = (
    DiagnosticCode(
        code="PKU940",
        title="The name of a schedule is not well-formed",
        explanation=(
            "A schedule's name begins with a letter and holds nothing but letters, digits, `_`, `-` and `.`: it is part of the ids "
            "of its firings, and of command lines."
        ),
        example=_SEND + 'wire_scheduler(name="the digest", schedule="@daily", func=send)\n',
        mended=_SEND + 'wire_scheduler(name="the-digest", schedule="@daily", func=send)\n',
    ),
    DiagnosticCode(
        code="PKU941",
        title="A schedule is not well-formed",
        explanation=(
            "A schedule is five fields of cron (minute, hour, day of the month, month, day of the week), six with the seconds "
            'first, `@hourly` and the like, or `@every 5m`. One that no day ever matches, such as `"0 0 30 2 *"`, is none.'
        ),
        example=_SEND + 'wire_scheduler(name="digest", schedule="0 24 * * *", func=send)\n',
        mended=_SEND + 'wire_scheduler(name="digest", schedule="0 0 * * *", func=send)\n',
    ),
    DiagnosticCode(
        code="PKU942",
        title="The time zone of a schedule is not known",
        explanation=(
            "A time zone is a name of the IANA database: a place, whose nights on which clocks are changed it knows. An "
            "abbreviation such as `CEST` is none."
        ),
        example=_SEND
        + 'wire_scheduler(name="digest", schedule="@daily", timezone="Berlin", func=send)\n',
        mended=_SEND
        + 'wire_scheduler(name="digest", schedule="@daily", timezone="Europe/Berlin", func=send)\n',
    ),
    DiagnosticCode(
        code="PKU943",
        title="An option of a schedule is not well-formed",
        explanation=(
            "`overlap` is `skip`, `allow` or `queue`, `misfire` is `skip`, `once` or `all`, `jitter` and `timeout` are durations, "
            "`attempts` is 1 or more. All firings that were missed cannot be made up for where all but one are skipped because "
            'they overlap: `misfire="all"` needs another `overlap` than `"skip"`.'
        ),
        example=_SEND
        + 'wire_scheduler(name="digest", schedule="@daily", misfire="all", func=send)\n',
        mended=_SEND
        + 'wire_scheduler(name="digest", schedule="@daily", misfire="all", overlap="queue", func=send)\n',
    ),
    DiagnosticCode(
        code="PKU944",
        title="A schedule calls a function that takes data",
        explanation="A schedule has nothing to give: its function takes no data, or has a default for it.",
        example=_SEND_DATA.format(default="")
        + 'wire_scheduler(name="digest", schedule="@daily", func=send)\n',
        mended=_SEND_DATA.format(default=' = "all"')
        + 'wire_scheduler(name="digest", schedule="@daily", func=send)\n',
    ),
    DiagnosticCode(
        code="PKU945",
        title="Nothing makes the calls that are scheduled",
        explanation=(
            "Calls that `schedule.rpc` takes are made by the processes that serve schedules or queues; a project that has neither "
            "has no such process, and they would wait for ever."
        ),
        example=_LATER,
        mended=_LATER + 'wire_scheduler(name="nightly", schedule="@daily", func=send)\n',
    ),
)

"""The application of a generated project, for any ASGI server: `uvicorn --factory pikku_http:create_app`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_http.http.application import HttpApplication

if TYPE_CHECKING:
    from os import PathLike


def create_app(directory: str | PathLike[str] | None = None) -> HttpApplication:
    """The ASGI application of a project; the server's lifespan starts and stops it.

    Args:
        directory: The project's `.pikku/`. Default: that of `pikku_app`: what `PIKKU_DIR` names, else the nearest one
            from the working directory upwards.

    Raises:
        DeclarationError: The directory is incomplete or older than the source; the message names the command.
        ImportError: No directory is given and none is found.
        SettingsError: A setting of the project cannot be honoured.
    """
    from pikku_core.runtime.host import Host

    host = Host.load(directory)
    settings = host.settings["http"]
    return HttpApplication(
        host.app,
        max_body=settings["max_body"],
        lazy=settings["lazy"],
        mounts=host.mounts("http"),
    )

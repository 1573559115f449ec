"""The application of a generated project, for any ASGI server: `uvicorn --factory pikku_http:create_app`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_http.http.application import HttpApplication
from pikku_http.http.docs.document import served_document
from pikku_http.http.options import HttpOptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from os import PathLike

    from pikku_core import App
    from pikku_http.http.mounts.mounts import MountTarget


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
    return application_of(host.app, host.settings["http"], host.mounts("http"))


def application_of(
    app: App,
    settings: Mapping[str, Any],
    mounts: Iterable[tuple[str, MountTarget]],
    *,
    development: bool = False,
) -> HttpApplication:
    """The application of an App as a project's settings want it.

    Args:
        settings: The table `http`, defaults filled in.
        mounts: What components offer; see `HttpApplication`.
        development: Whether this is `pikku dev`.

    Raises:
        DeclarationError: The OpenAPI document is to be served and is not there.
    """
    return HttpApplication(
        app,
        HttpOptions.of(settings, development=development),
        mounts=mounts,
        document=served_document(app, settings, development=development),
    )

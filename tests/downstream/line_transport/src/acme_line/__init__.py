"""Functions behind a line protocol on a Unix socket."""

from __future__ import annotations

from acme_line.line import Connection, Line
from acme_line.sessions import connection_session
from acme_line.wiring import LineWiring, wire_line

__all__ = ["Connection", "Line", "LineWiring", "connection_session", "wire_line"]

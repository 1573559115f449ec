"""What runs a project, and all that a transport needs of it.

A transport gets the `App`, goes through `app.wirings(kind, TheWiring)`, compiles one `Plan` for each with
`app.plan(...)` and calls `plan.invoke(wire)` per event; `error_facts` is what it may tell of an error. `Serving` is what
its serve component is given, `Host` what a program of its own loads.
"""

from __future__ import annotations

from pikku_core.error_facts import ErrorFacts, error_facts, is_outcome
from pikku_core.runtime.app import App
from pikku_core.runtime.handles import DeclarationHandle, WiringHandle
from pikku_core.runtime.host import Host
from pikku_core.runtime.plan import Plan, Read
from pikku_core.runtime.records import NO_DATA, FunctionRecord
from pikku_core.runtime.serving import Serving
from pikku_core.runtime.streams import Emit

__all__ = [
    "NO_DATA",
    "App",
    "DeclarationHandle",
    "Emit",
    "FunctionRecord",
    "Host",
    "Plan",
    "ErrorFacts",
    "Read",
    "Serving",
    "WiringHandle",
    "is_outcome",
    "error_facts",
]

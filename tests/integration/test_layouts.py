"""However a project lies in its folder and imports its parts, it answers over HTTP."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.integration.conftest import ProjectOf

pytestmark = pytest.mark.anyio

FUTURE = "from __future__ import annotations\n"
MODELS = dedent("""
    from pydantic import BaseModel

    class Order(BaseModel):
        number: int

    class Receipt(BaseModel):
        text: str
""")
SERVICES = dedent("""
    from pikku_core import pikku_service

    class Printer:
        def line(self, number: int) -> str:
            return f"order {number}"

    @pikku_service
    def printer() -> Printer:
        return Printer()
""")
FUNCTIONS = dedent("""
    from pikku_core import pikku_sessionless_func

    @pikku_sessionless_func
    async def take_order(data: Order, *, printer: Printer) -> Receipt:
        return Receipt(text=printer.line(data.number))
""")
WIRINGS = dedent("""
    from pikku_http import wire_http

    wire_http(method="post", route="/orders", func=take_order)
""")
HIDDEN = dedent("""
    from typing import TYPE_CHECKING
    from .models import Receipt
    if TYPE_CHECKING:
        from .models import Order
        from .services import Printer
""")
ABSOLUTE = {
    "models.py": MODELS,
    "services.py": SERVICES,
    "functions.py": "from shop.models import Order, Receipt\nfrom shop.services import Printer"
    + FUNCTIONS,
    "wirings.py": "from shop.functions import take_order" + WIRINGS,
}
RELATIVE = ABSOLUTE | {
    "functions.py": "from .models import Order, Receipt\nfrom . import services"
    + FUNCTIONS.replace("Printer", "services.Printer"),
    "wirings.py": "from .functions import take_order" + WIRINGS,
}
SUBPACKAGE = {
    "models.py": MODELS,
    "parts/services.py": SERVICES,
    "parts/functions.py": "from ..models import Order, Receipt\nfrom .services import Printer"
    + FUNCTIONS,
    "parts/wirings.py": "from ..parts.functions import take_order" + WIRINGS,
}
REEXPORTED = ABSOLUTE | {
    "__init__.py": "from shop.functions import take_order as take_order",
    "wirings.py": "from shop import take_order" + WIRINGS,
}
STARRED = ABSOLUTE | {
    "functions.py": "from shop.models import *\nfrom shop.services import *" + FUNCTIONS,
    "wirings.py": "from shop.functions import *" + WIRINGS,
}
STARRED_PACKAGES = ABSOLUTE | {
    "services.py": SERVICES.replace("import pikku_service", "import *"),
    "wirings.py": "from shop.functions import take_order"
    + WIRINGS.replace("import wire_http", "import *"),
}
ALIASED = ABSOLUTE | {
    "wirings.py": "import shop.functions as f\nordering = f.take_order"
    + WIRINGS.replace("take_order", "ordering"),
}
ATTRIBUTE = ABSOLUTE | {
    "wirings.py": "import shop.functions"
    + WIRINGS.replace("take_order", "shop.functions.take_order"),
}
TYPE_CHECKING_ONLY = ABSOLUTE | {"functions.py": FUTURE + HIDDEN + FUNCTIONS}


def under(folder: str, files: Mapping[str, str], *, package: bool = True) -> dict[str, str]:
    """The files of a package in a folder; without `__init__.py` it is a namespace package."""
    initial = {f"{folder}/__init__.py": ""} if package else {}
    return initial | {f"{folder}/{path}": text for path, text in files.items()}


LAYOUTS = {
    "flat": under("shop", ABSOLUTE),
    "src": under("src/shop", ABSOLUTE),
    "namespace package": under("shop", ABSOLUTE, package=False),
    "namespace package in src": under("src/shop", RELATIVE, package=False),
    "relative imports": under("shop", RELATIVE),
    "relative imports from a subpackage": under("src/shop", SUBPACKAGE),
    "re-exported by the package": under("shop", REEXPORTED),
    "star imports": under("shop", STARRED),
    "star imports of our packages": under("shop", STARRED_PACKAGES),
    "alias of an attribute": under("shop", ALIASED),
    "attribute of a module": under("shop", ATTRIBUTE),
    "types under TYPE_CHECKING": under("shop", TYPE_CHECKING_ONLY),
    "one module": {"shop.py": MODELS + SERVICES + FUNCTIONS + WIRINGS},
}


@pytest.mark.parametrize("future", [False, True], ids=["plain", "future annotations"])
@pytest.mark.parametrize("layout", LAYOUTS)
async def test_a_layout_answers(layout: str, future: bool, project_of: ProjectOf) -> None:
    files = {
        path: f"{FUTURE}{text}" if future and FUTURE not in text else text
        for path, text in LAYOUTS[layout].items()
    }
    async with project_of(files).serve() as client:
        answer = await client.post("/orders", json={"number": 7})
        assert (answer.status_code, answer.json()) == (200, {"text": "order 7"})
        assert (await client.post("/orders", json={"number": "x"})).status_code == 422

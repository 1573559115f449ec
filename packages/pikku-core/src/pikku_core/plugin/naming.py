"""The name of something new, in the forms that templates need."""

from __future__ import annotations

import re
from dataclasses import dataclass


class UnknownNameError(KeyError):
    """Raised for a `$name` of a template's text that stands for nothing.

    Attributes:
        name: What follows the dollar sign.
        known: The names that there are, sorted.
    """

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        listed = ", ".join(f'"${one}"' for one in known)
        super().__init__(f'"${name}" stands for nothing, only {listed} do')
        self.name = name
        self.known = known

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What a template is asked to write.

    ```python
    naming = Naming(name="SendWelcome", package="shop", folder="src/shop")
    assert naming.fill("$folder/functions/$snake.py") == "src/shop/functions/send_welcome.py"
    ```

    Attributes:
        name: As it was given: `send-welcome`, `SendWelcome`, `send_welcome`.
        package: The package of the project that it goes into: `app`; for a new project or package, its own.
        folder: Where that package is, POSIX, relative to the project: `app`, `src/app`.
        module: For a wiring: the module of the function that is wired, `app.functions.users`.
        function: For a wiring: the function's name in that module.
    """

    name: str
    package: str
    folder: str
    module: str = ""
    function: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The name's words, in lower case: `("send", "welcome")`."""
        parts = re.split(r"[\W_]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", self.name))
        return tuple(part.lower() for part in parts if part)

    @property
    def snake(self) -> str:
        """`send_welcome`."""
        return "_".join(self.words)

    @property
    def kebab(self) -> str:
        """`send-welcome`."""
        return "-".join(self.words)

    @property
    def pascal(self) -> str:
        """`SendWelcome`."""
        return "".join(word.capitalize() for word in self.words)

    @property
    def title(self) -> str:
        """`Send welcome`."""
        return " ".join(self.words).capitalize()

    def fill(self, text: str, **more: str) -> str:
        """Puts the forms of the name where a text has `$snake`, `$package` and so on; `$$` stands for a dollar sign.

        Args:
            more: What further `$names` of the text stand for.

        Raises:
            KeyError: The text has another `$name`.
            ValueError: A dollar sign is followed by no name.
        """
        from string import Template

        given = ("name", "package", "folder", "module", "function")
        forms = (*given, "snake", "kebab", "pascal", "title")
        known = {form: getattr(self, form) for form in forms} | more
        try:
            return Template(text).substitute(known)
        except KeyError as error:
            raise UnknownNameError(str(error.args[0]), tuple(sorted(known))) from None

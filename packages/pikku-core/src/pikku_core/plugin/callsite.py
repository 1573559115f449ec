"""One `wire_*` call as a scan rule sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from pikku_core.plugin.diagnostics import Diagnostic, Location
from pikku_core.plugin.model import DeclarationModel, FunctionModel, Json, WiringModel

if TYPE_CHECKING:
    from pikku_core.plugin.expression import Call, Expression

T = TypeVar("T")


class CallSite(Protocol):
    """A call of a name that a `ScanRule` lists, its arguments bound to the rule's parameters.

    Every reader raises `DiagnosticError` with a code and the place when the argument cannot be read statically; a rule
    lets it pass through.
    """

    @property
    def target(self) -> str:
        """The dotted name that is called, as the rule lists it: `pikku_http.wire_http`."""
        ...

    @property
    def location(self) -> Location:
        """The line of the call."""
        ...

    @property
    def call(self) -> Call:
        """The call with its names resolved, to be written out again."""
        ...

    @property
    def arguments(self) -> Mapping[str, Expression]:
        """The arguments given, by parameter name."""
        ...

    def place(self, name: str) -> Location:
        """The line of an argument, or of the call where it is not given."""
        ...

    def literal(self, name: str, of: type[T], default: T | None = None) -> T:
        """The value of an argument that must be a literal of type `of` (constants of the module are folded in).

        Raises:
            DiagnosticError: PKU118 where it is not a literal, PKU111 where it is missing and has no default.
        """
        ...

    def literals(self, name: str) -> tuple[str, ...]:
        """The strings of an argument that must be a list or tuple of literals (PKU247); empty where it is not given."""
        ...

    def function(self, name: str = "func") -> FunctionModel:
        """The function that an argument names: PKU236 where it cannot be resolved, PKU559 where it is not decorated."""
        ...

    def function_at(self, location: Location, name: str) -> FunctionModel:
        """Like `function`, for a reference that stands inside a nested argument."""
        ...

    def wiring(self, *, kind: str, id: str, meta: Mapping[str, Json] | None = None) -> WiringModel:
        """The wiring, its common options (`func auth scopes tags middleware permissions`) read from the call."""
        ...

    def type(self, name: str = "type") -> Expression:
        """The type that an argument is: PKU111 where it is missing, PKU124 where it is none, else as for annotations."""
        ...

    def declaration(
        self,
        *,
        kind: str,
        id: str,
        meta: Mapping[str, Json] | None = None,
        tag: str = "",
        type: Expression | None = None,
        variables: Sequence[str] = (),
    ) -> DeclarationModel:
        """The declaration, its `middleware` and `permissions` read from the call.

        Args:
            variables: Names of variables that it takes values from; one that is not declared is a PKU951.
        """
        ...

    def once(self, name: str) -> Expression:
        """The value of an argument that several wirings are to have: what is called in it is called once for all of them."""
        ...

    def parts(self, name: str) -> Sequence[CallSite]:
        """The calls of `ScanRule.parts` in an argument that is a list of them, each at its own place.

        An item is such a call, or a name, of another module too, to which one is assigned; `*more` spreads such a list.

        Raises:
            DiagnosticError: PKU795 where an item is something else.
        """
        ...

    def diagnostic(self, code: str, message: str, *, hint: str = "") -> Diagnostic:
        """A diagnostic at this call."""
        ...


ReadCall = Callable[[CallSite], Sequence[DeclarationModel | Diagnostic]]
"""What a scan rule's `read` names: one call in, declarations and diagnostics out."""

"""The typed `Services`: what each service of the project gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.codegen.functions import ANY
from pikku_core.codegen.scope import Scope
from pikku_core.codegen.stub_tree import Branch, branch_out
from pikku_core.plugin.expression import Name
from pikku_core.plugin.spelling import spell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin.model import Project, ServiceModel


def render_services_stub(project: Project) -> str:
    """The text of `services/__init__.pyi`; an addon's services stand below its name, `services.acme.mailer`."""
    services = {
        identity.replace(":", "."): service for identity, service in project.services.items()
    }
    tree = branch_out("Services", services)
    scope = Scope(
        [service.provides or ANY for service in services.values()],
        taken=tree.names(),
        given={Name("typing", name): name for name in ("Any", "Protocol")},
    )
    classes = ["\n".join(_lines(branch, scope)) for branch in tree.inner_first()]
    head = ['"""The services of this project."""', "", "from typing import Any, Protocol"]
    if scope.imports:
        head += ["", *scope.imports]
    return "\n".join(head) + "\n\n" + "\n\n".join(classes) + "\n"


def _lines(branch: Branch[ServiceModel], scope: Scope) -> Iterator[str]:
    members = {name: branch.branches[name].name for name in branch.branches}
    members |= {name: spell(leaf.provides or ANY, scope) for name, leaf in branch.leaves.items()}
    if not members:
        yield f"class {branch.name}(Protocol): ..."
        return
    yield f"class {branch.name}(Protocol):"
    for name in sorted(members):
        yield "    @property"
        yield f"    def {name}(self) -> {members[name]}: ..."

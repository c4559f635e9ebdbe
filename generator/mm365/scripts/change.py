"""A change, built once from a request and handed to every renderer."""

from dataclasses import dataclass

from mm365.exchange.objects import Integration
from mm365.integration.article import build_integration
from mm365.plan.create import build_plan
from mm365.plan.plan import Plan
from mm365.request.request import Request
from mm365.scripts.catalogue import pack_scripts
from mm365.scripts.operator_step import OperatorStep
from mm365.scripts.procedure import operator_steps
from mm365.scripts.script import Script


@dataclass(frozen=True, kw_only=True)
class Change:
    """What was asked for, what it means for the tenant, and how it is carried out.

    ``scripts`` are those of the pack, in the order in which they are used; ``procedure`` is what the operator does
    with them.
    """

    request: Request
    integration: Integration
    plan: Plan
    scripts: tuple[Script, ...]
    procedure: tuple[OperatorStep, ...]


def build_change(request: Request) -> Change:
    """The change of a request. Everything is made here, and only here."""
    integration = build_integration(request)
    plan = build_plan(integration)
    scripts = pack_scripts(integration, plan)
    return Change(
        request=request,
        integration=integration,
        plan=plan,
        scripts=scripts,
        procedure=operator_steps(integration, plan, scripts),
    )

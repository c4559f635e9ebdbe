"""A change, built once from a request and handed to every renderer."""

from dataclasses import dataclass

from mm365.exchange.objects import Integration
from mm365.integration.article import build_integration
from mm365.plan.again import excerpt_of
from mm365.plan.create import build_plan
from mm365.plan.plan import Plan
from mm365.request.request import Request
from mm365.scripts.catalogue import pack_scripts
from mm365.scripts.operator_step import OperatorStep
from mm365.scripts.paste_form import PasteForm, forms_for
from mm365.scripts.procedure import operator_steps
from mm365.scripts.script import Script


@dataclass(frozen=True, kw_only=True)
class Change:
    """What was asked for, what it means for the tenant, and how it is carried out.

    ``scripts`` are those of the pack, in the order in which they are used; ``procedure`` is what the operator does
    with them, and ``forms`` are the paste forms that are right for the plan. ``excerpt`` is what the pack keeps of the
    snapshot that was planned against; empty without one.
    """

    request: Request
    integration: Integration
    plan: Plan
    scripts: tuple[Script, ...]
    procedure: tuple[OperatorStep, ...]
    forms: tuple[PasteForm, ...]
    excerpt: str


def build_change(request: Request, plan: Plan | None = None) -> Change:
    """The change of a request, for a tenant without the integration or by a plan against a tenant as it is.

    Everything is made here, and only here. The plan has steps: what is refused, or nothing, is not a change.
    """
    integration = build_integration(request)
    plan = plan or build_plan(integration)
    if not plan.steps:
        raise ValueError(f"the outcome of the plan is {plan.outcome.value}: there is nothing to carry out")
    scripts = pack_scripts(plan)
    return Change(
        request=request,
        integration=integration,
        plan=plan,
        scripts=scripts,
        procedure=operator_steps(plan, scripts),
        forms=forms_for(plan),
        excerpt=excerpt_of(plan),
    )

"""The plan of a pack, from the excerpt of the snapshot that the pack holds."""

from mm365.integration.article import build_integration
from mm365.plan.against import plan_against
from mm365.plan.plan import Action, Plan
from mm365.request.request import Request
from mm365.snapshot.excerpt import excerpt, restored


def excerpt_of(plan: Plan) -> str:
    """What a pack keeps of the snapshot that ``plan`` was made against; empty for a plan without one."""
    if plan.snapshot is None:
        return ""
    return excerpt(plan.snapshot, [each.object for each in plan.objects])


def plan_again(text: str, request: Request) -> Plan:
    """The plan that an excerpt was made of. Raises ValueError, KeyError, TypeError or AttributeError for other texts.

    A plan that changes objects that it did not create was made to adopt them: without that it had been refused.
    """
    integration = build_integration(request)
    snapshot = restored(text, integration.objects)
    plan = plan_against(snapshot, request, integration, adopt=True)
    if any(each.action is Action.UPDATE for each in plan.objects):
        return plan
    return plan_against(snapshot, request, integration)

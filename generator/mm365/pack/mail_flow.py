"""What happens to a message before the change and after it, for the change request: pictures, and the hops in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from mm365.display import masked
from mm365.mailflow.flow import Situation
from mm365.mailflow.judgement import Judgement, judge
from mm365.mailflow.picture import flow_picture
from mm365.mailflow.reasons import shown, why
from mm365.mailflow.samples import standard_messages
from mm365.mailflow.tenant import Stage
from mm365.request.request import Request
from mm365.scripts.rendering import Rendered


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What becomes of a message that comes in, in a tenant with no other rules; ``hops`` are in words."""

    title: str
    picture: Rendered
    judgement: Judgement
    reason: str
    hops: tuple[str, ...]


@lru_cache(maxsize=4)
def before_and_after(request: Request) -> Sequence[Shown]:
    """The way of the first standard message before the change and, with all turned on, after it."""
    return (
        _shown(request, Stage.BEFORE, "Before", "mail-flow-before.svg"),
        _shown(request, Stage.REDIRECT, "After", "mail-flow-after.svg"),
    )


def _shown(request: Request, stage: Stage, title: str, path: str) -> Shown:
    message = standard_messages(request)[0].message
    tenant = Situation(stage=stage).tenant(request)
    judgement = judge(message, message.recipients[0], tenant)
    # A file of its own: its keys meet no others.
    picture = masked(flow_picture(judgement, tenant, key="mail-flow"), request.header_id)
    return Shown(
        title=title,
        picture=Rendered(path=path, text=f"{picture.strip()}\n"),
        judgement=judgement,
        reason=why(judgement),
        hops=tuple(
            f"{f'{shown(hop.name)}: ' if hop.name else ''}{hop.text.removesuffix('.')}." for hop in judgement.hops
        ),
    )

"""Mail followed through a tenant: the verdicts, what stands out in them, and whether they speak against the change."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from mm365.mailflow.findings import Finding, findings
from mm365.mailflow.judgement import Judgement, judge_all
from mm365.mailflow.message import Message
from mm365.mailflow.samples import Sample, standard_messages
from mm365.mailflow.tenant import EMPTY, Found, Stage, Tenant, tenant_at
from mm365.mailflow.verdict import Verdict
from mm365.request.request import LoopGuard, Request


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Where mail is followed: the tenant as it was found, the stage of the change, and what is open."""

    stage: Stage = Stage.REDIRECT
    found: Found = EMPTY
    domains: tuple[str, ...] = ()
    propagating: Collection[str] = ()

    def tenant(self, request: Request, sample: Sample | None = None) -> Tenant:
        """The tenant, in the state that a standard message meets."""
        late = (*self.propagating, *(sample.propagating if sample else ()))
        return tenant_at(
            self.stage,
            request,
            found=self.found,
            domains=self.domains,
            propagating=late,
            off=sample.off if sample else "",
        )


@dataclass(frozen=True, kw_only=True)
class MailFlow:
    """What becomes of messages, one verdict for each recipient.

    ``tenants`` has for each verdict the tenant that the message met; ``others`` has the verdicts under the other loop
    guards, where they are compared. ``about`` says what a standard message shows.
    """

    request: Request
    situation: Situation
    judgements: tuple[Judgement, ...]
    tenants: tuple[Tenant, ...]
    findings: tuple[Finding, ...]
    about: Mapping[str, str]
    others: Mapping[LoopGuard, tuple[Judgement, ...]] = field(default_factory=dict)

    @property
    def against(self) -> tuple[Judgement, ...]:
        """The verdicts that speak against the change: loops and, where Redirect is meant to be on, bypasses.

        Messages that are made to show a danger do not count, and neither do the other loop guards.
        """
        bad = {Verdict.LOOPED, *((Verdict.UNFILTERED,) if self.situation.stage is Stage.REDIRECT else ())}
        return tuple(one for one in self.judgements if not one.message.danger and one.verdicts & bad)


def follow_mail(
    request: Request, situation: Situation, *, message: Message | None = None, compare: bool = False
) -> MailFlow:
    """Follow the standard messages, or the one that is given, and the same under the other loop guards."""
    samples = (Sample(message=message, about=""),) if message else standard_messages(request)
    followed = tuple(_followed(request, situation, samples))
    judgements = tuple(judgement for judgement, _ in followed)
    guards = [guard for guard in LoopGuard if guard is not request.loop_guard] if compare else []
    return MailFlow(
        request=request,
        situation=situation,
        judgements=judgements,
        tenants=tuple(tenant for _, tenant in followed),
        findings=findings(judgements, situation.tenant(request), situation.stage),
        about={sample.message.name: sample.about for sample in samples},
        others={guard: _under(guard, request, situation, samples) for guard in guards},
    )


def _under(
    guard: LoopGuard, request: Request, situation: Situation, samples: Iterable[Sample]
) -> tuple[Judgement, ...]:
    other = replace(request, loop_guard=guard)
    return tuple(judgement for judgement, _ in _followed(other, situation, samples))


def _followed(request: Request, situation: Situation, samples: Iterable[Sample]) -> Iterator[tuple[Judgement, Tenant]]:
    tenants: dict[tuple[object, ...], Tenant] = {}
    for sample in samples:
        # Most messages meet the same tenant, and to read its rules takes longer than to follow a message.
        state = (sample.propagating, sample.off)
        tenant = tenants[state] = tenants.get(state) or situation.tenant(request, sample)
        yield from ((judgement, tenant) for judgement in judge_all([sample.message], tenant))

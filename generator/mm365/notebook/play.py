"""Mail flow to play with, as plain state: what is chosen, and what then becomes of the messages. No widget is known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from mm365.integration.rules import HEADER
from mm365.mailflow.conditions import Settings
from mm365.mailflow.flow import MailFlow, Situation, follow_mail
from mm365.mailflow.judgement import Judgement
from mm365.mailflow.samples import Sample, standard_messages
from mm365.mailflow.tenant import Found, Stage, Tenant
from mm365.mailflow.verdict import Verdict
from mm365.request.fields import LOOP_GUARD, OFFER
from mm365.request.parsers import DEFAULT_LOOP_GUARD
from mm365.request.request import LoopGuard, Request, build_request

STAGES: Mapping[Stage, str] = {
    Stage.BEFORE: "before the change: none of the four objects is there",
    Stage.CREATED: "created: both connectors are on, both rules are off",
    Stage.LOOP_CHECK: "loop-check: Loop Check is on, Redirect is off",
    Stage.REDIRECT: "redirect: both rules are on",
    Stage.STOPPED: "stopped: Redirect is off again, Loop Check is on",
    Stage.ROLLED_BACK: "rolled-back: all four objects are gone again",
}
"""The stages of a change, each with its text on the screen."""

LATE: Mapping[str, str] = {
    "loop_check": "The last change of Loop Check is not everywhere yet",
    "redirect": "The last change of Redirect is not everywhere yet",
}
"""What may not have propagated, each with its text on the screen."""

_ARCHIVE = "To the archive"
_OTHER_CONNECTOR: Settings = {
    "Name": _ARCHIVE,
    "Enabled": True,
    "IsTransportRuleScoped": True,
    "SmartHosts": ("archive.example",),
}


@dataclass(frozen=True, kw_only=True)
class OtherRule:
    """A rule of others above ours that can be turned on: its text on the screen, and its settings."""

    text: str
    settings: Settings


def _rule(name: str, text: str, **settings: object) -> OtherRule:
    return OtherRule(text=f"'{name}' {text}", settings={"Name": name, "Enabled": True, "Mode": "Enforce", **settings})


OTHERS: Mapping[str, OtherRule] = {
    "stops": _rule("No further rules", "stops rule processing for every message", StopRuleProcessing=True),
    "removes": _rule("Remove headers of others", f"removes {HEADER} from every message", RemoveHeader=HEADER),
    "routes": _rule(
        "Send through the archive", "routes every message to another connector", RouteMessageOutboundConnector=_ARCHIVE
    ),
    "prepends": _rule(
        "Mark external mail",
        "prepends the subject of mail from outside",
        FromScope="NotInOrganization",
        PrependSubject="[External] ",
    ),
}
"""The rules of others, in their order above ours."""


@dataclass(frozen=True, kw_only=True)
class Followed:
    """What becomes of the message for a recipient. ``kind``: done for a good end, error for a bad one."""

    judgement: Judgement
    tenant: Tenant
    kind: str


@dataclass(frozen=True, kw_only=True)
class Play:
    """What is chosen. ``late`` are keys of ``LATE``, ``others`` keys of ``OTHERS``; each change makes a new one."""

    guard: LoopGuard = DEFAULT_LOOP_GUARD
    stage: Stage = Stage.REDIRECT
    message: str = "inbound"
    late: frozenset[str] = frozenset()
    others: frozenset[str] = field(default_factory=frozenset)

    def leave_open(self, rule: str, *, late: bool) -> "Play":
        """The same with a rule that may, or may not any more, still be propagating. KeyError for another rule."""
        return replace(self, late=_with(self.late, rule, LATE, there=late))

    def turn(self, rule: str, *, on: bool) -> "Play":
        """The same with a rule of others on or off. KeyError for a rule that is not in ``OTHERS``."""
        return replace(self, others=_with(self.others, rule, OTHERS, there=on))

    @property
    def request(self) -> Request:
        """The example's request with the chosen loop guard: what a guard does is the same for every customer."""
        return build_request({**OFFER, LOOP_GUARD.name: self.guard.value}, needs=())

    @property
    def situation(self) -> Situation:
        """Where mail is followed."""
        rules = tuple(other.settings for key, other in OTHERS.items() if key in self.others)
        outbound = (_OTHER_CONNECTOR,) if "routes" in self.others else ()
        return Situation(
            stage=self.stage, found=Found(rules=rules, outbound=outbound), propagating=tuple(sorted(self.late))
        )

    @cached_property
    def flow(self) -> MailFlow:
        """All standard messages, under the chosen loop guard and the others."""
        return follow_mail(self.request, self.situation, compare=True)

    @property
    def messages(self) -> tuple[Sample, ...]:
        """The standard messages that can be chosen."""
        return standard_messages(self.request)

    @property
    def followed(self) -> tuple[Followed, ...]:
        """What becomes of the chosen message, for each recipient."""
        return tuple(self._followed())

    def _followed(self) -> Iterator[Followed]:
        for judgement, tenant in zip(self.flow.judgements, self.flow.tenants, strict=True):
            if judgement.message.name == self.message:
                yield Followed(judgement=judgement, tenant=tenant, kind=self._kind(judgement.verdict))

    def _kind(self, verdict: Verdict) -> str:
        if verdict is Verdict.FILTERED:
            return "done"
        # Mail is only meant to be filtered where Redirect is on.
        bypass = verdict is Verdict.UNFILTERED and self.stage is Stage.REDIRECT
        return "error" if bypass or verdict is Verdict.LOOPED else ""


def _with(chosen: frozenset[str], key: str, known: Mapping[str, object], *, there: bool) -> frozenset[str]:
    if key not in known:
        raise KeyError(key)
    return chosen | {key} if there else chosen - {key}

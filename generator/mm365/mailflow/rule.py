"""A transport rule as the model follows it: when it applies, and what it then does."""

from collections.abc import Iterable
from dataclasses import dataclass

from mm365.display import on_one_line
from mm365.mailflow.actions import ACTIONS, ENDS, MODERATES, Means
from mm365.mailflow.conditions import EXCEPTION, Envelope, Settings, Test, all_of, conditions_of, is_set
from mm365.mailflow.verdict import Verdict


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Rule:
    """An enabled rule.

    ``applies`` says of an envelope whether it does, None if that is not known. ``ends`` is what it makes of a message
    if it ends its way; ``unknown`` names an action of which the model does not know what it does; ``counted`` are the
    actions that happen again on a second pass. Names of headers and ``prepends`` are in lower case. ``audits``: it
    acts on nothing; all that may count is that it stops. ``propagating``: it may not work everywhere yet. ``watched``:
    it is told also where it does not apply. ``does`` and ``may_do`` are all of it in words.
    """

    name: str
    position: int
    applies: Test
    reads_scope: bool
    ends: Verdict | None = None
    code: str | None = None
    unknown: str = ""
    removes: str = ""
    sets: tuple[str, str] | None = None
    route: str = ""
    prepends: str = ""
    counted: tuple[str, ...] = ()
    moderates: tuple[str, ...] = ()
    stops: bool = False
    audits: bool = False
    propagating: bool = False
    watched: bool = False
    does: str = ""
    may_do: str = ""

    @property
    def shown(self) -> str:
        """Its name, made safe to show."""
        return on_one_line(self.name)


def compiled(rules: Iterable[Settings], *, propagating: Iterable[str], watched: Iterable[str]) -> tuple[Rule, ...]:
    """The rules that act, in their order. ``propagating`` and ``watched`` are names of rules."""
    late, ours = ({name.casefold() for name in names} for names in (propagating, watched))
    made = []
    for position, settings in enumerate(rules):
        name = str(settings.get("Name", ""))
        audits = str(settings.get("Mode") or "Enforce").casefold() != "enforce"
        stops = settings.get("StopRuleProcessing") is True
        if settings.get("Enabled") is not True or (audits and not stops):
            continue
        made.append(
            _rule(
                name, position, settings, audits, propagating=name.casefold() in late, watched=name.casefold() in ours
            )
        )
    return tuple(made)


def headers_read(rules: Iterable[Settings]) -> frozenset[str]:
    """The headers that conditions and exceptions look at, in lower case: all others change nothing."""
    names = (
        f"{prefix}{kind}MessageHeader" for prefix in ("", EXCEPTION) for kind in ("HeaderContains", "HeaderMatches")
    )
    wanted = tuple(names)
    return frozenset(str(settings[name]).lower() for settings in rules for name in wanted if is_set(settings.get(name)))


def subject_read(rules: Iterable[Settings]) -> bool:
    """Whether a condition or an exception looks at the subject."""
    names = ("SubjectContainsWords", f"{EXCEPTION}SubjectContainsWords")
    return any(is_set(settings.get(name)) for settings in rules for name in names)


def _rule(name: str, position: int, settings: Settings, audits: bool, *, propagating: bool, watched: bool) -> Rule:  # noqa: PLR0913 - what is known of a rule
    actions = [action for action in ACTIONS if is_set(settings.get(action))]
    by_meaning = {meaning: [one for one in actions if ACTIONS[one] is meaning] for meaning in Means}
    ending = by_meaning[Means.ENDS]
    does = _in_words(settings, actions)
    return Rule(
        name=name,
        position=position,
        applies=_applies(settings),
        reads_scope=is_set(settings.get("FromScope")) or is_set(settings.get(f"{EXCEPTION}FromScope")),
        ends=ENDS[ending[0]] if ending else None,
        code=_text(settings.get("RejectMessageEnhancedStatusCode")) or None,
        unknown=_unknown(settings, actions, by_meaning[Means.UNKNOWN]),
        removes=_text(settings.get("RemoveHeader")).lower(),
        sets=_header(settings),
        route=_text(settings.get("RouteMessageOutboundConnector")),
        prepends=_text(settings.get("PrependSubject")).lower(),
        counted=tuple(by_meaning[Means.PREPENDS] + by_meaning[Means.COUNTS]),
        moderates=tuple(one for one in ending if one in MODERATES),
        stops=settings.get("StopRuleProcessing") is True,
        audits=audits,
        propagating=propagating,
        watched=watched,
        does=does,
        may_do=f"may apply; the way stays the same: {does}",
    )


_WORDS = {
    "DeleteMessage": "deletes the message",
    "Quarantine": "puts the message into quarantine",
    "RejectMessageReasonText": "rejects the message",
    "RejectMessageEnhancedStatusCode": "rejects the message",
    "ModerateMessageByUser": "holds the message for approval",
    "ModerateMessageByManager": "holds the message for approval",
    "RemoveHeader": "removes the header {value}",
    "SetHeaderName": "sets the header {value}",
    "RouteMessageOutboundConnector": "routes the message to the connector '{value}'",
    "PrependSubject": "prepends the subject",
    "ApplyHtmlDisclaimerText": "adds a disclaimer",
    "GenerateIncidentReport": "sends a report",
    "GenerateNotification": "sends a notification",
    "AddToRecipients": "adds recipients",
    "CopyTo": "adds recipients",
    "BlindCopyTo": "adds recipients",
    "AddManagerAsRecipientType": "adds recipients",
    "StopRuleProcessing": "stops rule processing",
}


def _in_words(settings: Settings, actions: list[str]) -> str:
    # The order of the actions of one rule is not documented; that it stops is told last.
    told = (
        _WORDS.get(one, f"sets {one}").format(value=on_one_line(str(settings[one])))
        for one in sorted(actions, key="StopRuleProcessing".__eq__)
    )
    parts = list(dict.fromkeys(told)) or ["changes nothing"]
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def _unknown(settings: Settings, actions: list[str], unknown: list[str]) -> str:
    if unknown:
        return unknown[0]
    listed = settings.get("Actions")
    # An action that came to Exchange Online after the table of cmdlets was drawn up stands only in this list.
    is_new = isinstance(listed, list | tuple) and len([one for one in listed if one]) > len(actions)
    return "an action that is not known" if is_new else ""


def _applies(settings: Settings) -> Test:
    test = all_of(conditions_of(settings, exceptions=False), conditions_of(settings, exceptions=True))
    if not is_set(settings.get("ActivationDate")) and not is_set(settings.get("ExpiryDate")):
        return test

    def only_for_some_time(envelope: Envelope) -> bool | None:
        return None if test(envelope) else test(envelope)

    return only_for_some_time


def _header(settings: Settings) -> tuple[str, str] | None:
    name = _text(settings.get("SetHeaderName")).lower()
    return (name, _text(settings.get("SetHeaderValue")).lower()) if name else None


def _text(value: object) -> str:
    return str(value) if is_set(value) else ""

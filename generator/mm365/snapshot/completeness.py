"""What is missing in an export that can be read: without it a plan would be a guess."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mm365.exchange.kinds import Kind
from mm365.exchange.objects import ExchangeObject
from mm365.exchange.parameters import must_not_be_set
from mm365.snapshot.compare import is_named
from mm365.snapshot.normal import is_list, named_values, parameter_types
from mm365.snapshot.snapshot import UNKNOWN, Snapshot, TenantObject, is_empty

ENDING = (
    "StopRuleProcessing", "DeleteMessage", "Quarantine", "RejectMessageReasonText", "RejectMessageEnhancedStatusCode",
    "SmtpRejectMessageRejectText",
)  # fmt: skip
"""The actions of a rule after which no rule below sees the message."""
RECIPIENTS = ("AddToRecipients", "CopyTo", "BlindCopyTo", "RedirectMessageTo", "AddManagerAsRecipientType")
"""The actions of a rule that add recipients."""
REPEATED = (
    *RECIPIENTS, "PrependSubject", "ApplyHtmlDisclaimerText", "ModerateMessageByUser", "ModerateMessageByManager",
    "GenerateIncidentReport", "GenerateNotification",
)  # fmt: skip
"""The actions of a rule that happen twice to a message that goes out and comes back."""
HEADER_CHANGES = ("SetHeaderName", "RemoveHeader")
"""The actions of a rule that name a header."""
HEADER_CONDITIONS = ("HeaderContainsMessageHeader", "HeaderMatchesMessageHeader")
"""The conditions of a rule that name a header."""

_OF_ALL: Mapping[Kind, tuple[str, ...]] = {
    Kind.INBOUND: (),
    Kind.OUTBOUND: ("RouteAllMessagesViaOnPremises",),
    Kind.RULE: ("Priority", "Enabled", "Mode", "StopRuleProcessing"),
}
"""What a finding about objects of others reads."""
LISTED: Mapping[str, str] = {
    **dict.fromkeys(HEADER_CONDITIONS, "Conditions"),
    **dict.fromkeys((*ENDING[1:], *REPEATED, *HEADER_CHANGES, "RouteMessageOutboundConnector"), "Actions"),
}
"""What such a finding reads besides, each with the list of class names in which a rule that has it names it as well."""

_CLASSES = ("Conditions", "Exceptions", "Actions")
"""What a rule lists with the names of classes."""

_NOT_ALWAYS_THERE = frozenset({"LinkForModifiedConnector"})
"""Some captured answers of the Get cmdlets have it, newer ones do not."""

_NEVER_UNSET = frozenset({"Enabled", "Priority"})
"""What every object has that has it at all; also an export that leaves out what is unset has to say it."""

EXPORTS: Mapping[Kind, str] = {
    Kind.INBOUND: "ConvertTo-Json @(Get-InboundConnector -ResultSize Unlimited) -Depth 5 | "
    "Set-Content InboundConnectors.json -Encoding UTF8",
    Kind.OUTBOUND: "ConvertTo-Json @(foreach ($s in $true, $false) { foreach ($t in $true, $false) { "
    "Get-OutboundConnector -IsTransportRuleScoped $s -IncludeTestModeConnectors $t -ResultSize Unlimited } }) "
    "-Depth 5 | Set-Content OutboundConnectors.json -Encoding UTF8",
    Kind.RULE: "ConvertTo-Json @(Get-TransportRule -ResultSize Unlimited) -Depth 5 | "
    "Set-Content TransportRules.json -Encoding UTF8",
}
"""The command that exports a kind of object whole; 20-backup does the same for all three."""


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Something that an export lacks. ``text`` is about ``subject``, and a sentence without its end."""

    kind: Kind
    subject: str
    text: str


def gaps(snapshot: Snapshot, ours: Sequence[ExchangeObject]) -> Iterator[Gap]:
    """What a plan for these objects needs and the snapshot lacks, at most one gap for each object and property."""
    for kind in Kind:
        for text in _of_list(snapshot, kind):
            yield Gap(kind=kind, subject=f"{kind}s", text=text)
        objects = snapshot.of_kind(kind)
        if kind is Kind.RULE and _is_without_details(objects):
            yield Gap(kind=kind, subject=f"{kind}s", text="have neither conditions nor actions: they were left out")
            continue
        for each in objects:
            approved = next((one for one in ours if one.kind is kind and is_named(each, one.name)), None)
            for text in _of_object(each, approved):
                yield Gap(kind=kind, subject=each.name, text=text)


def _of_list(snapshot: Snapshot, kind: Kind) -> Iterator[str]:
    if kind in snapshot.missing:
        yield "are in none of the files"
    if kind in snapshot.doubts:
        yield f"may not be all: {snapshot.doubts[kind]}"
    if kind is not Kind.RULE:
        return
    priorities = [rule.priority for rule in snapshot.of_kind(kind)]
    if None not in priorities and priorities != list(range(len(priorities))):
        yield "have gaps in their priorities: not all rules were exported"


def _is_without_details(rules: Sequence[TenantObject]) -> bool:
    """Whether all rules are as Get-TransportRule -ExcludeConditionActionDetails gives them: without what they do."""
    lists = [rule.value(name) for rule in rules for name in ("Description", "Conditions", "Actions")]
    return bool(rules) and UNKNOWN not in lists and all(map(is_empty, lists)) and not _leave_out_unset(rules)


def _leave_out_unset(rules: Sequence[TenantObject]) -> bool:
    return any(rule.leaves_out_unset for rule in rules)


def _of_object(each: TenantObject, approved: ExchangeObject | None) -> Iterator[str]:
    needed = _OF_ALL[each.kind]
    if each.kind is Kind.RULE:
        needed = (*needed, *(name for name, listing in LISTED.items() if not is_ruled_out(each, name, listing)))
    if approved is not None:
        needed = tuple(dict.fromkeys((*needed, *_of_ours(approved))))
    if lacking := [name for name in needed if _is_lacking(each, name)]:
        more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        yield f"has no {lacking[0]}{more}: not all properties were exported"
    cut = ((name, how) for name, value in each.settings.items() if (how := _cut(each.kind, name, value)))
    for name, how in list(cut)[:1]:
        yield f"has {how} in {name} instead of its values: the depth was cut"
    numbers = [name for name in sorted(named_values(each.kind)) if _is_number(each.value(name))]
    if each.kind is Kind.RULE and _is_number(each.settings.get("Enabled")):
        numbers.append("State")
    if numbers:
        yield f"has a number in {numbers[0]}, and what numbers stand for there is not documented"


def _is_lacking(each: TenantObject, name: str) -> bool:
    value = each.value(name)
    return value is UNKNOWN or (value is None and name in _NEVER_UNSET)


def is_ruled_out(rule: TenantObject, name: str, listing: str) -> bool:
    """Whether a rule's list of classes says that it does not have a setting, such as PrependSubjectAction that it has.

    A class is named for its setting, or for the begin of its name: ApplyHtmlDisclaimerAction.
    """
    found = rule.value(listing)
    if found is UNKNOWN or rule.leaves_out_unset:
        return False
    classes = found if isinstance(found, tuple) else ()
    stems = (re.sub("(Action|Predicate)$", "", str(each).rpartition(".")[2]) for each in classes)
    return not any(name.startswith(stem) for stem in stems)


def _of_ours(approved: ExchangeObject) -> tuple[str, ...]:
    """All that decides whether an object of ours is as approved; of a rule, its listings stand for the rest."""
    if approved.kind is Kind.RULE:
        return (*approved.values, "Conditions", "Actions")
    others = (name for name in must_not_be_set(approved.kind) if name not in _NOT_ALWAYS_THERE)
    return (*approved.values, *others)


def _cut(kind: Kind, name: str, value: object) -> str:
    """What stands in place of a list that ConvertTo-Json cut; empty if it was not.

    Of a list that is too deep it makes one text, its items with spaces between them, which is empty if the list is.
    Select-Object * makes the name of the list's type of it.
    """
    if not isinstance(value, tuple) or not (name in _CLASSES or is_list(parameter_types(kind).get(name, ""))):
        return ""
    texts = [item for item in value if isinstance(item, str)]
    if any(text.startswith(("System.", "Microsoft.Exchange.Data.", "@{")) for text in texts):
        return "the name of a type"
    # A class name has no space, and no list of the service has an empty text in it.
    return "a text" if any(not text or (name in _CLASSES and " " in text) for text in texts) else ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

"""What stands in the way of a plan, or makes it unsafe: about the snapshot and the four objects in it."""

from collections.abc import Iterator

from mm365.display import shortened
from mm365.errors import InvalidValueError
from mm365.exchange.kinds import Kind
from mm365.exchange.objects import Integration
from mm365.integration.rules import HEADER
from mm365.plan.match import Match, Matches
from mm365.plan.plan import Finding, Level
from mm365.request.parsers import parse_guid
from mm365.request.request import Request
from mm365.snapshot.compare import same
from mm365.snapshot.completeness import EXPORTS, HEADER_CONDITIONS, Gap, gaps
from mm365.snapshot.identity import another_tenant
from mm365.snapshot.normal import parameter_types
from mm365.snapshot.snapshot import Format, Snapshot, TenantObject

STOP_PROCESSING = "StopRuleProcessing"


def stop(code: str, subject: str, text: str) -> Finding:
    """A finding by which a plan is refused."""
    return Finding(code=code, level=Level.STOP, subject=subject, text=text)


def of_tenant(snapshot: Snapshot, request: Request) -> Iterator[Finding]:
    """Whether the snapshot is of the request's tenant."""
    if named := another_tenant(snapshot, request):
        yield stop(
            "another-tenant",
            request.tenant,
            f"The snapshot is of {named}, and the request is for {request.tenant}. Give a snapshot of that tenant, or "
            "write its accepted domain and TenantID into the request.",
        )


def of_gaps(snapshot: Snapshot, integration: Integration) -> tuple[tuple[Finding, ...], frozenset[Kind]]:
    """What the snapshot lacks, one finding for all objects that lack the same; and the kinds that lack something."""
    grouped: dict[tuple[Kind, str], list[Gap]] = {}
    for gap in gaps(snapshot, integration.objects):
        grouped.setdefault((gap.kind, gap.text), []).append(gap)
    findings = tuple(_incomplete(snapshot, found) for found in grouped.values())
    return findings, frozenset(kind for kind, _ in grouped)


def _incomplete(snapshot: Snapshot, found: list[Gap]) -> Finding:
    first, more = found[0], len(found) - 1
    others = f" The same holds for {more} more." if more else ""
    again = f"Export again with: {EXPORTS[first.kind]}"
    if Format.BACKUP in snapshot.formats:
        again = "Let 20-backup write it again"
    return stop("incomplete-snapshot", first.subject, f"{first.subject} {first.text}.{others} {again}.")


def of_objects(matches: Matches, header_id: str, *, adopt: bool) -> Iterator[Finding]:
    """What of the four objects is not as approved, or unsafe."""
    for match in matches.all:
        yield from _twins(match)
        yield from _different(match, adopt=adopt)
    yield from _second_rules(matches)
    yield from _other_ids(matches, header_id)
    yield from _order(matches)
    yield from _unsafe(matches)


def _twins(match: Match) -> Iterator[Finding]:
    if len(match.twins) > 1:
        text = f"There are {len(match.twins)} objects of this name. Remove or rename all but one, and export again."
        yield stop("duplicate", match.object.name, text)


def _different(match: Match, *, adopt: bool) -> Iterator[Finding]:
    if not match.differences:
        return
    names = ", ".join(each.setting for each in match.differences)
    text = f"The {match.object.label} was found with other settings ({names})."
    code, subject = "different-settings", match.object.name
    if by_hand := cannot_be_set(match):
        text += f" No command sets {', '.join(by_hand)}: whoever made it has to change it by hand or to remove it."
        yield stop(code, subject, text)
    elif adopt:
        text += " They are changed, and rollback sets them back: whoever made them has to agree."
        if match.object.key == "Redirect" and match.found and match.found.enabled:
            at_once = "so the change acts on mail at once"
            mode = "and from the change of its mode on mail goes to the filter"
            text += f" It is on, {at_once if match.is_acting else mode}."
        yield Finding(code=code, level=Level.WARN, subject=subject, text=text)
    else:
        yield stop(code, subject, f"{text} Whoever made it has to decide; --adopt changes it.")


def cannot_be_set(match: Match) -> tuple[str, ...]:
    """The settings that differ and that no Set cmdlet takes."""
    return tuple(each.setting for each in match.differences if not is_settable(match.object.kind, each.setting))


def is_settable(kind: Kind, name: str) -> bool:
    """Whether the cmdlet that changes a kind of object takes a setting."""
    return name in parameter_types(kind, verb="Set")


def looks_for_header(rule: TenantObject) -> bool:
    """Whether a rule has a condition, no exception, on the header of filtered mail."""
    return any(same(rule.value(name), HEADER) for name in HEADER_CONDITIONS)


def header_ids(rule: TenantObject) -> tuple[str, ...]:
    """The values of the header that a rule looks for, as it has them."""
    if not looks_for_header(rule):
        return ()
    values = [rule.settings.get(name) for name in ("HeaderContainsWords", "HeaderMatchesPatterns")]
    return tuple(str(item) for value in values if isinstance(value, tuple) for item in value)


def as_guid(text: str) -> str:
    """A header ID as a request has it; any other text stays as it is."""
    try:
        return parse_guid(text)
    except InvalidValueError:
        return text


def is_guid(text: str) -> bool:
    """Whether a text is a header ID as a request can have it."""
    try:
        return bool(parse_guid(text))
    except InvalidValueError:
        return False


def _second_rules(matches: Matches) -> Iterator[Finding]:
    for rule in matches.others:
        if looks_for_header(rule):
            what, like = f"It looks for the header {HEADER}, as Loop Check does", matches.loop_check
        elif matches.leads_to_us(rule):
            what, like = (
                "It sends mail to the outbound connector of this integration, as Redirect does",
                matches.redirect,
            )
        else:
            continue
        # Where ours is there, another name would make it no less a second one.
        rename = "" if like.found else f", or rename it to '{like.object.name}'"
        yield stop("duplicate", rule.name, f"{what}, under another name. Remove it{rename}, and export again.")


def _other_ids(matches: Matches, header_id: str) -> Iterator[Finding]:
    rules = (*matches.loop_check.twins, *matches.others)
    for rule in rules:
        others = [text for text in map(as_guid, header_ids(rule)) if text != header_id]
        if others:
            text = f"It holds the header ID {shortened(others[0])}, and the request has {shortened(header_id)}. "
            yield stop("another-id", rule.name, f"{text}Ask LevelBlue which of them is this customer's.")


def _order(matches: Matches) -> Iterator[Finding]:
    loop_check, redirect = matches.loop_check.found, matches.redirect.found
    if loop_check and redirect and (loop_check.priority or 0) > (redirect.priority or 0):
        text = "It stands above Loop Check, so filtered mail would be sent out again. Move it below, and export again."
        yield stop("wrong-order", redirect.name, text)


def _unsafe(matches: Matches) -> Iterator[Finding]:
    # On in mode Audit it sends nothing, until a plan sets its mode.
    if matches.redirect.found is None or matches.redirect.found.enabled is not True:
        return
    wrong = [f"the {match.object.label} {how}" for match in matches.all[:3] if (how := _unsafe_as(match))]
    if wrong:
        text = f"It is on while {' and '.join(wrong)}. Run 60-stop, take a new backup and plan again."
        yield stop("unsafe-now", matches.redirect.object.name, text)


def _unsafe_as(match: Match) -> str:
    """Why one of the other three does not carry the mail that Redirect sends out; empty if it does."""
    if match.found is None:
        return "is missing"
    if match.found.enabled is not True:
        return "is off"
    if not match.differences:
        return ""
    # The vendor's portal leaves it without the stop. To take a stop away under running mail would let it loop.
    stops = [each.approved for each in match.differences if each.setting == STOP_PROCESSING]
    return "" if len(match.differences) == 1 and stops == [True] else "is other than approved"

"""What of a plan or a check is shown to people: values in words, header IDs shortened, others' text made safe."""

from collections.abc import Callable, Iterable, Iterator

from mm365.display import masked, on_one_line, shortened
from mm365.documents.terminal import BAD, FAINT, GOOD, WARN, Line
from mm365.plan.plan import Finding, Level
from mm365.plan.tenant_findings import as_guid, header_ids, is_guid
from mm365.request.request import Request
from mm365.snapshot.snapshot import Snapshot, is_empty

CREATE, CHANGE, STOP = GOOD, WARN, BAD
"""How lines look that say what is created, changed and refused."""

_LONGEST = 80
_SECRET = ("HeaderContainsWords", "HeaderMatchesPatterns")
LOOKS = {Level.STOP: STOP, Level.WARN: CHANGE, Level.NOTE: FAINT}


def in_words(setting: str, value: object) -> str:
    """A setting's value on one line; a header ID is shortened, and what is long is cut."""
    if is_empty(value) and not isinstance(value, bool):
        return "not set"
    items = value if isinstance(value, tuple | list) else (value,)
    texts = [on_one_line(str(item)) for item in items]
    if setting.endswith(_SECRET):
        texts = [shortened(text) for text in texts]
    text = ", ".join(texts)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text)} characters)"


def finding_lines(findings: Iterable[Finding]) -> Iterator[Line]:
    """Each finding, with its level and code."""
    for each in findings:
        yield f"{each.level.value.upper():<4}  {each.code}: '{each.subject}'. {each.text}", LOOKS[each.level]


def safe_text(header_ids_known: Iterable[str]) -> Callable[[str], str]:
    """What makes a text one line in which every character shows, and no header ID stands whole."""
    known = tuple(header_ids_known)

    def safe(text: str) -> str:
        line = on_one_line(text)
        for each in known:
            line = masked(line, each)
        return line

    return safe


def safe_lines(lines: Iterable[Line], header_ids_known: Iterable[str]) -> Iterator[Line]:
    """Such lines, with their looks."""
    safe = safe_text(header_ids_known)
    return ((safe(text), look) for text, look in lines)


def known_header_ids(request: Request, snapshot: Snapshot | None) -> tuple[str, ...]:
    """The header IDs that may stand in texts of this tenant: the request's, and those that its rules look for."""
    rules = () if snapshot is None else snapshot.rules or ()
    found = (as_guid(text) for rule in rules for text in header_ids(rule))
    return tuple(dict.fromkeys([request.header_id, *(text for text in found if is_guid(text))]))

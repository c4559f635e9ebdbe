"""Files that are taken for an export of a tenant easily, and what to give instead."""

import re
from collections.abc import Callable

from mm365.exchange.kinds import Kind
from mm365.snapshot.completeness import EXPORTS


class FormatError(ValueError):
    """A document is not an export that can be read; ``remedy`` says what would be right."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


RIGHT = "give the JSON that 20-backup wrote, or another export that mm365 plan --help names"


def _object_with(*keys: str) -> Callable[[object], bool]:
    return lambda document: isinstance(document, dict) and all(key in document for key in keys)


_OTHERS: tuple[tuple[Callable[[object], bool], str, str], ...] = (
    (
        lambda document: isinstance(document, dict) and str(document.get("format", "")).startswith("mm365-"),
        "is a file of mm365, but not a backup of a tenant",
        "give a file state/backup-....json that 20-backup wrote",
    ),
    (_object_with("CmdletInput"), "is a request to the service, not its answer", "give the answer, with its value"),
    (_object_with("Tests", "TotalCount"), "is a result of Maester, which holds no settings", RIGHT),
    (
        lambda document: any(
            isinstance(each, dict) and {"name", "comments"} <= set(each)
            for each in (document if isinstance(document, list) else [document])
        ),
        "is a template, such as CIPP's, which says what somebody wants and not what a tenant has",
        RIGHT,
    ),
)
"""Documents that are taken for an export easily, and what to give instead."""


def refuse_document(document: object) -> None:
    """Raise FormatError for a JSON document that is known to be something else."""
    for recognised, problem, remedy in _OTHERS:
        if recognised(document):
            raise FormatError(problem, remedy)


def refuse_text(start: str) -> None:
    """Raise FormatError for a file that is not JSON, if its first characters say what it is."""
    for pattern, problem, remedy in _TEXTS:
        if re.search(pattern, start):
            raise FormatError(problem, remedy)


_JSON_AGAIN = f"export each of the three lists as JSON, the rules with: {EXPORTS[Kind.RULE]}"
_TEXTS = (
    (
        r"# Generated with Microsoft365DSC version|\bEXO(TransportRule|InboundConnector|OutboundConnector) \"",
        "is a Microsoft365DSC blueprint, which is a program",
        "make its JSON report with New-M365DSCReportFromConfiguration -Type JSON and give that",
    ),
    (r"^\s*<\?xml|^\s*<rules name=|^\s*<Objs ", "is XML", _JSON_AGAIN),
    (r"^(#TYPE |\"[A-Za-z]+\"[,;]\"[A-Za-z]+\"|[A-Za-z]+,[A-Za-z]+,)", "is CSV, in which lists are lost", _JSON_AGAIN),
    (r"(?i)^\s*<(!doctype html|html)", "is a page for people", _JSON_AGAIN),
    # PowerShell 7 may colour the names.
    (
        r"(?m)^(\x1b\[[0-9;]*m)?[A-Za-z]+ +: ",
        "is a list of lines for people, in which long values are cut",
        _JSON_AGAIN,
    ),
)  # fmt: skip

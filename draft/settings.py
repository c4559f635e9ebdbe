"""The table of settings that must not be set on an object of the pack, drawn from the catalogue of cmdlets.

``settings_table`` gives the text of ``library/20-settings.ps1``. The catalogue is ``exo-cmdlets.json`` or the
project's own ``generator/emulator/catalogue.json``; both name the parameters of every cmdlet.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

WIDTH = 137

NOT_LISTED: Mapping[str, tuple[str, ...]] = {
    "InboundConnector": ("Name", "Comment", "ConnectorSource", "ConnectorType", "Enabled"),
    # The last three lines: the service sets these by itself, or they say what a test of the connector found.
    "OutboundConnector": (
        "Name", "Comment", "ConnectorSource", "ConnectorType", "Enabled", "UseMXRecord", "SmartHosts",
        "MtaStsMode", "SmtpDaneMode",
        "IsValidated", "LastValidationTimestamp", "ValidationRecipients",
    ),
    "TransportRule": (
        "Name", "Comments", "Priority", "Enabled", "UseLegacyRegex", "RuleSubType",
        # They have a value on every rule and do nothing without a condition.
        "Mode", "RuleErrorAction", "RecipientAddressType", "SenderAddressLocation",
        # They only give a detail of another setting, which is listed; what they read when unset is not documented.
        "ADComparisonOperator", "ApplyHtmlDisclaimerFallbackAction", "ApplyHtmlDisclaimerLocation",
        "IncidentReportContent", "IncidentReportOriginalMail", "ManagerForEvaluatedUser",
        "RejectMessageEnhancedStatusCode", "SetHeaderValue", "SmtpRejectMessageRejectStatusCode",
        # It marks the entry in the audit log and changes nothing for mail.
        "SetAuditSeverity",
    ),
}  # fmt: skip
"""What an object may have although the pack does not set it: its identity, its notes, what the service fills in."""

_NO_SETTINGS = ("Identity", "Confirm", "WhatIf", "DomainController")

_HEAD = """\
# ---------- What else could be set ----------
# An object counts as this pack's only if none of these is set, nor anything that begins with ExceptIf, apart from what the
# pack sets: from Microsoft's cmdlet reference, all conditions and actions of rules and all settings of connectors, without
# those that only name or describe an object, give a detail of another setting, or have a value on every object.
"""


def must_not_be_set(catalogue: Mapping[str, Any], kind: str) -> list[str]:
    """The names of the settings of a kind of object that count, without exceptions, sorted without regard to case."""
    names: set[str] = set()
    for verb in ("New", "Set"):
        names |= catalogue["cmdlets"][f"{verb}-{kind}"]["parameters"].keys()
    left_out = {*_NO_SETTINGS, *NOT_LISTED[kind]}
    return sorted((name for name in names - left_out if not name.startswith("ExceptIf")), key=str.lower)


def settings_table(catalogue: Mapping[str, Any]) -> str:
    """The table as PowerShell: one list of words a kind."""
    lines = [_HEAD + "$MustNotBeSet = @{"]
    for kind in NOT_LISTED:
        rows = _rows(must_not_be_set(catalogue, kind))
        lines.append(f"    {kind} = -split (")
        lines += [f"        '{row} ' +" for row in rows[:-1]]
        lines.append(f"        '{rows[-1]}')")
    return "\n".join([*lines, "}", ""])


def _rows(names: list[str]) -> list[str]:
    rows = [""]
    for name in names:
        if len(rows[-1]) + len(name) >= WIDTH:
            rows.append("")
        rows[-1] = f"{rows[-1]} {name}".strip()
    return rows


if __name__ == "__main__":
    source = Path(sys.argv[1])
    text = settings_table(json.loads(source.read_text(encoding="utf-8")))
    (Path(__file__).parent / "library" / "20-settings.ps1").write_bytes(text.encode("ascii"))

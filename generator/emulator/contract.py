"""What can go wrong and how a service can act, as the JSON that the emulator reads; what it logs.

Section numbers are those of the project's notes on Exchange Online, as in the module's own comments.
"""

from typing import Any, Literal, NotRequired, TypedDict

Object = dict[str, Any]


class Behaviour(TypedDict, total=False):
    """How this tenant's service acts where documents and practice leave it open. The first is the default."""

    language: Literal["en", "de"]  # of errors, warnings and questions (5.3)
    outboundListing: Literal["documented", "captured"]  # what Get-OutboundConnector leaves out (3.4)
    unknownIdentity: Literal["error", "all"]  # what a Get answers to a name that is not there (3.4)
    routeReadsBackAs: Literal["name", "guid"]  # RouteMessageOutboundConnector (3.3)
    removeReferencedConnector: Literal["error", "allow"]  # while a rule routes to it (5.2)
    inboundCreation: Literal["enabled", "disabled", "refused"]  # of OnPremises connectors (6.3)
    lateCalls: int  # Gets of its kind that do not see a new object yet, 0 (5.1)
    missing: list[str]  # "Cmdlet" or "Cmdlet:Parameter" that the role lacks; read at import (6.2)
    prefix: str  # of the cmdlets, as Connect-ExchangeOnline -Prefix gives it; read at import (6.2)


class Target(TypedDict):
    """What another administrator creates, removes or sets."""

    kind: Literal["inbound", "outbound", "rule"]
    name: str
    values: NotRequired[Object]


class Change(TypedDict, total=False):
    """One change of another administrator: one of these. A created rule goes to priority 0."""

    create: Target
    remove: Target
    set: Target


class Fault(TypedDict):
    """Something that happens once, at the nth call (from 1) of cmdlet or, without cmdlet, of all calls.

    error, throttle: an error, nothing is changed. lost: the change is made, then an error comes back.
    kill, kill-after: the process ends with code 137 before or after the change. warning: text is warned.
    delay: the call takes ms longer. differs: a New or Set stores Enabled (of a rule StopRuleProcessing)
    the other way round. interfere: change is made just before the call. Marked fired once it happened.
    """

    kind: Literal["error", "throttle", "lost", "kill", "kill-after", "warning", "delay", "differs", "interfere"]
    nth: int
    cmdlet: NotRequired[str]
    text: NotRequired[str]
    ms: NotRequired[int]
    change: NotRequired[Change]
    fired: NotRequired[bool]


class Call(TypedDict):
    """One line of the log. n is None for Start-Sleep, which is no call of the service."""

    n: int | None
    cmdlet: str
    parameters: dict[str, Any]
    whatIf: bool
    result: Literal["ok", "error", "stopped", "killed"]
    changed: bool
    faults: list[str]

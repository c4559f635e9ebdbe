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
    throttled: int  # the first calls of a process, which are refused for good, 0 (5.3)
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

    Calls are counted in each process, and anew whenever other faults are written for the tenant. An nth of 0 is
    every call; any other fault is marked fired once it happened, and does not happen again in any process.

    error: an error, nothing is changed. lost: the change is made, then an error comes back. kill, kill-after: the
    process is killed before or after the change. throttle: the module waits ms and asks again, the caller sees
    nothing of it. warning: text is warned. delay: the call takes ms longer. differs: a New or Set stores Enabled
    (of a rule StopRuleProcessing) the other way round. interfere: change is made just before the call.
    """

    kind: Literal["error", "throttle", "lost", "kill", "kill-after", "warning", "delay", "differs", "interfere"]
    nth: int
    cmdlet: NotRequired[str]
    text: NotRequired[str]
    ms: NotRequired[int]
    change: NotRequired[Change]
    fired: NotRequired[bool]


class Call(TypedDict):
    """One line of the log. n counts the calls of a process as for faults; it is None for Start-Sleep, which is no
    call of the service.

    error is the text of the error, if there was one. returned is the number of objects that the caller got.
    watched is there if the environment names a folder to watch: it differs from the line before if a file in that
    folder was made, removed or written again between the two.
    """

    n: int | None
    cmdlet: str
    parameters: dict[str, Any]
    whatIf: bool
    result: Literal["ok", "error", "stopped", "killed"]
    changed: bool
    faults: list[str]
    returned: int
    warnings: list[str]
    error: NotRequired[str]
    watched: NotRequired[str]

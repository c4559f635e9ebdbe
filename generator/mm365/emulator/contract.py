"""The JSON that the emulator reads and writes: how a service behaves, which faults are ordered, what is logged.

The facts behind the behaviours are in NOTES.md.
"""

from typing import Any, Literal, NotRequired, TypedDict

Object = dict[str, Any]


class Behaviour(TypedDict, total=False):
    """How this tenant's service acts where documents and practice leave it open. The first value is the default."""

    language: Literal["en", "de"]
    """The language of errors, warnings and questions."""
    outboundListing: Literal["documented", "captured"]
    """Which connectors Get-OutboundConnector leaves out: as the documents say, or as captures show."""
    unknownIdentity: Literal["error", "all"]
    """What a Get does with a name that is not there: an error, or every object."""
    routeReadsBackAs: Literal["name", "guid"]
    """How the service stores RouteMessageOutboundConnector."""
    removeReferencedConnector: Literal["error", "allow"]
    """Whether a connector can be removed while a rule routes to it."""
    inboundCreation: Literal["enabled", "disabled", "refused"]
    """What becomes of a new inbound connector of type OnPremises."""
    lateCalls: int
    """How many Gets of its kind do not see a new object yet; 0 by default."""
    throttled: int
    """How many of the first calls of a process are refused for too many requests; 0 by default."""
    missing: list[str]
    """What the role lacks, each "Cmdlet" or "Cmdlet:Parameter"; read when the module is imported."""
    prefix: str
    """The prefix of the cmdlets, as of Connect-ExchangeOnline -Prefix; read when the module is imported."""


class Target(TypedDict):
    """What another administrator creates, removes or sets."""

    kind: Literal["inbound", "outbound", "rule"]
    name: str
    values: NotRequired[Object]


class Change(TypedDict, total=False):
    """A change that another administrator makes: exactly one of these. A created rule gets priority 0."""

    create: Target
    remove: Target
    set: Target


class Fault(TypedDict):
    """Something that goes wrong once, at the nth call (from 1) of ``cmdlet`` or, without it, of all cmdlets.

    Each process counts its calls, and starts again when other faults are written for the tenant. An ``nth`` of 0
    means every call. Any other fault is marked ``fired`` when it happens, and does not happen again in any process.

    - error: the call fails, and nothing is changed.
    - lost: the change is made, and then the call fails.
    - kill, kill-after: the process is killed before the change, or after it.
    - throttle: the module waits ``ms`` and asks again; the caller sees nothing of it.
    - warning: the call warns with ``text``.
    - delay: the call takes ``ms`` longer.
    - differs: a New or Set stores Enabled, of a rule StopRuleProcessing, the other way round.
    - interfere: ``change`` is made just before the call.
    """

    kind: Literal["error", "throttle", "lost", "kill", "kill-after", "warning", "delay", "differs", "interfere"]
    nth: int
    cmdlet: NotRequired[str]
    text: NotRequired[str]
    ms: NotRequired[int]
    change: NotRequired[Change]
    fired: NotRequired[bool]


class Call(TypedDict):
    """One line of the log.

    ``n`` counts the calls of a process, as for faults; it is None for Start-Sleep, which is not a call of the service.
    ``error`` is the text of the error, if there was one. ``returned`` is the number of objects that the caller got.
    ``watched`` is there if the environment names a folder to watch: it differs from that of the line before if a file
    in the folder was made, removed or written again between the two.
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

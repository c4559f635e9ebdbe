"""The result of a rehearsal, as a pack takes it in: read from what ``mm365 rehearse --json`` prints, and checked.

A pack keeps the part of it that its documents show, as ``rehearsal.json`` in the same shape, without anything that
differs from run to run. So both files are read by the same reader, and the pack can be rendered again from its own.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from mm365.display import on_one_line, printable
from mm365.errors import RehearsalError
from mm365.request.request import Request
from mm365.scripts.rendering import Rendered

PATH = "rehearsal.json"
FORMATS = ("mm365-rehearsal-1", "mm365-rehearsed-1")
"""What ``mm365 rehearse --json`` prints, and what a pack keeps of it."""
MAX_BYTES = 32 * 1024 * 1024
MAX_BROKEN = 20
"""How many of the cases that broke a pack names; it counts all of them."""
_MAX_TEXT = 200

_REMEDY = "give what mm365 rehearse DIR --json printed for this pack"
_AGAIN = "rehearse this pack, with mm365 rehearse DIR --json, and give what that prints"
_T = TypeVar("_T", bool, int, str, list[object], dict[str, object])


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A case that broke promises: the fault as ``--fault`` takes it, how it was run, and which promises."""

    case: str
    way: str
    promises: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """What a rehearsal found.

    ``start`` is the tenant that it began with: empty, busy, or the name of a backup. ``ways`` says for each way of
    running scripts whether the whole change went through. ``cases`` and ``failed`` count the cases with a fault that
    were run and that broke a promise, of which ``broken`` has the first. ``scripts`` has the SHA-256 of all PowerShell.
    """

    held: bool
    tenant: str
    region: str
    loop_guard: str
    start: str
    behaviour: Mapping[str, str | int]
    shell: str
    powershell: str
    faults: tuple[str, ...]
    ways: Mapping[str, bool]
    cases: int
    failed: int
    broken: tuple[Broken, ...]
    scripts: Mapping[str, str]

    @property
    def program(self) -> str:
        """Which PowerShell it ran in."""
        return f"PowerShell {self.powershell}" if self.powershell else self.shell

    @property
    def went_through(self) -> bool:
        """Whether the change went through, and back, in every way of running it."""
        return all(self.ways.values())

    def as_dict(self) -> dict[str, object]:
        """What a pack keeps of it. The same rehearsal gives the same, whenever and wherever it was run."""
        return {
            "format": FORMATS[1],
            "held": self.held,
            "tenant": self.tenant,
            "region": self.region,
            "loop_guard": self.loop_guard,
            "start": self.start,
            "behaviour": dict(self.behaviour),
            "shell": self.shell,
            "powershell": self.powershell or None,
            "faults": list(self.faults),
            "walks": [{"way": way, "held": held} for way, held in self.ways.items()],
            "cases": {"run": self.cases, "held": self.cases - self.failed, "broken": self.failed},
            "broken": [
                {"case": each.case, "way": each.way, "breaches": [{"promise": text} for text in each.promises]}
                for each in self.broken
            ],
            "scripts": dict(self.scripts),
        }


def read_rehearsal(path: Path) -> Rehearsed:
    """The rehearsal in a file. Raises RehearsalError: it cannot be read, is too large, cut off, or something else."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _refused(f"cannot be read: {error.strerror}", "give another file", path) from error
    if len(data) > MAX_BYTES:
        raise _refused(f"is larger than {MAX_BYTES // 1024**2} MiB, so it is not the result of a rehearsal", value=path)
    try:
        # Bytes, so that UTF-16 is found as well, which is what > writes in Windows PowerShell.
        facts = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _refused("is not JSON, or was cut off", value=path) from error
    return rehearsal_of(facts, path)


def rehearsal_of(facts: object, path: Path | None = None) -> Rehearsed:
    """The rehearsal in what was read from JSON, at ``path`` if that was a file. Raises RehearsalError."""
    if not isinstance(facts, dict) or facts.get("format") not in FORMATS:
        raise _refused("is not the result of a rehearsal", value=path)
    try:
        found = _rehearsed(facts)
    except KeyError as error:
        problem = f"does not have {error}: it was made by another version, or it was altered"
        raise _refused(problem, _AGAIN, path) from error
    except (TypeError, ValueError) as error:
        raise _refused("is not as mm365 rehearse writes it: it was altered", _AGAIN, path) from error
    if facts.get("complete") is False:
        raise _refused("was interrupted before all was run", _AGAIN, path)
    if found.held != (found.went_through and not found.failed) or not found.ways:
        raise _refused("contradicts itself on whether all held: it was altered", _AGAIN, path)
    return found


def as_if_of(rehearsed: Rehearsed, request: Request, files: Sequence[Rendered]) -> Rehearsed:
    """The same result as that of another pack, with these scripts and forms: for comparing two packs."""
    return replace(
        rehearsed,
        tenant=request.tenant,
        region=request.region.code,
        loop_guard=request.loop_guard.value,
        scripts={file.path: file.sha256 for file in files},
    )


def check_rehearsed(rehearsed: Rehearsed, request: Request, files: Sequence[Rendered]) -> None:
    """Raises RehearsalError unless it was of this tenant, region and loop guard, and of these scripts and forms."""
    told = {"tenant": rehearsed.tenant, "region": rehearsed.region, "loop guard": rehearsed.loop_guard}
    asked = {"tenant": request.tenant, "region": request.region.code, "loop guard": request.loop_guard.value}
    for name, right in asked.items():
        if told[name] != right:
            raise _refused(f"is of {name} {printable(told[name])}, and this pack is for {right}", _AGAIN)
    wanted = {file.path: file.sha256 for file in files}
    if rehearsed.scripts != wanted:
        differing = [
            path for path in {**wanted, **rehearsed.scripts} if wanted.get(path) != rehearsed.scripts.get(path)
        ]
        named = f"{printable(differing[0])}{f' and {len(differing) - 1} more' if len(differing) > 1 else ''}"
        raise _refused(f"is of other scripts than those of this pack: {named}", _AGAIN)


def _refused(problem: str, remedy: str = _REMEDY, value: Path | None = None) -> RehearsalError:
    return RehearsalError(problem, remedy, field="rehearsal", value=value)


def _rehearsed(facts: Mapping[str, object]) -> Rehearsed:
    """Raises KeyError for what is missing, TypeError and ValueError for what is of another kind."""
    cases = _of(facts["cases"], dict)
    run, failed = _of(cases["run"], int), _of(cases["broken"], int)
    if not 0 <= failed <= run:
        raise ValueError(failed)
    return Rehearsed(
        held=_of(facts["held"], bool),
        tenant=_text(facts["tenant"]),
        region=_text(facts["region"]),
        loop_guard=_text(facts["loop_guard"]),
        start=_base(_text(facts["start"])),
        behaviour=dict(sorted(_behaviour(facts["behaviour"]))),
        shell=_base(_text(facts["shell"])),
        powershell="" if facts["powershell"] is None else _text(facts["powershell"]),
        faults=tuple(_text(kind) for kind in _of(facts["faults"], list)),
        ways={_text(walk["way"]): _of(walk["held"], bool) for walk in _dicts(facts["walks"])},
        cases=run,
        failed=failed,
        broken=tuple(_broken(facts["broken"]))[:MAX_BROKEN],
        scripts={_text(path): _text(sum_) for path, sum_ in _of(facts["scripts"], dict).items()},
    )


def _broken(value: object) -> Iterator[Broken]:
    for each in _dicts(value):
        promises = dict.fromkeys(_text(breach["promise"]) for breach in _dicts(each["breaches"]))
        yield Broken(case=_text(each["case"]), way=_text(each["way"]), promises=tuple(promises))


def _behaviour(value: object) -> Iterator[tuple[str, str | int]]:
    for name, given in _of(value, dict).items():
        yield _text(name), given if type(given) is int else _text(given)


def _dicts(value: object) -> Iterator[dict[str, object]]:
    return (_of(each, dict) for each in _of(value, list))


def _of(value: object, kind: type[_T]) -> _T:
    # A truth value is a number to isinstance.
    if type(value) is not kind:
        raise TypeError(value)
    return value


def _text(value: object) -> str:
    """Text on one line, in which every character shows, and not without end."""
    return on_one_line(_of(value, str))[:_MAX_TEXT]


def _base(path: str) -> str:
    """The name of a file without its folders, which may name people."""
    return re.split(r"[\\/]", path)[-1]

"""Is a pack what was generated? File by file, against its manifest and against a fresh rendering."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from mm365 import __version__
from mm365.errors import InvalidValueError, NoFolderError, PackError, Problem, RehearsalError, RequestError
from mm365.pack.contents import MANIFEST, STATE, SUMS, build_pack, digest
from mm365.pack.difference import difference
from mm365.pack.rehearsed import PATH as REHEARSAL
from mm365.pack.rehearsed import Rehearsed, read_rehearsal
from mm365.plan.again import plan_again
from mm365.request.fields import NEEDED
from mm365.request.file import read_request_file
from mm365.request.parsers import parse_fingerprint
from mm365.request.request import Request, build_request
from mm365.scripts.change import Change, build_change
from mm365.scripts.planned import SNAPSHOT_PATH


class Status(StrEnum):
    """What became of a file of a pack."""

    OK = "ok"
    SIGNED = "signed"
    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"


@dataclass(frozen=True, kw_only=True)
class FileReport:
    """One file and what became of it.

    ``difference`` has some lines of what changed, where what was generated is known.
    """

    path: str
    status: Status
    difference: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether it is what was generated, but for a signature at its end."""
        return self.status in {Status.OK, Status.SIGNED}


@dataclass(frozen=True, kw_only=True)
class PackReport:
    """All files of a pack, its fingerprint, and whether this version renders the same from its request.

    ``rendered_again`` is None where that cannot be said: the pack was made by another version, which may rightly
    render otherwise, or its ``request.json`` or ``rehearsal.json`` is not what was generated. ``example``
    says that its header ID is the example's, so that it cannot be used.
    """

    fingerprint: str
    generator: str
    files: tuple[FileReport, ...]
    rendered_again: bool | None
    example: bool = False

    @property
    def intact(self) -> bool:
        """Whether every file is what was generated; an Authenticode signature at a script's end may be there."""
        return all(report.good for report in self.files)


# What Set-AuthenticodeSignature appends, and nothing behind it: comment lines of base64.
_SIGNATURE = re.compile(
    rb"(?:\r?\n)?# SIG # Begin signature block\r?\n(?:# [A-Za-z0-9+/=]+\r?\n)+# SIG # End signature block\r?\n?\Z"
)


def without_signature(data: bytes) -> bytes:
    """A script without the Authenticode signature at its end, if it has one."""
    found = _SIGNATURE.search(data)
    return data[: found.start()] + b"\n" if found else data


def verify_pack(folder: Path) -> PackReport:
    """Compare every file of a pack with what was generated. Raises PackError if it cannot be read as a pack."""
    if not folder.is_dir():
        raise NoFolderError("is not a folder that is there", "give the folder of a pack", value=folder)
    manifest_data = _read(folder / MANIFEST)
    expected, generator = _expected(manifest_data)
    statuses = {path: _status(folder / path, sha256) for path, sha256 in expected.items()}
    request = request_of(folder)
    made_from = [statuses.get("request.json"), statuses.get(REHEARSAL, Status.OK)]
    again = generator == _THIS and all(status is Status.OK for status in made_from)
    made = _made_again(folder, rehearsed=REHEARSAL in expected) if again else {}
    rendered_again = made.get(MANIFEST) == manifest_data if again else None
    # A manifest that was altered together with its files agrees with them, but not with the request.
    statuses[MANIFEST] = Status.CHANGED if rendered_again is False else Status.OK
    reports = [
        FileReport(path=path, status=status, difference=_difference(folder / path, status, made.get(path), request))
        if made and request
        else FileReport(path=path, status=status)
        for path, status in statuses.items()
    ]
    reports += [FileReport(path=path, status=Status.ADDED) for path in sorted(_present(folder)) if path not in statuses]
    return PackReport(
        fingerprint=digest(manifest_data),
        generator=generator,
        files=tuple(reports),
        rendered_again=rendered_again,
        example=request is not None and request.is_example,
    )


def _difference(path: Path, status: Status, generated: bytes | None, request: Request) -> tuple[str, ...]:
    if status is not Status.CHANGED or generated is None:
        return ()
    if path.is_symlink() or not path.is_file():
        return ("It is not a file.",)
    data = _read(path)
    return difference(generated, without_signature(data) if path.suffix == ".ps1" else data, request.header_id)


def approved_fingerprint(text: str) -> str:
    """A fingerprint as somebody gave it. Raises RequestError."""
    try:
        return parse_fingerprint(text)
    except InvalidValueError as error:
        problem = Problem(problem=error.problem, remedy=error.remedy, field="fingerprint", value=text)
        raise RequestError([problem]) from error


_THIS = f"mailmarshal-m365 {__version__}"


def _expected(manifest_data: bytes) -> tuple[dict[str, str], str]:
    """The SHA-256 that each file should have, by path, and what made the pack."""
    problem = PackError(f"{MANIFEST} is not a manifest of a pack", "restore it, or make the pack again")
    try:
        manifest = json.loads(manifest_data)
        files = {str(entry["path"]): str(entry["sha256"]) for entry in manifest["files"]}
        known = manifest["format"] == "mm365-pack-1"
        generator = str(manifest["generator"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise problem from error
    if not known or any(_outside(path) for path in files):
        raise problem
    sums = "".join(f"{sha256}  {path}\n" for path, sha256 in files.items())
    sums += f"{digest(manifest_data)}  {MANIFEST}\n"
    return {**files, SUMS: digest(sums.encode())}, generator


def _outside(path: str) -> bool:
    pure = PurePosixPath(path)
    return pure.is_absolute() or ".." in pure.parts or "\\" in path or ":" in path or not pure.parts


def _status(path: Path, sha256: str) -> Status:
    if not path.exists() and not path.is_symlink():
        return Status.MISSING
    if path.is_symlink() or not path.is_file():
        return Status.CHANGED
    data = _read(path)
    if digest(data) == sha256:
        return Status.OK
    if path.suffix == ".ps1" and (found := _SIGNATURE.search(data)):
        # The signing cmdlet may or may not put a line break of its own before the block.
        before = data[: found.start()]
        if sha256 in {digest(before), digest(before + b"\n"), digest(before + b"\r\n")}:
            return Status.SIGNED
    return Status.CHANGED


def _present(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        if relative.parts[0] != STATE and (path.is_symlink() or not path.is_dir()):
            yield relative.as_posix()


def request_of(folder: Path) -> Request | None:
    """The request that a pack was made from; None where it cannot be read as one."""
    try:
        values = {name: value for name, value in read_request_file(folder / "request.json").items() if value}
        return build_request(values, needs=NEEDED)
    except RequestError:
        return None


def rehearsal_in(folder: Path) -> Rehearsed | None:
    """The result of a rehearsal that a pack holds; None where there is none that can be read."""
    try:
        return read_rehearsal(folder / REHEARSAL)
    except RehearsalError:
        return None


def change_of(folder: Path) -> Change | None:
    """The change that a pack carries out, made again from what is in it; None where that cannot be read."""
    request = request_of(folder)
    if request is None:
        return None
    path = folder / SNAPSHOT_PATH
    try:
        # A folder, or a link to nowhere, is not a snapshot either.
        plan = plan_again(_read(path).decode("ascii"), request) if path.exists() or path.is_symlink() else None
        return build_change(request, plan)
    except (PackError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _made_again(folder: Path, *, rehearsed: bool) -> Mapping[str, bytes]:
    """The files that the pack's request, snapshot and rehearsal give; none if they give no pack."""
    change = change_of(folder)
    if change is None:
        return {}
    try:
        return build_pack(change, rehearsal_in(folder) if rehearsed else None).files
    except RehearsalError:
        return {}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        remedy = "give the folder of a pack" if path.name == MANIFEST else "see to its rights"
        raise PackError(f"cannot be read: {error.strerror}", remedy, value=path) from error

"""What is in a pack: every file, the manifest that holds the SHA-256 of each, and the sums."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mm365 import __version__
from mm365.pack.change_request import render_change_request
from mm365.pack.mail_flow import before_and_after
from mm365.pack.rehearsed import PATH as REHEARSAL
from mm365.pack.rehearsed import Rehearsed, check_rehearsed
from mm365.pack.runbook import render_runbook
from mm365.plan.result import as_facts
from mm365.scripts.change import Change
from mm365.scripts.rendering import Rendered, render_paste_forms, render_scripts

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
STATE = "state"
"""Where the scripts keep their notes; it belongs to the tenant, not to what was generated."""


@dataclass(frozen=True, kw_only=True)
class Pack:
    """All files of a pack, by path, with the manifest and the sums."""

    files: Mapping[str, bytes]

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the manifest, which holds that of every other file."""
        return digest(self.files[MANIFEST])


def digest(data: bytes) -> str:
    """The SHA-256 of bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def build_pack(change: Change, rehearsed: Rehearsed | None = None) -> Pack:
    """The files of a pack; the same request, and the same rehearsal of it if there is one, give the same bytes.

    Raises RehearsalError for a rehearsal of other scripts than those of this pack.
    """
    request = change.request
    scripts = (*render_scripts(change), *render_paste_forms(change))
    results: tuple[Rendered, ...] = ()
    if rehearsed is not None:
        check_rehearsed(rehearsed, request, scripts)
        results = (Rendered(path=REHEARSAL, text=_json(rehearsed.as_dict())),)
    texts = (
        Rendered(path="request.json", text=_json(request.as_dict())),
        *results,
        *_plan_of(change),
        render_change_request(change, scripts, rehearsed),
        *(each.picture for each in before_and_after(request)),
        render_runbook(change, scripts),
        *scripts,
    )
    files = {text.path: text.data for text in texts}
    manifest = {
        "format": "mm365-pack-1",
        "generator": f"mailmarshal-m365 {__version__}",
        "tenant": request.tenant,
        "region": request.region.code,
        "loop_guard": request.loop_guard.value,
        "change": request.change,
        "files": [{"path": path, "sha256": digest(data), "size": len(data)} for path, data in files.items()],
    }
    files[MANIFEST] = _json(manifest).encode()
    files[SUMS] = "".join(f"{digest(data)}  {path}\n" for path, data in files.items()).encode()
    return Pack(files=files)


PLAN = "plan.json"
"""The plan, as ``mm365 plan --json`` prints it; in a pack that was planned against a snapshot."""


def _plan_of(change: Change) -> Iterator[Rendered]:
    if change.plan.snapshot is not None:
        yield Rendered(path=PLAN, text=_json(as_facts(change.plan, change.request)))


def _json(value: object) -> str:
    return json.dumps(value, indent=2) + "\n"

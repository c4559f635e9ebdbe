"""All PowerShell that packs of three regions and three loop guards hold: scripts, functions and paste forms."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard, Request, build_request
from mm365.scripts import library
from mm365.scripts.change import Change, build_change
from mm365.scripts.rendering import Rendered, render_paste_forms, render_scripts
from tests.commands import VALUES
from tests.exports import INTEGRATION, REQUEST, made, ours, plan, tenant_with

PACKS = {
    f"{region}/{guard}": {"region": region, "loop_guard": guard.value} for region in REGIONS for guard in LoopGuard
}
"""The name of each pack, and what is its own in its request."""


def request_of(values: Mapping[str, str]) -> Request:
    return build_request({**VALUES, **values}, needs=())


def change_of(values: Mapping[str, str]) -> Change:
    return build_change(request_of(values))


def blocks_of(form: Rendered) -> dict[str, str]:
    """The blocks of a paste form, which are pasted one by one, each with a name of its own."""
    texts = [text.rstrip("\n") + "\n" for text in form.text.split("\n\n")]
    if len(texts) == 1:
        return {form.path: texts[0]}
    stem = form.path.removesuffix(".txt")
    return {f"{stem} ({number} of {len(texts)}).txt": text for number, text in enumerate(texts, start=1)}


def texts_of(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every file with PowerShell of a pack, and its text; a block of a paste form counts as a file."""
    yield from texts_in(change_of(values))


def texts_in(change: Change) -> Iterator[tuple[str, str]]:
    """The same of a change."""
    yield from ((script.path, script.text) for script in render_scripts(change) if script.path.endswith(".ps1"))
    for form in render_paste_forms(change):
        yield from blocks_of(form).items()


def every_change() -> Iterator[tuple[str, Change]]:
    """The name and the change of every pack: of each region and loop guard, and of some plans against a snapshot."""
    yield from ((pack, change_of(values)) for pack, values in PACKS.items())
    yield from ((f"planned/{name}", change) for name, change in planned_changes().items())


@cache
def planned_changes() -> Mapping[str, Change]:
    """Changes by plans that create, change and turn on, that put Loop Check above Redirect, and that do little."""
    outbound, loop_check, redirect = INTEGRATION.outbound, INTEGRATION.loop_check, INTEGRATION.redirect
    tenants = {
        "another-region": tenant_with(made(outbound, on=False, TlsDomain="*.us.mailmarshal.cloud")),
        "redirect-first": tenant_with(made(outbound), made(redirect, on=False, Mode="Audit")),
        "portal": tenant_with(*{**ours(), loop_check.key: made(loop_check, StopRuleProcessing=False)}.values()),
        "all-off": tenant_with(*ours(on=False).values()),
    }
    with TemporaryDirectory() as folder:
        return {name: build_change(REQUEST, plan(Path(folder), tenant, adopt=True)) for name, tenant in tenants.items()}


def every_text() -> Iterator[tuple[str, str]]:
    """Every file with PowerShell of every pack, by pack and path; a block of a paste form counts as a file."""
    yield from ((f"{pack}/{path}", text) for pack, change in every_change() for path, text in texts_in(change))


def write_all(folder: Path) -> None:
    for name, text in every_text():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("ascii"))


def is_shared(name: str) -> bool:
    """Whether a file of that name holds the functions that scripts share."""
    return name.endswith((library.PATH, library.SNAPSHOT_PATH))

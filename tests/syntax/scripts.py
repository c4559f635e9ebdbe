"""Every script that there is: three regions by three loop guards, in both forms."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from mm365.scripts.single import single_scripts

from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard, Request, build_request
from mm365.scripts.change import build_change
from mm365.scripts.rendering import Form, Rendered, render_script, render_scripts
from tests.commands import VALUES

FORMS: tuple[Form, ...] = ("file", "paste")
PACKS = {
    f"{region}/{guard}": {"region": region, "loop_guard": guard.value} for region in REGIONS for guard in LoopGuard
}
"""The name of each pack, and what is its own in its request."""


def request_of(values: Mapping[str, str]) -> Request:
    return build_request({**VALUES, **values}, needs=())


def render_all(request: Request) -> Iterator[Rendered]:
    """The scripts of a pack and those that stand alone, in both forms."""
    change = build_change(request)
    yield from render_scripts(change)
    for name in single_scripts(change.integration, change.plan):
        for form in FORMS:
            yield render_script(name, change, form)


def write_all(folder: Path) -> None:
    for pack, values in PACKS.items():
        for script in render_all(request_of(values)):
            path = folder / pack / script.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(script.data)

"""All PowerShell that packs of three regions and three loop guards hold: scripts, functions and paste forms."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard, Request, build_request
from mm365.scripts import library
from mm365.scripts.change import Change, build_change
from mm365.scripts.rendering import Rendered, render_paste_forms, render_scripts
from tests.commands import VALUES

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
    change = change_of(values)
    yield from ((script.path, script.text) for script in render_scripts(change))
    for form in render_paste_forms(change):
        yield from blocks_of(form).items()


def write_all(folder: Path) -> None:
    for pack, values in PACKS.items():
        for path, text in texts_of(values):
            file = folder / pack / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("ascii"))


def is_shared(name: str) -> bool:
    """Whether a file of that name holds the functions that scripts share."""
    return name.endswith(library.PATH)

"""Makes the notebooks from their templates and from what the package itself says, so that they cannot drift.

python -m mm365.notebook.build           write them again
python -m mm365.notebook.build --check   name each one that differs; exit code 1 if one does
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence

from mm365.documents.markdown import code, escape, render_document, table
from mm365.integration.risks import RISKS
from mm365.mailflow.loop_guard import explain_loop, guard_table
from mm365.mailflow.reasons import why
from mm365.notebook.play import Play
from mm365.notebook.shipped import NOTEBOOKS, notebook_file
from mm365.notebook.walkthrough import Walkthrough
from mm365.notebook.ways import steps
from mm365.rehearsal.promises import Promise
from mm365.request.fields import FIELDS
from mm365.request.parsers import TRADE_OFFS
from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard
from mm365.scripts.explanation import ExplainedScript

Row = tuple[str, ...]
"""The cells of a table's row."""

# Each cell of a template follows a line with its id and its kind.
_CELL = re.compile(r"^<!-- cell (?P<id>[a-z-]+): (?P<kind>markdown|code) -->\n", re.MULTILINE)
_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def make_notebook(name: str) -> bytes:
    """A notebook as the bytes of its file: without outputs, and with cell ids that name the cells."""
    text = render_document(f"notebook/{name}.md.j2", **_values())
    cells = [_cell(f"{name}-{id_}", kind, source) for id_, kind, source in _parts(text)]
    notebook = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def differing() -> list[str]:
    """The names of the notebooks whose files are missing or not what would be written."""
    files = {name: notebook_file(name) for name in NOTEBOOKS}
    return [name for name, file in files.items() if not file.is_file() or file.read_bytes() != make_notebook(name)]


def _values() -> Mapping[str, object]:
    """What the templates can put in."""
    scripts = Walkthrough().scripts
    created = next(explained for explained in scripts if explained.script.name == "30-create")
    return {
        "created": created,
        "fields": [(field.label, "yes" if field.needed else "no", field.asked) for field in FIELDS.values()],
        "guard_table": [(code(guard), *others) for guard, *others in guard_table()],
        "guards": list(_guard_rows()),
        "promises": Promise,
        "regions": [(code(r.code), r.place, code(r.smart_host), code(r.certificate_name)) for r in REGIONS.values()],
        "risks": RISKS,
        "scripts": scripts,
        "settings": list(_setting_rows(created)),
        "table": table,
        "trade_offs": TRADE_OFFS,
        "ways": list(_ways()),
    }


def _guard_rows() -> Iterator[Row]:
    for guard in LoopGuard:
        for name, check, redirect, result in explain_loop(guard).passes[1:3]:
            yield code(guard.value), name, check, redirect, result


def _ways() -> Iterator[tuple[str, str, str, list[Row]]]:
    """What becomes of a message from the internet under each loop guard, and each step of its way."""
    for guard in LoopGuard:
        [followed] = Play(guard=guard).followed
        rows: list[Row] = [(str(number), place, text) for number, (place, text) in enumerate(steps(followed), 1)]
        yield guard.value, followed.judgement.verdict.value, why(followed.judgement), rows


def _setting_rows(explained: ExplainedScript) -> Iterator[Row]:
    for item in explained.settings:
        what = escape(f"{item.what} {item.why}")
        yield item.object, item.name, code(item.value), what, "; ".join(item.sources)


def _parts(text: str) -> Iterator[tuple[str, str, str]]:
    """The id, the kind and the text of each cell."""
    marks = list(_CELL.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for mark, end in zip(marks, ends, strict=True):
        yield mark["id"], mark["kind"], text[mark.end() : end].rstrip("\n")


def _cell(id_: str, kind: str, text: str) -> dict[str, object]:
    source = text.splitlines(keepends=True)
    if kind == "markdown":
        return {"cell_type": kind, "id": id_, "metadata": {}, "source": source}
    return {
        "cell_type": kind,
        "execution_count": None,
        "id": id_,
        "metadata": {"jupyter": {"source_hidden": True}},  # JupyterLab shows it folded: the screen below it counts
        "outputs": [],
        "source": source,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the notebooks; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m mm365.notebook.build", description="Write the notebooks.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a notebook differs")
    if not parser.parse_args(arguments).check:
        for name in NOTEBOOKS:
            notebook_file(name).write_bytes(make_notebook(name))
        return 0
    names = differing()
    sys.stderr.write("".join(f"{name}.ipynb is out of date; run: python -m mm365.notebook.build\n" for name in names))
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())

"""The notebooks, made from plain text and from what the project itself says, so that they cannot drift.

python -m tests.notebooks           write them anew
python -m tests.notebooks --check   name each one that differs; exit code 1 if there is one
"""

import json
import sys
from collections.abc import Iterator, Sequence

from mm365.documents.markdown import code, escape
from mm365.integration.loop_guard import explain_loop
from mm365.integration.risks import RISKS
from mm365.notebook.walkthrough import Walkthrough
from mm365.rehearsal.promises import Promise
from mm365.request.fields import FIELDS
from mm365.request.regions import REGIONS
from mm365.request.request import LoopGuard
from tests.commands import CHECKOUT

FOLDER = CHECKOUT / "notebooks"
Cell = tuple[str, str, str]
"""Its id, its kind (markdown or code), its text."""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines)


def region_rows() -> list[list[str]]:
    return [
        [str(code(r.code)), r.place, str(code(r.smart_host)), str(code(r.certificate_name))] for r in REGIONS.values()
    ]


def field_rows() -> list[list[str]]:
    return [[field.label, "yes" if field.needed else "no", str(escape(field.asked))] for field in FIELDS.values()]


def guard_rows() -> list[list[str]]:
    rows = []
    for guard in LoopGuard:
        for name, check, redirect, result in explain_loop(guard).passes[1:3]:
            rows.append([str(code(guard.value)), name, check, redirect, result])
    return rows


def script_texts() -> Iterator[str]:
    """The example's scripts: what each is for, and of 30-create all settings and its whole text."""
    for explained in Walkthrough().scripts:
        script = explained.script
        yield f"**{script.name}.** {escape(script.synopsis)} {escape(script.next_when_done)}"
    created = next(one for one in Walkthrough().scripts if one.script.name == "30-create")
    rows = [
        [item.object, item.name, str(code(item.value)), str(escape(f"{item.what} {item.why}")), "; ".join(item.sources)]
        for item in created.settings
    ]
    yield "### Every setting of 30-create"
    yield table(["Object", "Setting", "Value", "What it does, and why it has this value", "Source"], rows)
    text = created.text.rstrip("\n")
    yield f"<details><summary>The example's 30-create.ps1, whole</summary>\n\n```powershell\n{text}\n```\n\n</details>"


BEWARE = """ A pack in which more than values differs is not run: its scripts could
do anything on this machine."""


def rehearsal_text(title: str, beware: str = "") -> str:
    """The same step in both notebooks."""
    return f"""{title}

A **rehearsal** runs the scripts of the pack, unchanged, in the PowerShell of this machine: from preflight to
rollback, against an emulated Exchange Online. **Nothing is connected and no tenant is touched.** Hours that have to
pass are taken as passed.{beware}

*The way through* takes some seconds. *Every fault* lets something go wrong at each call in turn, runs the script
again and rolls back; that takes a minute or two, and more on a slow machine. What must hold, whatever goes wrong:

{"".join(f"- {promise.value}{chr(10)}" for promise in Promise)}
It begins when you press the button, and you can stop it. The same in a terminal:
{code("mm365 rehearse DIR --faults all")}."""


def walkthrough() -> Iterator[Cell]:
    yield (
        "title",
        "markdown",
        f"""# From a region to a change pack

This notebook takes you from "which region?" to a folder that an approver can read and sign, and an operator can run and
roll back. It needs no network and no credentials, and nothing in it touches your tenant: it writes scripts, and people
run them.

**How to use it.** Choose *Run, Run All Cells*. Every step then shows an example; put your own values in from top to
bottom. Nothing is written before you press the button in step 5.

**Keep it to yourself.** The header ID works like a password. The scripts below show only its beginning, but the field
and the command line hold it whole: clear the outputs before you pass this notebook on.

You are reading this without widgets, on a web page for instance? Then each step still says what it is about, and an
example's scripts are at the end. To run it: {code('pip install "mailmarshal-m365[notebook]"')}, then
{code("mm365 notebook walkthrough")}.""",
    )
    yield "start", "code", "from mm365.notebook.walkthrough_screen import start\n\nwalk = start()"
    yield (
        "ask-text",
        "markdown",
        f"""## 1. What is asked

Three values decide everything: the **region** of your MailMarshal Cloud tenant, the **header ID** that LevelBlue gave
you, and an accepted domain of the **tenant** that the scripts are to run in. They refuse to run anywhere else.

{table(["Field", "Needed", "What to give"], field_rows())}

The region implies two names. Mail goes out to the smart host, and the filter shows a certificate with the other:

{table(["Region", "Place", "Smart host", "Certificate name"], region_rows())}""",
    )
    yield "ask", "code", "walk.ask()"
    yield (
        "loop-text",
        "markdown",
        f"""## 2. What stops the loop

Every message leaves for the filter and comes back. When it is back, something has to tell Exchange Online not to
send it out again. That is the loop guard; {code("stop")} is right for nearly everybody.

{table(["Loop guard", "A message", "Loop Check", "Redirect", "Result"], guard_rows())}

{code("kb-literal")} is what the vendor's article says and no more; choose it only when the vendor asks you to.""",
    )
    yield "loop", "code", "walk.choose_loop_guard()"
    yield (
        "scripts-text",
        "markdown",
        """## 3. What will run

Seven scripts, in the order of their numbers. The first two only look, 30-create makes everything switched off,
50-enable switches it on in two stages, 60-stop is the stop switch and 70-rollback takes it all back.

Beside each script stands one line for every setting in it: what it does, why it has this value, and where that is
from.""",
    )
    yield "scripts", "code", "walk.read_scripts()"
    risks = "\n".join(f"- **{escape(risk.title)}.** {escape(risk.why)} *{escape(risk.do)}*" for risk in RISKS)
    yield (
        "risks-text",
        "markdown",
        f"""## 4. What can go wrong

Warnings that save a weekend. Tick what you have understood; the pack can be written when all are ticked.

{risks}""",
    )
    yield "risks", "code", "walk.tick_risks()"
    yield (
        "write-text",
        "markdown",
        """## 5. The pack

The button writes a new folder, whole or not at all. Its **fingerprint** is the SHA-256 of `manifest.json`, which holds
the SHA-256 of every other file: one number for all of it. The command line below writes the same bytes.""",
    )
    yield "write", "code", "walk.write_pack()"
    yield "rehearse-text", "markdown", rehearsal_text("## 6. Would it go through?")
    yield "rehearse", "code", "walk.rehearse()"
    yield (
        "next",
        "markdown",
        """## What comes next

1. Have `change-request.md` read. The approver opens the pack with `mm365 notebook review`.
2. Have the fingerprint signed.
3. Begin with `scripts/10-preflight.ps1`, in a shell that is connected to this tenant and to nothing else.""",
    )
    yield (
        "example",
        "markdown",
        "## For readers without widgets: an example's scripts\n\n" + "\n\n".join(script_texts()),
    )


def review() -> Iterator[Cell]:
    yield (
        "title",
        "markdown",
        f"""# Review of a change pack

For the approver. You need not trust whoever made the pack: this notebook computes every hash anew, renders the
pack again from its request, shows each script beside its explanation, and compares all of it with an example
pack. It reads; the only thing it writes is your sign-off, beside the pack and never inside.

Choose *Run, Run All Cells*, then give the folder in step 1. To run it:
{code('pip install "mailmarshal-m365[notebook]"')}, then {code("mm365 notebook review")}. The same check of the hashes
without a notebook: {code("mm365 verify-pack DIR")}.""",
    )
    yield "start", "code", "from mm365.notebook.review_screen import start\n\nreview = start()"
    yield (
        "open-text",
        "markdown",
        """## 1. Which pack, and is it what was generated?

The **fingerprint** is the SHA-256 of `manifest.json`, which holds that of every other file. Compare it with the
one that you were given by another way than the pack itself. A script with an Authenticode signature at its end
counts as generated, and is listed as signed.""",
    )
    yield "open", "code", "review.open()"
    yield (
        "request-text",
        "markdown",
        """## 2. What was asked for?

Is this your tenant, your region, your change? The header ID works like a password, so only its beginning is shown.""",
    )
    yield "request", "code", "review.show_request()"
    yield (
        "scripts-text",
        "markdown",
        """## 3. What will run?

Each script as it is in the folder. The line numbers beside it lead to the settings: what each does, why it has this
value, where that is from. The lists of functions are the same in every pack, which step 4 proves.""",
    )
    yield "scripts", "code", "review.read_scripts()"
    yield (
        "compare-text",
        "markdown",
        """## 4. What is particular to this pack?

The pack is compared, line by line, with an example pack of the same region and loop guard. Only values may differ:
tenant, header ID, TenantID, change reference. Who has read one pack well needs to read no more than this of the
next.""",
    )
    yield "compare", "code", "review.compare()"
    yield "rehearse-text", "markdown", rehearsal_text("## 5. Would it go through?", BEWARE)
    yield "rehearse", "code", "review.rehearse()"
    yield (
        "sign-text",
        "markdown",
        """## 6. Your decision

The sign-off holds the fingerprint, so it is for this pack and no other. *Approved* can be saved only when every hash is
right and nothing but values differs.""",
    )
    yield "sign", "code", "review.sign()"
    yield (
        "next",
        "markdown",
        """## What comes next

The operator runs `mm365 verify-pack DIR --fingerprint SHA256` with the fingerprint from your sign-off, and then
`scripts/10-preflight.ps1`.""",
    )


MADE = {"walkthrough": walkthrough, "review": review}


def notebook(name: str) -> bytes:
    """A notebook as bytes: no outputs, and ids that are the names of the cells."""
    cells = []
    for key, kind, text in MADE[name]():
        cell: dict[str, object] = {"cell_type": kind}
        if kind == "code":
            cell["execution_count"] = None
        cell |= {"id": f"{name}-{key}", "metadata": {}}
        if kind == "code":
            cell["outputs"] = []
        cells.append({**cell, "source": text.splitlines(keepends=True)})
    metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    whole = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(whole, indent=1, ensure_ascii=False) + "\n").encode()


def differing() -> list[str]:
    """The notebooks that are not what would be written."""
    files = {name: FOLDER / f"{name}.ipynb" for name in MADE}
    return [name for name, file in files.items() if not file.is_file() or file.read_bytes() != notebook(name)]


def main(arguments: Sequence[str]) -> int:
    """Write or check, as ``arguments`` ask; the exit code."""
    if list(arguments) == ["--check"]:
        sys.stdout.write("".join(f"{name}.ipynb: differs\n" for name in differing()))
        return 1 if differing() else 0
    if arguments:
        sys.stderr.write("usage: python -m tests.notebooks [--check]\n")
        return 2
    FOLDER.mkdir(exist_ok=True)
    for name in MADE:
        (FOLDER / f"{name}.ipynb").write_bytes(notebook(name))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

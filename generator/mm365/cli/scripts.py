"""The commands that print paste forms: inbound-connector, outbound-connector, transport-rules, rollback."""

import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from mm365.cli.options import Given, with_request_options
from mm365.request.fields import HEADER_ID, REGION, TENANT
from mm365.scripts.paste_form import PASTE_FORMS, PasteForm


@dataclass(frozen=True, kw_only=True)
class _Printed:
    """What a command prints: the ``forms``, in order; ``text`` is its help."""

    forms: tuple[str, ...]
    text: str

    @property
    def needs(self) -> tuple[str, ...]:
        """The fields of a request that its forms need."""
        return tuple(dict.fromkeys(field for name in self.forms for field in PASTE_FORMS[name].needs))


_PRINTED: Mapping[str, _Printed] = {
    "inbound-connector": _Printed(
        forms=("inbound-connector",),
        text="Print the block that creates the inbound connector.\n\n"
        "It tells Exchange Online to accept filtered mail that comes back from MailMarshal Cloud.",
    ),
    "outbound-connector": _Printed(
        forms=("outbound-connector",),
        text="Print the block that creates the outbound connector.\n\n"
        "It is the way to MailMarshal Cloud, used only by the Redirect rule.",
    ),
    "transport-rules": _Printed(
        forms=("loop-check", "redirect"),
        text="Print the two blocks that create the transport rules, switched off.\n\n"
        "The second refuses to run where the outbound connector or Loop Check is missing.",
    ),
    "rollback": _Printed(
        forms=("rollback-rules", "rollback-connectors"),
        text="Print the blocks that take everything back: first Redirect and then, when mail has arrived, the rest.\n\n"
        "They keep no notes, so they remove only objects whose every setting is what the others create.",
    ),
}


def _command(printed: _Printed) -> Callable[..., None]:
    def command(
        given: Given,
        output: Annotated[
            Path | None,
            typer.Option("--output", metavar="FILE", help="Write it there instead of printing it."),
        ] = None,
    ) -> None:
        from mm365.scripts.change import build_change
        from mm365.scripts.rendering import render_paste_form

        change = build_change(given.request(printed.needs))
        first, *others = (PASTE_FORMS[name] for name in printed.forms)
        texts = [render_paste_form(first, change).text]
        texts += [f"{_words_before(form)}\n\n{render_paste_form(form, change).text}" for form in others]
        data = "\n".join(texts).encode("ascii")
        if output is None:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            return
        from mm365.documents.terminal import PLAIN, print_lines
        from mm365.pack.writing import write_file

        write_file(output, data)
        print_lines([(f"Written: {output}", PLAIN)], error=True)

    return command


def _words_before(form: PasteForm) -> str:
    """What stands above a form that is not the first, as comments."""
    done = "Paste the next block when the one above has said Done."
    text = f"Before you paste the next block, {form.first}" if form.first else done
    return textwrap.fill(text, 100, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def _with_help(name: str, printed: _Printed) -> Callable[..., None]:
    command = _command(printed)
    example = f"  mm365 {name} {REGION.option} {REGION.example} {TENANT.option} {TENANT.example}"
    if HEADER_ID.name in printed.needs:
        example += f" \\\n        {HEADER_ID.option} {HEADER_ID.example}"
    command.__doc__ = (
        f"{printed.text}\n\nThe text is the same as in the folder paste of a pack: paste it into the connected shell, "
        f"or save it as a .ps1 file and run that.\n\n\b\nExample:\n{example}"
    )
    return with_request_options(printed.needs)(command)


COMMANDS = {name: _with_help(name, printed) for name, printed in _PRINTED.items()}

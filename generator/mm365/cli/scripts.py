"""The commands that print one script: inbound-connector, outbound-connector, transport-rules, rollback."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from mm365.cli.options import Given, with_request_options
from mm365.request.fields import HEADER_ID, NEEDED, REGION, TENANT

_CONNECTOR = (REGION.name, TENANT.name)
"""What a connector's script needs of a request: it does not hold the header ID."""

_SINGLE: Mapping[str, tuple[tuple[str, ...], str]] = {
    "inbound-connector": (
        _CONNECTOR,
        "Print the script that creates the inbound connector.\n\n"
        "It tells Exchange Online to accept filtered mail that comes back from MailMarshal Cloud.",
    ),
    "outbound-connector": (
        _CONNECTOR,
        "Print the script that creates the outbound connector.\n\n"
        "It is the way to MailMarshal Cloud, used only by the Redirect rule.",
    ),
    "transport-rules": (
        NEEDED,
        "Print the script that creates both transport rules, switched off.\n\n"
        "It refuses to run where the outbound connector of this region is not there as it should be.",
    ),
    "rollback": (
        NEEDED,
        "Print the script that takes back what the others created.\n\n"
        "It reads the notes that they left in their state folder; without them it removes only objects whose every "
        "setting is what they create.",
    ),
}
"""The commands that print one script: what each one needs of a request, and its help."""


def _command(name: str, needs: tuple[str, ...], text: str) -> Callable[..., None]:
    def command(
        given: Given,
        paste: Annotated[bool, typer.Option("--paste", help="The form for pasting into the Exchange shell.")] = False,
        output: Annotated[
            Path | None,
            typer.Option("--output", metavar="FILE", help="Write it there instead of printing it."),
        ] = None,
    ) -> None:
        from mm365.scripts.change import build_change
        from mm365.scripts.rendering import render_script

        script = render_script(name, build_change(given.request(needs)), "paste" if paste else "file")
        if output is None:
            sys.stdout.buffer.write(script.data)
            sys.stdout.buffer.flush()
            return
        from mm365.pack.writing import write_file

        write_file(output, script.data)
        typer.echo(f"Written: {output}", err=True)

    command.__doc__ = f"{text}\n\n\b\nExample:\n{_example(name, needs)}"
    return with_request_options(command)


def _example(name: str, needs: tuple[str, ...]) -> str:
    first = f"  mm365 {name} {REGION.option} {REGION.example} {TENANT.option} {TENANT.example}"
    return f"{first} \\\n        {HEADER_ID.option} {HEADER_ID.example}" if HEADER_ID.name in needs else first


COMMANDS = {name: _command(name, needs, text) for name, (needs, text) in _SINGLE.items()}

"""The commands that print one script: inbound-connector, outbound-connector, transport-rules, rollback."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from mm365.cli.options import (
    ChangeOption,
    HeaderIdOption,
    LoopGuardOption,
    PasteOption,
    RegionOption,
    RequestOption,
    TenantIdOption,
    TenantOption,
    named_values,
    read_request,
)

_SINGLE: dict[str, tuple[tuple[str, ...], str]] = {
    "inbound-connector": (
        ("region", "tenant"),
        "Print the script that creates the inbound connector.\n\n"
        "It tells Exchange Online to accept filtered mail that comes back from MailMarshal Cloud.",
    ),
    "outbound-connector": (
        ("region", "tenant"),
        "Print the script that creates the outbound connector.\n\n"
        "It is the way to MailMarshal Cloud, used only by the Redirect rule.",
    ),
    "transport-rules": (
        ("region", "tenant", "header_id"),
        "Print the script that creates both transport rules, switched off.\n\n"
        "It refuses to run where the outbound connector of this region is not there as it should be.",
    ),
    "rollback": (
        ("region", "tenant", "header_id"),
        "Print the script that takes back what the others created.\n\n"
        "It reads the notes that they left in their state folder; without them it removes only objects whose every "
        "setting is what they create.",
    ),
}
"""The commands that print one script: what each one needs of a request, and its help."""


def _single_command(name: str, needs: tuple[str, ...]) -> Callable[..., None]:
    def command(  # noqa: PLR0913, PLR0917 - one parameter an option
        region: RegionOption = "",
        header_id: HeaderIdOption = "",
        tenant: TenantOption = "",
        tenant_id: TenantIdOption = "",
        change: ChangeOption = "",
        loop_guard: LoopGuardOption = "",
        request: RequestOption = None,
        paste: PasteOption = False,
        output: Annotated[
            Path | None,
            typer.Option("--output", metavar="FILE", help="Write it there instead of printing it."),
        ] = None,
    ) -> None:
        flags = named_values(region, header_id, tenant, tenant_id, change, loop_guard)
        script_request = read_request(flags, request, needs)
        from mm365.scripts.change import build_change
        from mm365.scripts.rendering import render_script

        script = render_script(name, build_change(script_request), "paste" if paste else "file")
        if output is None:
            sys.stdout.buffer.write(script.data)
            sys.stdout.buffer.flush()
            return
        from mm365.pack.writing import write_file

        write_file(output, script.data)
        typer.echo(f"Written: {output}", err=True)

    return command


def add_script_commands(app: typer.Typer) -> None:
    """Add a command for each script that stands alone."""
    for name, (needs, text) in _SINGLE.items():
        example = f"\n\n\b\nExample:\n  mm365 {name} --region eu --tenant contoso.onmicrosoft.com"
        if "header_id" in needs:
            example += " \\\n        --header-id 3f2b8c1e-5a77-4d0e-9b1c-2f6f0d9e4a11"
        app.command(name, help=text + example)(_single_command(name, needs))

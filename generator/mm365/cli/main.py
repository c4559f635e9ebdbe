"""The command line: hand over to a command, turn an error into an exit code.

Imports that a command needs are made when it runs: ``mm365 --version`` needs none of them.
"""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from typing import Annotated, NoReturn

import typer

from mm365 import __version__
from mm365.cli.help import Command, Group
from mm365.errors import Mm365Error, OutputError
from mm365.request.fields import option

MODULES = (
    "scripts",
    "snapshot",
    "pack",
    "verify_pack",
    "evidence",
    "mailflow",
    "rehearse",
    "regions",
    "schema",
    "notebook",
)
"""The modules beside this one that have commands, each in its ``COMMANDS``, in the order in which help names them."""

app = typer.Typer(
    name="mm365",
    cls=Group,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done; 1 a pack, its runbook or a tenant is not what was approved, or a plan is refused; "
    "2 the request or a file is wrong; 3 there is no PowerShell; 4 writing failed; 5 an extra is not installed.",
)


def main() -> NoReturn:
    """Run the command line; every error that a user can put right is one line a problem and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if os.environ.get("NO_COLOR"):
        from typer import rich_utils

        rich_utils.COLOR_SYSTEM = None  # Rich alone would leave bold and dim in errors of usage
    try:
        app()
    except Mm365Error as error:
        _tell(problem.said(option) for problem in error.problems)
        sys.exit(error.exit_code)
    except OSError as error:
        _drop_output()
        _tell([f"{error.strerror or error}. Nothing was left half-written."])
        sys.exit(OutputError.exit_code)
    sys.exit(0)


def _tell(problems: Iterable[str]) -> None:
    """Say on standard error what is wrong; if it cannot be written either, the exit code still says it."""
    from mm365.documents.terminal import BAD, print_lines

    with suppress(OSError):
        print_lines(((f"mm365: {problem}", BAD) for problem in problems), error=True)


def _drop_output() -> None:
    """Send what standard output still holds nowhere: Python writes it once more at its end, and would fail again."""
    if sys.stdout is not None:  # it is None where standard output was closed before the start
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@app.callback(invoke_without_command=True)
def about(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """Change packs for MailMarshal Cloud in Microsoft 365 Integrated mode.

    One request (region, header ID, tenant) becomes a folder that an approver can read, hash and sign, and an
    operator can run, paste and roll back. mm365 does not connect to the tenant, holds no
    credentials and needs no network: you run the scripts that it writes.

    \b
    Start:
      mm365 pack --region eu --header-id 3f2b8c1e-5a77-4d0e-9b1c-2f6f0d9e4a11 \\
                 --tenant contoso.onmicrosoft.com --change CHG0012345
    """
    if version:
        typer.echo(f"mm365 {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


for _module in MODULES:
    for _name, _command in import_module(f"mm365.cli.{_module}").COMMANDS.items():
        app.command(_name, cls=Command)(_command)

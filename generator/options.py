"""The options that commands share, with their help and their shell completion."""

from pathlib import Path
from typing import Annotated

import typer


def _codes() -> list[str]:
    from generator.regions import REGIONS

    return list(REGIONS)


def _guards() -> list[str]:
    from generator.request import LoopGuard

    return [guard.value for guard in LoopGuard]


RegionOption = Annotated[
    str,
    typer.Option("--region", metavar="au|eu|us", help="The region of MailMarshal Cloud.", autocompletion=_codes),
]
HeaderIdOption = Annotated[
    str,
    typer.Option(
        "--header-id", metavar="GUID", help="The customer's value of the X-MMCloud-ID header, from LevelBlue."
    ),
]
TenantOption = Annotated[
    str,
    typer.Option(
        "--tenant",
        metavar="DOMAIN",
        help="An accepted domain of the tenant. The scripts refuse to run anywhere else.",
    ),
]
TenantIdOption = Annotated[
    str,
    typer.Option("--tenant-id", metavar="GUID", help="The TenantID, which the scripts then check as well."),
]
ChangeOption = Annotated[
    str, typer.Option("--change", metavar="TEXT", help="The change reference, shown in all scripts.")
]
LoopGuardOption = Annotated[
    str,
    typer.Option(
        "--loop-guard",
        metavar="stop|stop-and-except|kb-literal",
        help="What keeps returned mail from going out again. Default: stop.",
        autocompletion=_guards,
    ),
]
RequestOption = Annotated[
    Path | None,
    typer.Option("--request", metavar="FILE", help="The same values from a YAML or JSON file; options win."),
]
PasteOption = Annotated[bool, typer.Option("--paste", help="The form for pasting into the Exchange shell.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]

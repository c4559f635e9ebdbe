"""The options that commands share, with their help and shell completion, and the request that they make."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from mm365.request.request import Request


def _codes() -> list[str]:
    from mm365.request.regions import REGIONS

    return list(REGIONS)


def _guards() -> list[str]:
    from mm365.request.request import LoopGuard

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


def named_values(*texts: str) -> dict[str, str]:
    """What was given of region, header_id, tenant, tenant_id, change and loop_guard, by name."""
    names = ("region", "header_id", "tenant", "tenant_id", "change", "loop_guard")
    return {name: text for name, text in zip(names, texts, strict=True) if text}


def read_request(flags: dict[str, str], file: Path | None, needs: Iterable[str]) -> "Request":
    """The request from a file and from flags, which win. Raises RequestError."""
    from mm365.request.request import build_request

    texts, origins = texts_of_request(flags, file)
    return build_request(texts, needs=needs, origins=origins)


def texts_of_request(flags: dict[str, str], file: Path | None) -> tuple[dict[str, str], dict[str, str]]:
    """The texts from a file and from flags, which win; and where those from the file were written."""
    if file is None:
        return flags, {}
    from mm365.request.file import read_request_file

    values = read_request_file(file)
    origins = {name: f"{file.name}: {name}" for name in values if name not in flags}
    return {**values, **flags}, origins

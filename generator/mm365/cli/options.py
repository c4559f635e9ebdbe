"""The options that commands share, and the request that they make."""

import functools
import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mm365.request.fields import FIELDS, Field

if TYPE_CHECKING:
    from mm365.request.request import Request

JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
_File = Annotated[
    Path | None,
    typer.Option(
        "--request",
        metavar="FILE",
        help="A YAML or JSON file with these values, also with the required ones. An option wins over it.",
    ),
]


@dataclass(frozen=True)
class Given:
    """What was given of a request: the texts of options by field, and a file. Options win."""

    texts: Mapping[str, str]
    file: Path | None

    def request(self, needs: Collection[str]) -> "Request":
        """The request, of which ``needs`` must have been given. Raises RequestError."""
        from mm365.request.request import build_request

        texts, places = self._all()
        return build_request(texts, needs=needs, places=places)

    def as_yaml(self) -> str:
        """A request file with what was given, and with examples for the rest. Raises RequestError."""
        from mm365.request.file import request_as_yaml
        from mm365.request.request import parse_values

        texts, places = self._all()
        return request_as_yaml(parse_values(texts, places=places))

    def _all(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """The texts by field, and the file in which those that no option gave were written."""
        if self.file is None:
            return self.texts, {}
        from mm365.request.file import read_request_file

        written = read_request_file(self.file)
        return {**written, **self.texts}, {name: self.file.name for name in written if name not in self.texts}


def with_request_options(needs: Collection[str]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A command whose first parameter, ``given``, is made of an option for each field and of ``--request``.

    Its help marks the fields that it ``needs``. Typer reads a command's options from its signature, so the one that it
    sees has a parameter for each option.
    """
    return functools.partial(_with_options, needs=needs)


def _with_options(command: Callable[..., None], *, needs: Collection[str]) -> Callable[..., None]:
    own = list(inspect.signature(command).parameters.values())[1:]
    options = [_parameter(field.name, _option(field), "") for field in FIELDS.values()]
    parameters = [*options, _parameter("request", _File, None), *own]

    @functools.wraps(command)
    def with_options(*, request: Path | None, **values: Any) -> None:
        texts = {name: text for name in FIELDS if (text := values.pop(name))}
        command(Given(texts, request), **values)

    with_options.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in parameters]
    )
    with_options.needs = needs  # type: ignore[attr-defined]
    with_options.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return with_options


def _parameter(name: str, annotation: object, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _option(field: Field) -> object:
    def complete() -> list[tuple[str, str]]:
        return list(field.choices().items())

    return Annotated[str, typer.Option(field.option, metavar=field.metavar, help=field.help, autocompletion=complete)]

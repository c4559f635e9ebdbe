"""Scripts beside their explanation: one line for every setting, from where the setting itself is defined."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mm365.display import masked
from mm365.exchange.meanings import MEANINGS
from mm365.exchange.objects import ExchangeObject, Setting
from mm365.integration.article import build_integration
from mm365.request.request import Request
from mm365.scripts.catalogue import pack_scripts
from mm365.scripts.rendering import render_scripts
from mm365.scripts.script import Script


@dataclass(frozen=True, kw_only=True)
class ExplainedSetting:
    """One line on one setting: where it stands in a script (from 1), what it does, why it is so, who says so."""

    line: int
    object: str
    name: str
    value: str
    what: str
    why: str
    sources: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ExplainedScript:
    """A script beside its explanation. The header ID is shortened in ``text``."""

    script: Script
    path: str
    text: str
    settings: tuple[ExplainedSetting, ...]


def explain_scripts(request: Request, texts: Mapping[str, str] | None = None) -> tuple[ExplainedScript, ...]:
    """The scripts of a request's pack, in the order in which they are used, each with the settings in it.

    ``texts`` are those of a pack on disk, by path; where one is missing there, the script is left out.
    """
    integration = build_integration(request)
    found = texts if texts is not None else {text.path: text.text for text in render_scripts(request)}
    explained = []
    for script in pack_scripts(integration):
        path = f"scripts/{script.name}.ps1"
        if path in found:
            text = masked(found[path], request.header_id)
            settings = tuple(_settings_in(text, integration.objects, request))
            explained.append(ExplainedScript(script=script, path=path, text=text, settings=settings))
    return tuple(explained)


def _settings_in(text: str, objects: Iterable[ExchangeObject], request: Request) -> Iterable[ExplainedSetting]:
    lines = text.splitlines()
    for object_ in objects:
        start = next((i for i, line in enumerate(lines) if f"${object_.key} = [ordered]@{{" in line), None)
        if start is None:
            continue
        for setting in object_.settings:
            yield _explained(setting, object_, _line_of(setting.name, lines, start), request)


def _line_of(name: str, lines: list[str], start: int) -> int:
    """The line (from 1) behind ``start`` on which the setting of that name stands; ``start`` where it does not."""
    pattern = re.compile(rf"\s*{re.escape(name)}\s*=")
    return next((i + 1 for i in range(start + 1, len(lines)) if pattern.match(lines[i])), start + 1)


def _explained(setting: Setting, object_: ExchangeObject, line: int, request: Request) -> ExplainedSetting:
    value = ", ".join(setting.value) if isinstance(setting.value, tuple) else str(setting.value)
    return ExplainedSetting(
        line=line,
        object=object_.label,
        name=setting.name,
        value=masked(value, request.header_id),
        what=MEANINGS[setting.name],
        why=setting.why,
        sources=tuple(source.short for source in setting.sources),
    )

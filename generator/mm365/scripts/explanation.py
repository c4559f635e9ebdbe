"""Scripts beside their explanation: one line for every setting, from where the setting itself is defined."""

from collections.abc import Mapping
from dataclasses import dataclass

from mm365.display import masked
from mm365.exchange.objects import ExchangeObject, Setting
from mm365.exchange.parameters import MEANINGS, MEANINGS_SOURCE
from mm365.scripts.change import Change
from mm365.scripts.rendering import Rendered, render_scripts
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


def explain_scripts(change: Change, texts: Mapping[str, str] | None = None) -> tuple[ExplainedScript, ...]:
    """The scripts of a change, in the order in which they are used, each with the settings in it.

    ``texts`` are those of a pack on disk, by path. One that is missing there is left out; one that is not what was
    generated is shown without settings, for where they stand in it is not known.
    """
    return tuple(
        _explain(script, rendered, rendered.text if texts is None else texts[rendered.path], change)
        for script, rendered in zip(change.scripts, render_scripts(change), strict=False)
        if texts is None or rendered.path in texts
    )


def _explain(script: Script, rendered: Rendered, text: str, change: Change) -> ExplainedScript:
    header_id = change.request.header_id
    settings = (
        _explained(setting, object_, line, header_id)
        for object_ in change.integration.objects
        for setting in object_.settings
        if (line := rendered.places.get((object_.key, setting.name)))
    )
    known = tuple(settings) if text == rendered.text else ()
    return ExplainedScript(script=script, path=rendered.path, text=masked(text, header_id), settings=known)


def _explained(setting: Setting, object_: ExchangeObject, line: int, header_id: str) -> ExplainedSetting:
    value = ", ".join(setting.value) if isinstance(setting.value, tuple) else str(setting.value)
    return ExplainedSetting(
        line=line,
        object=object_.label,
        name=setting.name,
        value=masked(value, header_id),
        what=MEANINGS[setting.name],
        why=setting.why,
        sources=tuple(dict.fromkeys(source.short for source in (*setting.sources, MEANINGS_SOURCE))),
    )

"""Texts as HTML for a notebook's screen: tables, scripts in colours, messages. Every value is escaped here.

Colours are JupyterLab's own theme variables, so light and dark both work; VS Code and nbclassic set them too.
"""

from collections.abc import Callable, Iterable, Sequence
from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from mm365.integration.risks import Risk
from mm365.notebook.review import Difference
from mm365.scripts.explanation import ExplainedScript, ExplainedSetting

_TOKENS = {
    "k": "keyword", "nb": "builtin", "nv": "variable", "s1": "string", "s2": "string", "s": "string", "mi": "number",
    "o": "operator", "ow": "operator", "c1": "comment", "cm": "comment", "c": "comment", "sd": "string",
    "kt": "builtin",
}  # fmt: skip

STYLE = (
    "<style>"
    ".mm365{color:var(--jp-ui-font-color1,inherit);font-size:var(--jp-ui-font-size1,13px);line-height:1.5;"
    "max-width:76rem;overflow-wrap:anywhere;contain:inline-size}"
    ".mm365 table{border-collapse:collapse;width:100%;table-layout:auto}"
    ".mm365 th,.mm365 td{border-bottom:1px solid var(--jp-border-color2,#bbb);padding:4px 8px;text-align:left;"
    "vertical-align:top;overflow-wrap:break-word;white-space:normal}"
    ".mm365 code{font-family:var(--jp-code-font-family,monospace);font-size:.95em;background:none;color:inherit}"
    ".mm365 .wide{overflow-x:auto}"
    ".mm365 pre{font-family:var(--jp-code-font-family,monospace);font-size:var(--jp-code-font-size,12px);"
    "line-height:1.4;margin:0;padding:8px;overflow:auto;max-height:34rem;white-space:pre;"
    "background:var(--jp-cell-editor-background,transparent);border:1px solid var(--jp-border-color2,#bbb);"
    "color:var(--jp-content-font-color1,inherit)}"
    ".mm365 .beside{display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}"
    ".mm365 .beside>*{flex:1 1 26rem;min-width:min(100%,18rem)}"
    ".mm365 .notes{max-height:34rem;overflow:auto}"
    ".mm365 .error{color:var(--jp-error-color1,#c62828);font-weight:600}"
    ".mm365 .done{color:var(--jp-success-color0,var(--jp-success-color1,#2e7d32));font-weight:600}"
    ".mm365 .quiet{color:var(--jp-ui-font-color2,inherit)}"
    # Collapsed borders do not stay with a cell that does.
    ".mm365 .named{border-collapse:separate;border-spacing:0}"
    "@media (max-width:700px){.mm365 .named th[scope=row]{white-space:normal!important}}"
    ".mm365 .named th[scope=row]{position:sticky;left:0;font-weight:inherit;white-space:nowrap;"
    "background:var(--jp-layout-color0,Canvas)}"
    ".mm365 .wide:focus-visible{outline:2px solid var(--jp-brand-color1,#1976d2)}"
    ".mm365 .setting{margin:0;padding:6px 0;border-top:1px solid var(--jp-border-color2,#bbb)}"
    ".mm365 .cards{display:flex;flex-wrap:wrap;gap:12px}.mm365 .card{margin:0;padding:8px;flex:0 1 auto;"
    "border:1px solid var(--jp-border-color2,#bbb);border-radius:4px;max-width:100%;box-sizing:border-box}"
    ".mm365 .chosen{border-color:var(--jp-brand-color1,#1976d2);outline:1px solid var(--jp-brand-color1,#1976d2)}"
    ".mm365 figcaption{font-weight:600;padding-bottom:6px}"
    ".mm365 details{margin:6px 0}.mm365 summary{cursor:pointer}"
    ".mm365 .wrapped{white-space:pre-wrap}.mm365 ins,.mm365 del{display:block}"
    ".mm365 .copy{white-space:pre-wrap;word-break:normal;overflow-wrap:anywhere;user-select:all}"
    ".mm365 ul{margin:0;padding-left:1.4em}.mm365 p{margin:4px 0}"
    ".mm365 pre:focus-visible,.mm365 .notes:focus-visible{outline:2px solid var(--jp-brand-color1,#1976d2)}"
    ".mm365 ins{text-decoration:none;border-left:3px solid var(--jp-success-color1,#2e7d32);padding-left:6px}"
    ".mm365 del{text-decoration:none;border-left:3px solid var(--jp-error-color1,#c62828);padding-left:6px}"
    + "".join(
        # Mixed with the text's colour: the dark theme's own comments are hard to read.
        f".mm365 .{token}{{color:var(--jp-mirror-editor-{name}-color,inherit);color:color-mix(in srgb,"
        f"var(--jp-mirror-editor-{name}-color,currentColor) 65%,var(--jp-content-font-color0,currentColor))}}"
        for token, name in _TOKENS.items()
    )
    + "</style>"
)


def page(*parts: str) -> str:
    """Parts in the frame that the style sheet goes by."""
    return f'<div class="mm365">{"".join(parts)}</div>'


def message(text: str, kind: str = "") -> str:
    """A line that a screen reader tells when it comes up. ``kind``: error, done, quiet or nothing."""
    mark = {"error": "\N{HEAVY BALLOT X} ", "done": "\N{HEAVY CHECK MARK} "}.get(kind, "") if text else ""
    return page(f'<div role="status" class="{escape(kind)}">{mark}{escape(text)}</div>')


def lines(texts: Iterable[str], kind: str = "") -> str:
    """Several lines as a list."""
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return page(f'<ul role="status" class="{escape(kind)}">{items}</ul>')


def cards(pictures: Iterable[tuple[str, str, bool]]) -> str:
    """Pictures side by side: name, SVG text from ``pictures``, and whether it is the one that was chosen."""
    made = (
        f'<figure class="card{" chosen" if chosen else ""}"><figcaption>{escape(name)}'
        f"{' (chosen)' if chosen else ''}</figcaption>{svg}</figure>"
        for name, svg, chosen in pictures
    )
    return page(f'<div class="cards">{"".join(made)}</div>')


def folded(title: str, inner: str, *, unfolded: bool = False) -> str:
    """A part that opens with a click or a key; ``inner`` is HTML of this module."""
    return page(f"<details{' open' if unfolded else ''}><summary>{escape(title)}</summary>{inner}</details>")


def differences(found: Iterable[Difference]) -> str:
    """What differs from the example pack, by file; what is more than values is marked and open."""
    by_file: dict[str, list[Difference]] = {}
    for difference in found:
        by_file.setdefault(difference.path, []).append(difference)
    return "".join(
        folded(
            f"{path}: {len(places)} {'place differs' if len(places) == 1 else 'places differ'}",
            "".join(map(_difference, places)),
            unfolded=not all(place.only_values for place in places),
        )
        for path, places in by_file.items()
    )


def _difference(place: Difference) -> str:
    mark = "" if place.only_values else ' <strong class="error">more than values</strong>'
    example, pack = (escape("\n".join(texts)) or "(nothing)" for texts in (place.example, place.pack))
    return (
        f'<p><span class="quiet">Line {place.line}</span>{mark}</p>'
        f'<pre class="wrapped"><del><span class="quiet">example </span>{example}</del>\n'
        f'<ins><span class="quiet">pack    </span>{pack}</ins></pre>'
    )


def to_copy(label: str, text: str) -> str:
    """A text that a click or a few keys select whole."""
    shown = escape(text) or "comes when every field is right"
    return page(
        f'<p>{escape(label)}</p><pre class="copy" tabindex="0" role="region" aria-label="{escape(label)}">{shown}</pre>'
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, code: Sequence[int] = ()) -> str:
    """A table; the columns whose numbers (from 0) are in ``code`` stand in the code's typeface."""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td><code>{escape(cell)}</code></td>" if number in code else f"<td>{escape(cell)}</td>"
            for number, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def marked_table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, bad: Callable[[int, str], bool], label: str
) -> str:
    """A table whose first column names the rows, with what is ``bad``, by column and text, in the colour of errors.

    It has a scroll bar of its own, which keys reach; the names stay in sight.
    """
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row"><code>{escape(name)}</code></th>'
        + "".join(
            f'<td class="{"error" if bad(column, cell) else ""}">{escape(cell)}</td>'
            for column, cell in enumerate(cells, start=1)
        )
        + "</tr>"
        for name, *cells in rows
    )
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(label)}">'
        f'<table class="named"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def paragraph(text: str) -> str:
    """A text that no screen reader tells by itself: it may change many times a second."""
    return f"<p>{escape(text)}</p>"


def finding(title: str, name: str, points: Iterable[tuple[str, str]]) -> str:
    """Something that is not as it should be: what it is called, and point by point what should be and what is."""
    said = "".join(f"<li>{escape(should)}: <strong>{escape(is_)}</strong></li>" for should, is_ in points)
    called = f'<p class="error">{escape(title)}</p><p><code>{escape(name)}</code></p>'
    return f'<div class="setting">{called}<ul>{said}</ul></div>'


def coloured(text: str, label: str) -> str:
    """A PowerShell text in the theme's colours, with line numbers; ``label`` is its name for a screen reader."""
    formatter = HtmlFormatter(nowrap=True)
    marked = highlight(text, get_lexer_by_name("powershell", stripnl=False), formatter).splitlines()
    numbered = "\n".join(
        f'<span class="quiet" aria-hidden="true">{i:>4}  </span>{line}' for i, line in enumerate(marked, 1)
    )
    return f'<pre tabindex="0" role="region" aria-label="{escape(label)}"><code>{numbered}</code></pre>'


def script_beside_explanation(explained: ExplainedScript) -> str:
    """A script, and beside it what it is for and one line for each setting in it."""
    script = explained.script
    about = "".join(f"<p>{escape(text)}</p>" for text in (script.synopsis, " ".join(script.description)))
    calls = ", ".join(script.needs)
    about += f"<p>It calls: <code>{escape(calls)}</code></p><p>{escape(script.next_when_done)}</p>"
    settings = "".join(_setting(item) for item in explained.settings) or '<p class="quiet">It sets nothing.</p>'
    notes = f'<div class="notes" tabindex="0" role="region" aria-label="Explanation of {escape(script.name)}">'
    return page(f'<div class="beside">{coloured(explained.text, explained.path)}{notes}{about}{settings}</div></div>')


def _setting(item: ExplainedSetting) -> str:
    """One line on a setting: what it does, why it has this value, where that is from."""
    sources = "; ".join(item.sources)
    return (
        f'<p class="setting"><span class="quiet">Line {item.line}, {escape(item.object)}:</span> '
        f"<code><strong>{escape(item.name)}</strong> = {escape(item.value)}</code><br>"
        f'{escape(item.what)} {escape(item.why)} <span class="quiet">[{escape(sources)}]</span></p>'
    )


def risk_in_detail(risk: Risk) -> str:
    """Why a risk is one, what to do about it, and who says so."""
    sources = "; ".join(source.short for source in risk.sources)
    return page(
        f"<p>{escape(risk.why)}</p><p><strong>{escape(risk.do)}</strong> "
        f'<span class="quiet">[{escape(sources)}]</span></p>'
    )

"""What both screens are made of. This module and the ``..._screen`` modules are all that know ipywidgets."""

from collections.abc import Callable, Sequence

import ipywidgets as ipw

from mm365.notebook import hypertext

_LABEL = {"description_width": "7rem"}
_FIELD, _TICK = "mm365-field", "mm365-tick"
"""The classes by which the style sheet knows a field with a label, and a box with one."""


class Screen:
    """Sections that are drawn anew whenever the state behind them changes.

    A section is known by its name: when its cell is run again, the new one takes the place of the old.
    """

    def __init__(self) -> None:
        self._sections: dict[str, Callable[[], None]] = {}

    def section(self, name: str, redraw: Callable[[], None], *widgets: ipw.Widget) -> ipw.VBox:
        """The widgets of a section, drawn now and after each change of the state."""
        self._sections[name] = redraw
        redraw()
        return ipw.VBox([style_sheet(), *widgets], layout=ipw.Layout(width="auto", margin="0"))

    def redraw(self, *names: str) -> None:
        """Draw these sections, those of them that were asked for; without names, every one."""
        for name, redraw in list(self._sections.items()):
            if not names or name in names:
                redraw()


def style_sheet() -> ipw.HTML:
    """The style sheet, once in each section: a cell may be cleared."""
    return ipw.HTML(hypertext.style_sheet(), layout=ipw.Layout(margin="0", height="0"))


def output(text: str = "") -> ipw.HTML:
    """A place for HTML, which is to come from a template."""
    return ipw.HTML(text, layout=ipw.Layout(width="auto", flex="0 0 auto"))


def text_field(label: str, value: str, hint: str, on_change: Callable[[str], None]) -> ipw.Text:
    """A field with a label that a screen reader reads; ``on_change`` gets the text with every key."""
    field = ipw.Text(
        value=value,
        description=label,
        placeholder=hint,
        tooltip=hint,
        continuous_update=True,
        style=_LABEL,
        layout=ipw.Layout(width="auto", flex="1 1 auto"),
    )
    field.add_class(_FIELD)
    field.observe(lambda change: on_change(change["new"]), names="value")
    return field


def lines_field(label: str, value: str, hint: str, on_change: Callable[[str], None]) -> ipw.Textarea:
    """A field for several lines; ``on_change`` gets the text with every key."""
    field = ipw.Textarea(
        value=value,
        description=label,
        placeholder=hint,
        tooltip=hint,
        continuous_update=True,
        rows=2,
        style=_LABEL,
        layout=ipw.Layout(width="auto", flex="1 1 auto"),
    )
    field.add_class(_FIELD)
    field.observe(lambda change: on_change(change["new"]), names="value")
    return field


def choice(
    label: str, value: str, options: Sequence[tuple[str, str]], on_change: Callable[[str], None]
) -> ipw.Dropdown:
    """One of several; ``options`` are pairs of what is shown and what it stands for."""
    field = ipw.Dropdown(
        options=options, value=value, description=label, style=_LABEL, layout=ipw.Layout(width="auto", flex="1 1 auto")
    )
    field.add_class(_FIELD)
    field.observe(lambda change: on_change(change["new"]), names="value")
    return field


def box_to_tick(label: str, *, value: bool, on_change: Callable[[bool], None]) -> ipw.Checkbox:
    """A check box whose label may take several lines."""
    box = ipw.Checkbox(
        value=value,
        description=label,
        indent=False,
        style={"description_width": "initial"},
        layout=ipw.Layout(width="auto"),
    )
    box.add_class(_TICK)
    box.observe(lambda change: on_change(change["new"]), names="value")
    return box


def button(label: str, on_click: Callable[[], None], *, main: bool = True) -> ipw.Button:
    """A button as wide as its words."""
    made = ipw.Button(
        description=label,
        button_style="primary" if main else "",
        layout=ipw.Layout(width="max-content", margin="8px 0"),
    )
    made.on_click(lambda _: on_click())
    return made


def progress_bar() -> ipw.IntProgress:
    """A bar as wide as there is room; what it means stands in words beside it."""
    return ipw.IntProgress(value=0, max=1, layout=ipw.Layout(width="auto", max_width="40rem", height="1.5rem"))


def beside(field: ipw.Widget, note: ipw.Widget) -> ipw.Box:
    """A field and what is said about it: side by side where there is room, one below the other where not."""
    left = ipw.Box([field], layout=ipw.Layout(flex="1 1 22rem", min_width="0", max_width="34rem"))
    note.layout.flex = "1 1 auto"
    right = ipw.Box([note], layout=ipw.Layout(flex="1 1 18rem", min_width="0", padding="2px 0 6px 8px"))
    return ipw.Box([left, right], layout=ipw.Layout(display="flex", flex_flow="row wrap", width="auto"))

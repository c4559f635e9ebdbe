"""A list of scripts on a screen, and the chosen one beside its explanation; the same in both notebooks."""

from collections.abc import Callable

import ipywidgets as ipw

from mm365.notebook import hypertext
from mm365.notebook.widgets import Screen, choice, output
from mm365.scripts.explanation import ExplainedScript

_TO_CHOOSE, _NOTHING = ("choose one to read", ""), ("", "")


def script_reader(
    screen: Screen,
    scripts: Callable[[], tuple[ExplainedScript, ...]],
    without: str,
    *,
    begins_with: str = "",
    opened: Callable[[str], None] = lambda _: None,
) -> ipw.VBox:
    """The section with the scripts; ``without`` is said where there are none.

    The script ``begins_with`` is shown from the start. Without it nothing is shown until somebody chooses, and again
    when there are other scripts; so ``opened`` gets the path of a script that a person opened.
    """
    reader = _Reader(scripts, without, begins_with, opened)
    return screen.section("scripts", reader.draw, reader.chooser, reader.shown)


class _Reader:
    """The widgets. Only a person chooses a script; the list itself never does."""

    def __init__(
        self,
        scripts: Callable[[], tuple[ExplainedScript, ...]],
        without: str,
        begins_with: str,
        opened: Callable[[str], None],
    ) -> None:
        self._scripts, self._without, self._begins_with, self._opened = scripts, without, begins_with, opened
        self._there: tuple[ExplainedScript, ...] = ()
        self.shown = output()
        self.chooser = choice("Script", "", [_NOTHING], self._choose)

    def draw(self) -> None:
        """Offer the scripts that there are now, and show the chosen one as it is now."""
        there = self._scripts()
        kept = self._kept(there)
        self._there = there
        names = [(f"{one.script.name}: {one.script.synopsis}", one.script.name) for one in there]
        offered = [*([] if self._begins_with else [_TO_CHOOSE]), *names] if names else [_NOTHING]
        if list(self.chooser.options) != offered:
            self.chooser.options, self.chooser.disabled = offered, not names
        self.chooser.value = kept
        self._show()

    def _kept(self, there: tuple[ExplainedScript, ...]) -> str:
        """What stays chosen: where the person chooses first, nothing but in the very scripts that it was chosen in."""
        names = [one.script.name for one in there]
        if not self._begins_with:
            return str(self.chooser.value) if there is self._there else ""
        wanted = (name for name in (self.chooser.value, self._begins_with, *names) if name in names)
        return next(wanted, "")

    def _choose(self, name: str) -> None:
        self._show()
        if found := self._find(name):
            self._opened(found.path)

    def _show(self) -> None:
        found = self._find(str(self.chooser.value))
        nothing = "" if self._there else hypertext.message(self._without)
        self.shown.value = hypertext.script_beside_explanation(found) if found else nothing

    def _find(self, name: str) -> ExplainedScript | None:
        return next((one for one in self._there if one.script.name == name), None)

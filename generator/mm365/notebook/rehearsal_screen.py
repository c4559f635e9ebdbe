"""A rehearsal on a screen, the same in both notebooks: ``ipywidgets`` over ``rehearsal``."""

import threading
from collections.abc import Callable, Mapping

import ipywidgets as ipw

from mm365.notebook import hypertext
from mm365.notebook.rehearsal import BACKUP, FAULTS, TENANTS, NotebookRehearsal
from mm365.notebook.rehearsal_tables import rehearsed
from mm365.notebook.widgets import Screen, button, choice, output, progress_bar, text_field


def rehearsal_part(screen: Screen, rehearsal: NotebookRehearsal, ended: Callable[[], None] = lambda: None) -> ipw.VBox:
    """What can be chosen, the buttons, the bar and what came of it. Nothing runs before a button is pressed.

    ``ended`` is called when there is another result than before, in the rehearsal's thread too.
    """
    return _RehearsalWidgets(rehearsal, ended).on(screen)


class _RehearsalWidgets:
    """The widgets. They are drawn from several threads, one at a time."""

    def __init__(self, rehearsal: NotebookRehearsal, ended: Callable[[], None]) -> None:
        self._state, self._ended = rehearsal, ended
        self._lock = threading.RLock()
        chosen = rehearsal.choice
        self._tenant = choice("Starts from", chosen.tenant, _offered(TENANTS), self._choose("tenant"))
        self._backup = text_field("Backup", chosen.backup, "a file state/backup-....json", self._choose("backup"))
        self._faults = choice("How far", chosen.faults, _offered(FAULTS), self._choose("faults"))
        self._go, self._halt = button("Rehearse", self._state.start), button("Stop", self._state.stop, main=False)
        self._bar, self._now = progress_bar(), output()
        self._told, self._result, self._command = output(), output(), output()
        self._shown: object = None

    def on(self, screen: Screen) -> ipw.VBox:
        """The section of a screen."""
        self._state.changed = self._draw
        buttons = ipw.Box([self._go, self._halt], layout=ipw.Layout(display="flex", flex_flow="row wrap"))
        parts = (self._tenant, self._backup, self._faults, buttons, self._bar, self._now)
        return screen.section("rehearse", self._draw, *parts, self._told, self._result, self._command)

    def _choose(self, name: str) -> Callable[[str], None]:
        return lambda text: self._state.choose(**{name: text})

    def _draw(self) -> None:
        with self._lock:
            self._draw_state()
            self._draw_result()

    def _draw_state(self) -> None:
        state, at = self._state, self._state.progress
        running = state.running
        self._backup.disabled = state.choice.tenant != BACKUP
        self._go.disabled = running or bool(state.obstacle)
        self._halt.disabled = not running or state.stopping
        self._bar.layout.display = None if running else "none"
        self._bar.max, self._bar.value = (at.total, at.done) if at else (1, 0)
        self._bar.bar_style = "danger" if at and at.broken else "info"
        self._now.value = hypertext.paragraph(state.now) if running else ""
        command = hypertext.to_copy(("The same on the command line; click it to select all of it:", state.command))
        self._command.value = command if state.command else ""

    def _draw_result(self) -> None:
        state = self._state
        if state.problem:
            self._told.value = hypertext.message(state.problem, "error")
        else:
            self._told.value = hypertext.message("" if state.running else state.obstacle or state.note, "quiet")
        result = state.result
        if result is not self._shown:
            self._shown = result
            self._result.value = rehearsed(result) if result else ""
            self._ended()


def _offered(options: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(text, value) for value, text in options.items()]

"""Mail flow to play with on a screen: ``ipywidgets`` over ``play``. Each method is one cell of the notebook."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import ipywidgets as ipw

from mm365.mailflow.tenant import Stage
from mm365.notebook.play import LATE, OTHERS, STAGES, Play
from mm365.notebook.ways import verdicts, ways
from mm365.notebook.widgets import Screen, box_to_tick, choice, output
from mm365.request.fields import LOOP_GUARD
from mm365.request.request import LoopGuard


class PlayScreen(Screen):
    """The play: ``play`` is the state."""

    def __init__(self) -> None:
        super().__init__()
        self.play = Play()

    def _change(self, play: Play) -> None:
        self.play = play
        self.redraw()

    def _set(self, name: str, read: Callable[[str], object]) -> Callable[[str], None]:
        def enter(text: str) -> None:
            chosen: dict[str, Any] = {name: read(text)}
            self._change(replace(self.play, **chosen))

        return enter

    def watch(self) -> ipw.VBox:
        """What can be chosen, and the way of the chosen message."""
        play = self.play
        messages = [(f"{one.message.name}: {one.about}", one.message.name) for one in play.messages]
        stages = [(text, stage.value) for stage, text in STAGES.items()]
        choices = [
            choice(
                LOOP_GUARD.label, play.guard.value, [(one, one) for one in LoopGuard], self._set("guard", LoopGuard)
            ),
            choice("Stage", play.stage.value, stages, self._set("stage", Stage)),
            choice("Message", play.message, messages, self._set("message", str)),
        ]
        boxes = [
            box_to_tick(text, value=key in play.late, on_change=partial(self._leave_open, key))
            for key, text in LATE.items()
        ]
        boxes += [
            box_to_tick(f"Above ours: {rule.text}", value=key in play.others, on_change=partial(self._turn, key))
            for key, rule in OTHERS.items()
        ]
        shown = output()

        def redraw() -> None:
            shown.value = ways(self.play)

        return self.section("watch", redraw, *choices, *boxes, shown)

    def _leave_open(self, rule: str, late: bool) -> None:
        self._change(self.play.leave_open(rule, late=late))

    def _turn(self, rule: str, on: bool) -> None:
        self._change(self.play.turn(rule, on=on))

    def all_messages(self) -> ipw.VBox:
        """The verdict on every standard message, under each loop guard."""
        shown = output()

        def redraw() -> None:
            shown.value = verdicts(self.play)

        return self.section("all", redraw, shown)


def start() -> PlayScreen:
    """A new play. It writes nothing."""
    return PlayScreen()

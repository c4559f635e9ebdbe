"""The guided walk on a screen: ``ipywidgets`` over ``walkthrough``. Each method is one cell of the notebook."""

from collections.abc import Callable
from functools import partial

import ipywidgets as ipw

from mm365.errors import OutputError
from mm365.integration.loop_guard import explain_loop
from mm365.integration.risks import RISKS
from mm365.notebook import hypertext
from mm365.notebook.rehearsal import NotebookRehearsal
from mm365.notebook.rehearsal_screen import rehearsal_part
from mm365.notebook.walkthrough import Walkthrough
from mm365.notebook.widgets import Screen, beside, box_to_tick, button, choice, output, text_field
from mm365.request.fields import FIELDS, LOOP_GUARD, REGION, label
from mm365.request.parsers import LoopGuard
from mm365.scripts.explanation import ExplainedScript

_NOT_WRITTEN = "No pack of these values is written yet: step 5 writes it, and then it can be rehearsed."
_ASKED_FIRST = tuple(name for name in FIELDS if name != LOOP_GUARD.name)


class WalkthroughScreen(Screen):
    """The walk: ``walk`` is the state, and each method gives the widgets of one step."""

    def __init__(self) -> None:
        super().__init__()
        self.walk = Walkthrough()
        self.rehearsal = NotebookRehearsal(lambda: self.walk.written, lambda: _NOT_WRITTEN)
        self._written = ""

    def _change(self, walk: Walkthrough) -> None:
        self.walk, self._written = walk, ""
        self.redraw()

    def _enter(self, name: str, text: str) -> None:
        self._change(self.walk.enter(name, text))

    def ask(self) -> ipw.VBox:
        """The fields, each with what is wrong with it beside it."""
        notes = {name: output() for name in _ASKED_FIRST}
        rows = [beside(self._field(name), notes[name]) for name in _ASKED_FIRST]

        def redraw() -> None:
            for name, note in notes.items():
                note.value = self._note(name)

        return self.section("ask", redraw, *rows)

    def _field(self, name: str) -> ipw.Widget:
        field, value, enter = FIELDS[name], self.walk.texts[name], partial(self._enter, name)
        if choices := field.choices():
            return choice(field.label, value, [(f"{key}: {meaning}", key) for key, meaning in choices.items()], enter)
        return text_field(field.label, value, field.asked, enter)

    def _note(self, name: str) -> str:
        if problem := self.walk.problem(name):
            return hypertext.message(problem, "error")
        if name == REGION.name and (region := self.walk.region):
            return hypertext.message(f"Mail goes to {region.smart_host}; the certificate is {region.certificate_name}.")
        asked = FIELDS[name].asked
        return hypertext.message(self.walk.notice(name) or f"{asked[0].upper()}{asked[1:]}.", "quiet")

    def choose_loop_guard(self) -> ipw.VBox:
        """The loop guards, with a picture of what each one does to a message that comes back."""
        guards = ipw.RadioButtons(
            options=[(guard.value, guard.value) for guard in LoopGuard],
            value=self.walk.texts[LOOP_GUARD.name] or LOOP_GUARD.default,
            description=LOOP_GUARD.label,
            style={"description_width": "7rem"},
            layout=ipw.Layout(width="auto"),
        )
        guards.observe(lambda change: self._enter(LOOP_GUARD.name, change["new"]), names="value")
        why, pictures = output(), output()

        def redraw() -> None:
            chosen = self.walk.loop
            words = f"{chosen.guard}: {chosen.trade_off} {chosen.why}" if chosen else self.walk.problem(LOOP_GUARD.name)
            why.value = hypertext.message(words)
            pictures.value = hypertext.loop_guards(map(explain_loop, LoopGuard), chosen.guard if chosen else "")

        return self.section("loop guard", redraw, guards, why, pictures)

    def read_scripts(self) -> ipw.VBox:
        """Each script in colours, beside one line for every setting in it."""
        return script_reader(self, lambda: self.walk.scripts, "The scripts come when every field above is right.")

    def tick_risks(self) -> ipw.VBox:
        """The risks, each with a box to tick when it is understood."""
        count = output()
        rows: list[ipw.Widget] = []
        for risk in RISKS:
            box = box_to_tick(risk.title, value=risk.key in self.walk.ticked, on_change=partial(self._tick, risk.key))
            rows += [box, output(hypertext.risk_in_detail(risk))]

        def redraw() -> None:
            done = len(RISKS) - len(self.walk.unticked)
            count.value = hypertext.message(
                f"{done} of {len(RISKS)} understood.", "quiet" if self.walk.unticked else "done"
            )

        return self.section("risks", redraw, *rows, count)

    def _tick(self, key: str, understood: bool) -> None:
        self._change(self.walk.tick(key, understood=understood))

    def write_pack(self) -> ipw.VBox:
        """Where the pack goes, the button that writes it, its fingerprint, and the command line for the same."""
        folder = text_field("Folder", self.walk.folder, "empty: output/<tenant>-<region>", self._folder)
        replace_ = box_to_tick("Replace a pack that is there", value=self.walk.overwrite, on_change=self._overwrite)
        missing, written, command = output(), output(), output()
        write = button("Write the pack", lambda: self._write(written))

        def redraw() -> None:
            write.disabled = not self.walk.may_write
            missing.value = hypertext.messages(self.walk.obstacles, "error") if self.walk.obstacles else ""
            if self.walk.request and self.walk.may_write:
                missing.value = hypertext.message(self.walk.request.unusable)
            written.value = self._written
            command.value = hypertext.to_copy(
                ("The same on the command line; click it to select all of it:", self.walk.command),
                ("Fingerprint of this pack (SHA-256 of manifest.json):", self.walk.fingerprint),
            )

        return self.section("write", redraw, folder, replace_, write, missing, written, command)

    def _folder(self, text: str) -> None:
        self._change(self.walk.in_folder(text))

    def _overwrite(self, wanted: bool) -> None:
        self._change(self.walk.replacing(wanted=wanted))

    def _write(self, place: ipw.HTML) -> None:
        place.value = hypertext.message("Writing the pack ...")
        try:
            done = self.walk.write()
        except OutputError as error:
            self._written = hypertext.message(error.said(label), "error")
        else:
            self._written = hypertext.message(
                f"{len(done.files)} files are in {done.folder}. Fingerprint: {done.fingerprint}", "done"
            ) + hypertext.message(done.next)
        self.redraw()

    def rehearse(self) -> ipw.VBox:
        """The pack's scripts, run in this machine's PowerShell against an emulated tenant, with a bar and a matrix."""
        return rehearsal_part(self, self.rehearsal)


def script_reader(screen: Screen, scripts: Callable[[], tuple[ExplainedScript, ...]], without: str) -> ipw.VBox:
    """A list of scripts and the one that is chosen, beside its explanation; ``without`` is said where there is none."""
    shown = output()
    names: list[str] = []
    chooser = choice("Script", "", [("", "")], lambda _: draw())

    def draw() -> None:
        found = {explained.script.name: explained for explained in scripts()}
        explained = found.get(chooser.value or "")
        shown.value = hypertext.script_beside_explanation(explained) if explained else hypertext.message(without)

    def redraw() -> None:
        options = [(f"{one.script.name}: {one.script.synopsis}", one.script.name) for one in scripts()]
        if [name for _, name in options] != names:
            names[:] = [name for _, name in options]
            kept = chooser.value if chooser.value in names else "30-create" if "30-create" in names else ""
            chooser.options, chooser.disabled = options or [("", "")], not options
            chooser.value = kept or (names[0] if names else "")
        draw()

    return screen.section("scripts", redraw, chooser, shown)


def start() -> WalkthroughScreen:
    """A new walk with the example's values. Nothing is written before a button is pressed."""
    return WalkthroughScreen()

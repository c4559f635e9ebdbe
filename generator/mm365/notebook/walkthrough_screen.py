"""The guided walk on a screen: ``ipywidgets`` over ``walkthrough``. Each method is one cell of the notebook."""

from functools import partial

import ipywidgets as ipw

from mm365.errors import OutputError
from mm365.integration.risks import RISKS
from mm365.notebook import hypertext
from mm365.notebook.plan_page import plan_page
from mm365.notebook.rehearsal import NotebookRehearsal
from mm365.notebook.rehearsal_screen import rehearsal_part
from mm365.notebook.scripts_screen import script_reader
from mm365.notebook.walkthrough import Walkthrough
from mm365.notebook.ways import guard_ways
from mm365.notebook.widgets import Screen, beside, box_to_tick, button, choice, lines_field, output, text_field
from mm365.request.fields import FIELDS, LOOP_GUARD, REGION, label
from mm365.request.parsers import LoopGuard

_NOT_WRITTEN = "No pack of these values is written yet: step 6 writes it, and then it can be rehearsed."
_ADOPT = "Adopt: change objects of the integration that are there with other settings"
_NO_PLAN = "The plan comes when every field above is right."
_ONE_A_LINE = "One file on each line, as on the command line; empty for a tenant that has none of the four objects."
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
        made = text_field(field.label, value, "", enter)
        made.tooltip = field.asked  # it stands beside the field as well, and is too long to stand in it
        return made

    def _note(self, name: str) -> str:
        if problem := self.walk.problem(name):
            return hypertext.message(problem, "error")
        if name == REGION.name and (region := self.walk.region):
            return hypertext.message(f"Mail goes to {region.smart_host}; the certificate is {region.certificate_name}.")
        asked = FIELDS[name].asked
        return hypertext.message(self.walk.notice(name) or f"{asked[0].upper()}{asked[1:]}.", "quiet")

    def choose_loop_guard(self) -> ipw.VBox:
        """The loop guards, with pictures of what the chosen one does to a message."""
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
            words = f"{chosen.guard} {chosen.trade_off} {chosen.why}" if chosen else self.walk.problem(LOOP_GUARD.name)
            why.value = hypertext.message(words)
            pictures.value = guard_ways(LoopGuard(chosen.guard)) if chosen else ""

        return self.section("loop guard", redraw, guards, why, pictures)

    def plan_for_tenant(self) -> ipw.VBox:
        """The plan against what the tenant has, where somebody gives a snapshot."""
        files = lines_field("Snapshot", self.walk.files.text, "optional: a file that 20-backup wrote", self._snapshot)
        again = button("Read the files again", lambda: self._snapshot(self.walk.files.text), main=False)
        adopt = box_to_tick(_ADOPT, value=self.walk.adopt, on_change=self._adopt)
        note, shown = output(), output()

        def redraw() -> None:
            walk = self.walk
            note.value = hypertext.message(
                walk.files.problem or _ONE_A_LINE, "error" if walk.files.problem else "quiet"
            )
            again.disabled = not walk.files.names
            shown.value = hypertext.message(_NO_PLAN if walk.files.snapshot else "")
            if walk.plan and walk.request:
                shown.value = plan_page(walk.plan, walk.request)

        return self.section("plan", redraw, beside(files, note), again, adopt, shown)

    def _snapshot(self, text: str) -> None:
        self._change(self.walk.with_snapshot(text))

    def _adopt(self, wanted: bool) -> None:
        self._change(self.walk.adopting(wanted=wanted))

    def read_scripts(self) -> ipw.VBox:
        """Each script in colours, beside one line for every setting in it."""
        without = "The scripts come when every field above is right, and there is something to carry out."
        return script_reader(self, lambda: self.walk.scripts, without, begins_with="30-create")

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


def start() -> WalkthroughScreen:
    """A new walk with the example's values. Nothing is written before a button is pressed."""
    return WalkthroughScreen()

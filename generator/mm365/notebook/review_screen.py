"""The approver's review on a screen: ``ipywidgets`` over ``review``. Each method is one cell of the notebook."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import ipywidgets as ipw

from mm365.documents.html import render_html
from mm365.errors import Mm365Error
from mm365.notebook import hypertext
from mm365.notebook.rehearsal import NotebookRehearsal, PackToRehearse
from mm365.notebook.rehearsal_screen import rehearsal_part
from mm365.notebook.review import Difference, Review, open_pack
from mm365.notebook.sign_off import DECISIONS, SignOff, default_file, save_sign_off
from mm365.notebook.walkthrough_screen import script_reader
from mm365.notebook.widgets import Screen, button, choice, output, text_field
from mm365.request.fields import label

_NONE = "No pack is open yet."
_NOT_RUN = "The scripts run on this machine, so not while steps 1 and 4 show that more than values differs."


class ReviewScreen(Screen):
    """The review: ``review`` is the pack that is open, or None; each method gives the widgets of one step."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder
        self.review: Review | None = None
        self.sign_off = SignOff(date=f"{datetime.now().astimezone():%Y-%m-%d}")
        self.rehearsal = NotebookRehearsal(self._subject, lambda: _NOT_RUN if self.review else _NONE)
        self._problem = _NONE
        self._saved = ""
        if Path(folder).is_dir():
            self._open()

    def _open(self) -> None:
        self._saved = ""
        try:
            self.review, self._problem = open_pack(Path(self.folder.strip() or ".")), ""
        except Mm365Error as error:
            self.review, self._problem = None, error.said(label)
        self.redraw()

    def _folder(self, text: str) -> None:
        self.folder = text

    def open(self) -> ipw.VBox:
        """The folder of a pack, and whether its hashes are right."""
        folder = text_field("Pack", self.folder, "the folder of a pack", self._folder)
        found = output()

        def redraw() -> None:
            found.value = hypertext.message(self._problem, "" if self._problem == _NONE else "error")
            if self.review:
                found.value = _verdict(self.review)

        return self.section("open", redraw, folder, button("Open the pack", self._open), found)

    def show_request(self) -> ipw.VBox:
        """What was asked for. The header ID is shortened."""
        shown = output()

        def redraw() -> None:
            shown.value = hypertext.message(_NONE)
            if self.review and self.review.request:
                rows = [(label(name), text) for name, text in self.review.request.shown().items()]
                shown.value = render_html("notebook/request.html.j2", rows=rows)

        return self.section("request", redraw, shown)

    def read_scripts(self) -> ipw.VBox:
        """Each script as it is in the folder, beside its explanation."""
        return script_reader(self, lambda: self.review.scripts if self.review else (), _NONE)

    def compare(self) -> ipw.VBox:
        """What differs from the example pack of the same region and loop guard."""
        shown = output()

        def redraw() -> None:
            shown.value = _comparison(self.review) if self.review else hypertext.message(_NONE)

        return self.section("compare", redraw, shown)

    def rehearse(self) -> ipw.VBox:
        """The pack's scripts, run in this machine's PowerShell against an emulated tenant, with a bar and a matrix."""
        return rehearsal_part(self, self.rehearsal)

    def _subject(self) -> PackToRehearse | None:
        """The pack, if its scripts are known to be the project's own: an approver need not trust who made it."""
        if self.review is None or not self.review.as_generated:
            return None
        return PackToRehearse(folder=self.review.folder, fingerprint=self.review.report.fingerprint)

    def sign(self) -> ipw.VBox:
        """The sign-off block, saved beside the pack with the fingerprint in it."""
        now = self.sign_off
        fields = [
            choice(
                "Decision", now.decision, [("choose", ""), *((word, word) for word in DECISIONS)], self._set("decision")
            ),
            text_field("Name", now.name, "who decides", self._set("name")),
            text_field("Role", now.role, "such as change manager", self._set("role")),
            text_field("Date", now.date, "the day of the decision", self._set("date")),
            text_field("Remark", now.remark, "may stay empty", self._set("remark")),
        ]
        missing, saved = output(), output()
        buttons = [
            button("Save as Markdown", lambda: self._save(".md")),
            button("Save as HTML", lambda: self._save(".html"), main=False),
        ]

        def redraw() -> None:
            problems = self.sign_off.problems(self.review) if self.review else (_NONE,)
            for one in buttons:
                one.disabled = bool(problems)
            missing.value = hypertext.messages(problems, "quiet") if problems else ""
            saved.value = self._saved

        row = ipw.Box(buttons, layout=ipw.Layout(display="flex", flex_flow="row wrap"))
        return self.section("sign", redraw, *fields, row, missing, saved)

    def _set(self, name: str) -> Callable[[str], None]:
        def enter(text: str) -> None:
            self.sign_off, self._saved = replace(self.sign_off, **{name: text}), ""
            self._sections["sign"]()

        return enter

    def _save(self, suffix: str) -> None:
        assert self.review is not None  # noqa: S101 - the buttons are disabled without one
        try:
            path = save_sign_off(self.review, self.sign_off, default_file(self.review, suffix))
            self._saved = hypertext.message(f"Saved: {path}", "done")
        except Mm365Error as error:
            self._saved = hypertext.message(error.said(label), "error")
        self._sections["sign"]()


def _verdict(review: Review) -> str:
    """The fingerprint, what speaks against the pack, and what became of each file."""
    flawless = review.may_be_approved and bool(review.report.rendered_again)
    return render_html("notebook/verified.html.j2", review=review, flawless=flawless)


def _comparison(review: Review) -> str:
    """What differs from the example pack, by file; a file with more than values is open."""
    by_file: dict[str, list[Difference]] = {}
    for difference in review.differences:
        by_file.setdefault(difference.path, []).append(difference)
    files = [(path, found, not all(one.only_values for one in found)) for path, found in by_file.items()]
    return render_html("notebook/comparison.html.j2", review=review, by_file=files)


def start(folder: str = "output/contoso.onmicrosoft.com-eu") -> ReviewScreen:
    """A new review of the pack in ``folder``, if there is one. Nothing is written before a button is pressed."""
    return ReviewScreen(folder)

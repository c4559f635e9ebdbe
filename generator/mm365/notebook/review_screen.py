"""The approver's review on a screen: ``ipywidgets`` over ``review``. Each method is one cell of the notebook."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import ipywidgets as ipw

from mm365.documents.html import render_html
from mm365.errors import Mm365Error
from mm365.notebook import hypertext
from mm365.notebook.plan_page import plan_page
from mm365.notebook.rehearsal import NotebookRehearsal, PackToRehearse
from mm365.notebook.rehearsal_screen import rehearsal_part
from mm365.notebook.review import Difference, Review, open_pack
from mm365.notebook.scripts_screen import script_reader
from mm365.notebook.sign_off import DECISIONS, SignOff, default_file, looked_at, save_sign_off
from mm365.notebook.widgets import Screen, button, choice, output, text_field
from mm365.request.fields import label

_NONE = "No pack is open yet."
_NO_PLAN = "This pack was made without a snapshot: it is for a tenant that has none of the four objects."
_UNREADABLE = "The plan cannot be made again: request.json or scripts/Snapshot.json is not what was generated."
_PLAN_IS_RIGHT = "plan.json is the plan that the pack's request and snapshot give."
_OTHER_PLAN = "plan.json is not the plan that the pack's request and snapshot give. This is what they give:"
_NOT_RUN = "The scripts run on this machine, so not while steps 1 and 6 show that more than values differs."


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
        self.sign_off, self._saved = replace(self.sign_off, opened=frozenset()), ""
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

    def show_plan(self) -> ipw.VBox:
        """What changes in the tenant, if the pack was made against a snapshot of it."""
        shown = output()

        def redraw() -> None:
            shown.value = _plan(self.review) if self.review else hypertext.message(_NONE)

        return self.section("plan", redraw, shown)

    def read_scripts(self) -> ipw.VBox:
        """Each script as it is in the folder, beside its explanation."""
        return script_reader(self, lambda: self.review.scripts if self.review else (), _NONE, opened=self._opened)

    def _opened(self, path: str) -> None:
        self.sign_off = replace(self.sign_off, opened=self.sign_off.opened | {path})
        self.redraw("sign")

    def show_risks(self) -> ipw.VBox:
        """What can go wrong with this change, and what to do about it."""
        shown = output()

        def redraw() -> None:
            shown.value = hypertext.risk_list(self.review.risks) if self.review else hypertext.message(_NONE)

        return self.section("risks", redraw, shown)

    def compare(self) -> ipw.VBox:
        """What differs from the example pack of the same choices, or from the pack of a plan rendered again."""
        shown = output()

        def redraw() -> None:
            shown.value = _comparison(self.review) if self.review else hypertext.message(_NONE)

        return self.section("compare", redraw, shown)

    def rehearse(self) -> ipw.VBox:
        """The pack's scripts, run in this machine's PowerShell against an emulated tenant, with a bar and a matrix."""
        return rehearsal_part(self, self.rehearsal, ended=lambda: self.redraw("sign"))

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
        looked, missing, saved = output(), output(), output()
        buttons = [
            button("Save as Markdown", lambda: self._save(".md")),
            button("Save as HTML", lambda: self._save(".html"), main=False),
        ]

        def redraw() -> None:
            problems = self.sign_off.problems(self.review) if self.review else (_NONE,)
            for one in buttons:
                one.disabled = bool(problems)
            looked.value = (
                hypertext.message(f"In this review: {looked_at(self.review, self._current())}.", "quiet")
                if self.review
                else ""
            )
            missing.value = hypertext.messages(problems, "quiet") if problems else ""
            saved.value = self._saved

        row = ipw.Box(buttons, layout=ipw.Layout(display="flex", flex_flow="row wrap"))
        return self.section("sign", redraw, *fields, looked, row, missing, saved)

    def _set(self, name: str) -> Callable[[str], None]:
        def enter(text: str) -> None:
            typed: dict[str, Any] = {name: text}
            self.sign_off, self._saved = replace(self.sign_off, **typed), ""
            self.redraw("sign")

        return enter

    def _current(self) -> SignOff:
        """The sign-off as it would be saved now."""
        return replace(self.sign_off, rehearsal=self.rehearsal.result)

    def _save(self, suffix: str) -> None:
        assert self.review is not None  # noqa: S101 - the buttons are disabled without one
        try:
            path = save_sign_off(self.review, self._current(), default_file(self.review, suffix))
            self._saved = hypertext.message(f"Saved: {path}", "done")
        except Mm365Error as error:
            self._saved = hypertext.message(error.said(label), "error")
        self.redraw("sign")


def _verdict(review: Review) -> str:
    """The fingerprint, what speaks against the pack, and what became of each file."""
    flawless = review.may_be_approved and bool(review.report.rendered_again)
    return render_html("notebook/verified.html.j2", review=review, flawless=flawless)


def _plan(review: Review) -> str:
    """The plan as the pack gives it again, and whether plan.json is that."""
    if review.plan is None or review.request is None:
        return hypertext.message(_NO_PLAN if review.change else _UNREADABLE, "" if review.change else "error")
    right = (
        hypertext.message(_PLAN_IS_RIGHT, "done") if review.plan_is_right else hypertext.message(_OTHER_PLAN, "error")
    )
    return right + plan_page(review.plan, review.request)


def _comparison(review: Review) -> str:
    """What differs, by file; a file with more than values is open."""
    by_file: dict[str, list[Difference]] = {}
    for difference in review.differences:
        by_file.setdefault(difference.path, []).append(difference)
    files = [(path, found, not all(one.only_values for one in found)) for path, found in by_file.items()]
    return render_html("notebook/comparison.html.j2", review=review, by_file=files)


def start(folder: str = "output/contoso.onmicrosoft.com-eu") -> ReviewScreen:
    """A new review of the pack in ``folder``, if there is one. Nothing is written before a button is pressed."""
    return ReviewScreen(folder)

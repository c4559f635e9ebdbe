"""What the approver signs, as Markdown or HTML, with the fingerprint in it; kept beside a pack, never inside."""

from dataclasses import dataclass
from pathlib import Path

from mm365.display import printable
from mm365.documents.html import render_html
from mm365.documents.markdown import render_document
from mm365.documents.words import counted
from mm365.errors import InvalidValueError, OutputError, PackError
from mm365.notebook.review import Review
from mm365.pack.writing import write_file
from mm365.rehearsal.faults import MEANINGS
from mm365.rehearsal.rehearsal import Result
from mm365.request.fields import UNUSABLE, label
from mm365.request.parsers import parse_line

DECISIONS = ("Approved", "Rejected")
_LABELS = {"name": "Name", "role": "Role", "date": "Date", "remark": "Remark"}
_NEEDED = ("name", "date")


@dataclass(frozen=True, kw_only=True)
class SignOff:
    """Who decides what, and when, as typed; and what that person looked at before.

    ``opened`` are the paths of the scripts that were opened, ``rehearsal`` is the last rehearsal of this review.
    """

    name: str = ""
    role: str = ""
    date: str = ""
    decision: str = ""
    remark: str = ""
    opened: frozenset[str] = frozenset()
    rehearsal: Result | None = None

    def problems(self, review: Review) -> tuple[str, ...]:
        """What stands between here and a sign-off that may be saved, one line each."""
        found = []
        for field, title in _LABELS.items():
            text = str(getattr(self, field))
            try:
                if not parse_line(text) and field in _NEEDED:
                    found.append(f"{title} is needed.")
            except InvalidValueError as error:
                found.append(f"{title} {error.problem}; use one line of readable text.")
        if self.decision not in DECISIONS:
            found.append(f"Choose one of {', '.join(DECISIONS)}.")
        if self.decision == DECISIONS[0] and not review.may_be_approved:
            found.append(UNUSABLE if review.report.example else "This pack cannot be approved: see what was found.")
        return tuple(found)


def looked_at(review: Review, sign_off: SignOff) -> str:
    """Which scripts of the pack were opened, and whether this very pack was rehearsed, on one line."""
    names = [one.script.name for one in review.scripts if one.path not in sign_off.opened]
    total = len(review.scripts)
    read = f"read {total - len(names)} of {counted(total, 'script')}"
    if 0 < len(names) < total:
        read += f" (not {', '.join(names)})"
    return f"{read}; rehearsed: {_rehearsed(review, sign_off.rehearsal)}"


def _rehearsed(review: Review, done: Result | None) -> str:
    if done is None or done.fingerprint != review.report.fingerprint:
        return "no"
    kinds = f"with the faults {', '.join(done.options.kinds)}" if done.options.kinds else "without faults"
    if set(done.options.kinds) == set(MEANINGS):
        kinds = "with every fault"
    held = "all held" if done.held else "NOT all held"
    return f"yes, {counted(done.runs, 'run')} from the tenant {printable(done.options.tenant)}, {kinds}: {held}"


def facts(review: Review, sign_off: SignOff) -> tuple[tuple[str, str], ...]:
    """The rows of the sign-off block. Raises PackError while something stands against saving it."""
    problems = sign_off.problems(review)
    if problems:
        raise PackError(" ".join(problems))
    request = review.request
    hashes = (
        f"{len(review.report.files)} files, {'all as generated' if review.report.intact else 'NOT all as generated'}"
    )
    again = {True: "the request gives the same bytes", False: "the request gives OTHER bytes", None: "not done"}
    asked = (
        [(label(name), text or "not given") for name, text in request.shown().items()]
        if request
        else [("Request", "cannot be read")]
    )
    return (
        ("Decision", sign_off.decision),
        *((("Example", UNUSABLE),) if review.report.example else ()),
        ("Fingerprint", review.report.fingerprint),
        *asked,
        ("Hashes", hashes),
        ("Rendered again", again[review.report.rendered_again]),
        _compared(review),
        ("In this review", looked_at(review, sign_off)),
        ("Made by", printable(review.report.generator)),
        *((title, str(getattr(sign_off, field)).strip()) for field, title in _LABELS.items()),
    )


def sign_off_markdown(review: Review, sign_off: SignOff) -> str:
    """The sign-off block as Markdown. Raises PackError as ``facts`` does."""
    return render_document("documents/sign-off.md.j2", facts=facts(review, sign_off))


def sign_off_html(review: Review, sign_off: SignOff) -> str:
    """The sign-off block as a page of its own. Raises PackError as ``facts`` does."""
    return render_html("documents/sign-off.html.j2", facts=facts(review, sign_off))


def save_sign_off(review: Review, sign_off: SignOff, path: Path) -> Path:
    """Write the sign-off as a new file: Markdown (.md) or HTML (.html), by its ending.

    Raises OutputError for another ending, for a place inside the pack (which would alter it) and for a file that is
    there; PackError as ``facts`` does.
    """
    makers = {".md": sign_off_markdown, ".html": sign_off_html}
    if path.suffix.lower() not in makers:
        raise OutputError("is neither .md nor .html", "give a name with one of these endings", value=path)
    if path.resolve().is_relative_to(review.folder.resolve()):
        raise OutputError("is inside the pack, which must stay as it is", "give a place beside it", value=path)
    write_file(path, makers[path.suffix.lower()](review, sign_off).encode())
    return path


def default_file(review: Review, suffix: str) -> Path:
    """Beside the pack: its folder's name, with ``-sign-off`` and the ending."""
    folder = review.folder.resolve()
    return (
        review.folder.parent / f"{folder.name}-sign-off{suffix}"
        if review.folder.name
        else Path(f"{folder}-sign-off{suffix}")
    )


def _compared(review: Review) -> tuple[str, str]:
    if review.plan:
        return "Against the pack rendered again", "nothing differs" if review.nothing_but_values else "it differs"
    return "Against the example pack", "only values differ" if review.nothing_but_values else "more than values differs"

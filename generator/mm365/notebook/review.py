"""A pack in the approver's hands: verified, explained, compared. Nothing in it is changed."""

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mm365.display import masked, printable
from mm365.documents.markdown import escape
from mm365.errors import PackError
from mm365.integration.ranking import Risk, ranked
from mm365.integration.risks import RISKS
from mm365.pack.contents import MANIFEST, PLAN, SUMS, build_pack
from mm365.pack.rehearsed import as_if_of
from mm365.pack.verification import (
    PackReport,
    Status,
    change_of,
    rehearsal_in,
    request_of,
    verify_pack,
    without_signature,
)
from mm365.plan.plan import Plan
from mm365.powershell import comment, literal, short_comment
from mm365.request.fields import CHANGE, FIELDS, HEADER_ID, NEEDED, STAND_IN_ID, UNUSABLE
from mm365.request.request import Request, build_request
from mm365.scripts.change import Change, build_change
from mm365.scripts.explanation import ExplainedScript, explain_scripts
from mm365.scripts.rendering import render_paste_forms, render_scripts


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Lines of a file that are not those of the pack it is compared with: the example, or itself rendered again.

    ``line`` counts from 1 in the pack's file. ``only_values`` says that the example's lines, with this pack's
    values in place of its own, are the pack's. The header IDs are shortened.
    """

    path: str
    line: int
    example: tuple[str, ...]
    pack: tuple[str, ...]
    only_values: bool


@dataclass(frozen=True)
class Review:
    """A pack on disk and what is to be known of it. ``request`` is None where it cannot be read."""

    folder: Path
    report: PackReport
    request: Request | None

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The pack's files as texts, by path, without signatures; those that are not text are left out."""
        return dict(_texts(self.folder, self.report))

    @cached_property
    def scripts(self) -> tuple[ExplainedScript, ...]:
        """The scripts as they are in the folder, each beside its explanation."""
        return explain_scripts(self.change, self.texts) if self.change else ()

    @cached_property
    def change(self) -> Change | None:
        """What the pack carries out, made again from it; None where its request or snapshot cannot be read."""
        return change_of(self.folder)

    @property
    def plan(self) -> Plan | None:
        """The plan that the pack carries out, made again from it; None where it was made without a snapshot."""
        return self.change.plan if self.change and self.change.plan.snapshot else None

    @property
    def plan_is_right(self) -> bool:
        """Whether plan.json is what the pack's request and snapshot give."""
        made = build_pack(self.change).files if self.change else {}
        return made.get(PLAN, b"").decode() == self.texts.get(PLAN, "")

    @property
    def risks(self) -> tuple[Risk, ...]:
        """What can go wrong with what was asked for."""
        return ranked(RISKS, self.request.loop_guard) if self.request else ()

    @cached_property
    def example(self) -> Request | None:
        """The example request of the same choices, with the same fields left empty.

        The example's header ID marks all of a pack, so another stands in for it, except beside an example.
        """
        if self.request is None:
            return None
        mine = self.request.as_dict()
        values = {
            name: mine[name] if field.choices() or not mine[name] else field.example for name, field in FIELDS.items()
        }
        if not self.request.is_example:
            values[HEADER_ID.name] = STAND_IN_ID
        return build_request(values, needs=NEEDED)

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """What differs from the example pack, line by line, but for the sums, which follow from the rest.

        A plan is for one tenant and has no example: that pack is compared with itself, rendered again.
        """
        if self.request is None or self.change is None or self.example is None:
            return ()
        example = self.request if self.plan else self.example
        change, rehearsed = self.change if self.plan else build_change(example), rehearsal_in(self.folder)
        if rehearsed is not None:
            rehearsed = as_if_of(rehearsed, example, (*render_scripts(change), *render_paste_forms(change)))
        files = build_pack(change, rehearsed).files
        example_manifest, manifest = files[MANIFEST].decode(), self.texts.get(MANIFEST, "")
        return tuple(
            difference
            for path in dict.fromkeys([*files, *self.texts])
            if path not in {MANIFEST, SUMS}
            for difference in _compared(
                path,
                _with_named_sums(files.get(path, b"").decode(), example_manifest),
                _with_named_sums(self.texts.get(path, ""), manifest),
                example,
                self.request,
            )
        )

    @property
    def nothing_but_values(self) -> bool:
        """Whether all that differs are the request's values; nothing may, in a pack that is rendered again."""
        return self.change is not None and all(difference.only_values for difference in self.differences)

    @property
    def may_be_approved(self) -> bool:
        """Whether nothing speaks against it: it is as generated, and not an example."""
        return self.as_generated and not self.report.example

    @property
    def as_generated(self) -> bool:
        """Whether every hash is right, it was rendered again, and nothing but the values differs."""
        return self.report.intact and self.report.rendered_again is not False and self.nothing_but_values

    @property
    def findings(self) -> tuple[str, ...]:
        """What speaks against it, or should be looked at, one line each."""
        counts = [f"{report.path} is {report.status.value}." for report in self.report.files if _bad(report.status)]
        if self.report.example:
            counts.append(UNUSABLE)
        if self.request is None:
            counts.append("request.json cannot be read as a request; make the pack again.")
        elif self.change is None:
            counts.append("scripts/Snapshot.json is not what was generated; make the pack again.")
        if self.report.rendered_again is None:
            counts.append(
                f"Not rendered again here: it was made by {printable(self.report.generator)}, or its request is not "
                "what was generated."
            )
        if self.plan and not self.plan_is_right:
            counts.append("plan.json is not the plan that the pack's request and snapshot give.")
        if not self.nothing_but_values:
            others = (difference for difference in self.differences if not difference.only_values)
            counts += [f"{other.path}, line {other.line}, differs in more than values." for other in others]
        return tuple(printable(text) for text in counts)


def _with_named_sums(text: str, manifest: str) -> str:
    """A text in which a sum that the manifest holds is named: the runbook's sums follow from the rest as well."""
    for entry in json.loads(manifest or '{"files": []}')["files"]:
        text = text.replace(str(entry["sha256"]), f"SHA-256 of {entry['path']}")
    return text


def open_pack(folder: Path) -> Review:
    """Read and verify a pack. Raises PackError for a folder that is not a pack."""
    if not folder.is_dir():
        raise PackError("is not a folder", "give the folder of a pack", value=folder)
    return Review(folder, verify_pack(folder), request_of(folder))


def _bad(status: Status) -> bool:
    return status not in {Status.OK, Status.SIGNED}


def _texts(folder: Path, report: PackReport) -> Iterator[tuple[str, str]]:
    for entry in report.files:
        path = folder / entry.path
        if entry.status is Status.MISSING or path.is_symlink() or not path.is_file():
            continue
        try:
            data = path.read_bytes()
            yield entry.path, (without_signature(data) if entry.status is Status.SIGNED else data).decode()
        except (OSError, UnicodeDecodeError):
            continue


def _compared(path: str, example: str, pack: str, from_: Request, to: Request) -> Iterator[Difference]:
    theirs, mine = example.splitlines(), pack.splitlines()
    matcher = difflib.SequenceMatcher(a=theirs, b=mine, autojunk=False)
    for what, a1, a2, b1, b2 in matcher.get_opcodes():
        if what != "equal":
            yield Difference(
                path=path,
                line=b1 + 1,
                example=tuple(masked(line, from_.header_id) for line in theirs[a1:a2]),
                pack=tuple(masked(line, to.header_id) for line in mine[b1:b2]),
                only_values="\n".join(mine[b1:b2]) in _with_values_of(to, from_, "\n".join(theirs[a1:a2])),
            )


def _with_values_of(to: Request, from_: Request, text: str) -> Iterator[str]:
    """Text of the example pack with this request's values, for each form in which a change may be written.

    The example's values occur nowhere else in a pack, so this replaces values and nothing besides.
    """
    theirs, mine = from_.as_dict(), to.as_dict()
    for name, field in FIELDS.items():
        if theirs[name] and name != CHANGE.name and not field.choices():
            text = text.replace(theirs[name], mine[name])
    text = text.replace(from_.masked_header_id, to.masked_header_id)
    if not theirs[CHANGE.name]:
        yield text
        return
    text = text.replace(str(literal(theirs[CHANGE.name])), str(literal(mine[CHANGE.name])))
    forms = [mine[CHANGE.name], str(comment(mine[CHANGE.name])), str(escape(mine[CHANGE.name]))]
    # In JSON: request.json and the manifest are ASCII, the runbook is not.
    in_json = [json.dumps(form, ensure_ascii=only_ascii)[1:-1] for form in forms for only_ascii in (True, False)]
    for form in dict.fromkeys([*forms, str(short_comment(mine[CHANGE.name])), *in_json]):
        yield text.replace(theirs[CHANGE.name], form)

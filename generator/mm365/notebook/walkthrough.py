"""The guided walk as plain state: what is entered, what is wrong with it, what follows. No widget is known here."""

import hashlib
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from mm365.errors import OutputError, RequestError
from mm365.integration.article import build_integration
from mm365.integration.risks import RISKS
from mm365.mailflow.loop_guard import LoopExplanation, explain_loop
from mm365.notebook.rehearsal import PackToRehearse
from mm365.notebook.snapshot_files import NO_FILES, SnapshotFiles, read_files
from mm365.pack.contents import MANIFEST, build_pack
from mm365.pack.writing import default_folder, usual_folder, write_pack
from mm365.plan.again import excerpt_of, plan_again
from mm365.plan.against import plan_against
from mm365.plan.plan import Plan
from mm365.plan.summary import conclusion
from mm365.request.fields import FIELDS, HEADER_ID, LOOP_GUARD, NEEDED, OFFER, REGION, UNUSABLE, label, option
from mm365.request.parsers import DEFAULT_LOOP_GUARD, parse_loop_guard, parse_region
from mm365.request.regions import Region
from mm365.request.request import Request, build_request, parse_values
from mm365.scripts.change import Change, build_change
from mm365.scripts.explanation import ExplainedScript, explain_scripts

_NEXT = "Next: have change-request.md read and the fingerprint signed."


@dataclass(frozen=True, kw_only=True)
class Written:
    """A pack that was written."""

    folder: Path
    fingerprint: str
    files: tuple[str, ...]
    next: str


@dataclass(frozen=True)
class Walkthrough:
    """Where a person is in the walk. Each change makes a new one; nothing is written but by ``write``."""

    texts: Mapping[str, str] = field(default_factory=lambda: dict(OFFER))
    ticked: frozenset[str] = frozenset()
    folder: str = ""
    overwrite: bool = False
    files: SnapshotFiles = NO_FILES
    adopt: bool = False

    def enter(self, name: str, text: str) -> "Walkthrough":
        """The walk with another text in a field. KeyError for a field that is not in the table."""
        if name not in FIELDS:
            raise KeyError(name)
        return replace(self, texts={**self.texts, name: text})

    def tick(self, key: str, *, understood: bool = True) -> "Walkthrough":
        """The walk with a risk ticked, or not any more. KeyError for a risk that is not in ``RISKS``."""
        if key not in {risk.key for risk in RISKS}:
            raise KeyError(key)
        return replace(self, ticked=self.ticked | {key} if understood else self.ticked - {key})

    def with_snapshot(self, text: str) -> "Walkthrough":
        """The walk with the snapshot in these files, one on each line, as they are now; none in an empty text."""
        return replace(self, files=read_files(text))

    def adopting(self, *, wanted: bool) -> "Walkthrough":
        """The walk that changes objects which are there with other settings, or does not."""
        return replace(self, adopt=wanted)

    def in_folder(self, folder: str) -> "Walkthrough":
        """The walk to another folder; empty for the command line's default."""
        return replace(self, folder=folder)

    def replacing(self, *, wanted: bool) -> "Walkthrough":
        """The walk that replaces a pack that is there, or does not."""
        return replace(self, overwrite=wanted)

    def problem(self, name: str) -> str:
        """What is wrong with a field as it stands, or nothing."""
        try:
            parse_values({name: self.texts[name]}, needs=(name,) if FIELDS[name].needed else ())
        except RequestError as error:
            return error.said(label)
        return ""

    def notice(self, name: str) -> str:
        """What should be known of a field that is not wrong, or nothing."""
        field = FIELDS[name]
        if self.problem(name) or not field.personal or field.parse(self.texts[name]) != field.example:
            return ""
        return UNUSABLE if name == HEADER_ID.name else "This is the example's value; enter your own."

    @cached_property
    def request(self) -> Request | None:
        """The request, or None while a field is wrong."""
        try:
            return build_request(self.texts, needs=NEEDED)
        except RequestError:
            return None

    @property
    def region(self) -> Region | None:
        """The region as it stands, also while other fields are wrong."""
        return None if self.problem(REGION.name) else parse_region(self.texts[REGION.name])

    @property
    def loop(self) -> LoopExplanation | None:
        """What the loop guard does to a message, also while other fields are wrong. An empty one is the default."""
        if self.problem(LOOP_GUARD.name):
            return None
        text = self.texts[LOOP_GUARD.name]
        return explain_loop(parse_loop_guard(text) if text.strip() else DEFAULT_LOOP_GUARD)

    @cached_property
    def plan(self) -> Plan | None:
        """The plan against the snapshot; None without one, and while a field is wrong."""
        if self.request is None or self.files.snapshot is None:
            return None
        return plan_against(self.files.snapshot, self.request, build_integration(self.request), adopt=self.adopt)

    @cached_property
    def change(self) -> Change | None:
        """What the pack carries out; None while a field is wrong, and with a plan that has no steps."""
        if self.request is None or self.files.problem:
            return None
        if self.plan is None:
            return build_change(self.request)
        # From what the pack keeps of the snapshot, as the command line does it.
        return build_change(self.request, plan_again(excerpt_of(self.plan), self.request)) if self.plan.steps else None

    @cached_property
    def scripts(self) -> tuple[ExplainedScript, ...]:
        """The scripts of the pack, each beside its explanation; none where there is no ``change``."""
        return explain_scripts(self.change) if self.change else ()

    @property
    def unticked(self) -> tuple[str, ...]:
        """The keys of the risks that are still to be ticked."""
        return tuple(risk.key for risk in RISKS if risk.key not in self.ticked)

    @property
    def obstacles(self) -> tuple[str, ...]:
        """What stands between here and a pack, one line each."""
        problems = tuple(problem for name in FIELDS if (problem := self.problem(name)))
        if self.unticked:
            problems += (f"{len(self.unticked)} of {len(RISKS)} risks are not ticked yet.",)
        return problems + tuple(self._of_plan())

    def _of_plan(self) -> Iterator[str]:
        if self.files.problem:
            yield self.files.problem
        elif self.plan is not None and not self.plan.steps:
            yield from (text for text, _ in conclusion(self.plan))

    @property
    def may_write(self) -> bool:
        """Whether all is right: every field valid, every risk ticked."""
        return not self.obstacles

    @property
    def command(self) -> str:
        """The command line that writes the same pack, quoted for a POSIX shell; empty while a field is wrong."""
        if self.request is None:
            return ""
        words = ["mm365", "pack"]
        for name, value in self.request.as_dict().items():
            if value:
                words += [option(name), value]
        for name in self.files.names:
            words += [option("snapshot"), name]
        if self.files.names and self.adopt:
            words.append(option("adopt"))
        if self.folder.strip():
            words += [option("output"), self.folder.strip()]
        return shlex.join([*words, option("overwrite")] if self.overwrite else words)

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint that the pack has, or will have; empty where there is no ``change``."""
        return build_pack(self.change).fingerprint if self.change else ""

    @property
    def written(self) -> PackToRehearse | None:
        """The pack of these very values that is in its folder, whoever wrote it; None if there is none."""
        if self.request is None:
            return None
        folder = Path(self.folder.strip()) if self.folder.strip() else usual_folder(self.request)
        try:
            there = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
        except (OSError, ValueError):
            return None
        return PackToRehearse(folder=folder, fingerprint=there) if there == self.fingerprint else None

    def write(self) -> Written:
        """Write the pack, byte for byte what ``command`` writes. Raises OutputError, also while it may not be."""
        if self.request is None or self.change is None or not self.may_write:
            raise OutputError(f"Nothing was written. {' '.join(self.obstacles)}")
        if read_files(self.files.text) != self.files:
            raise OutputError("Nothing was written: the snapshot is not what it was when it was read", "read it again")
        pack = build_pack(self.change)
        folder = Path(self.folder.strip()) if self.folder.strip() else default_folder(self.request)
        write_pack(pack, folder, overwrite=self.overwrite)
        then = self.request.unusable or _NEXT
        return Written(folder=folder, fingerprint=pack.fingerprint, files=tuple(pack.files), next=then)

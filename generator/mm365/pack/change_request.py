"""The document for change approval."""

from collections.abc import Sequence

from mm365.documents.markdown import render_document
from mm365.exchange.sources import Source
from mm365.integration.loop_guard import explain_loop
from mm365.integration.risks import RISKS
from mm365.scripts import library
from mm365.scripts.catalogue import NOT_UNDONE
from mm365.scripts.change import Change
from mm365.scripts.rendering import Rendered

PATH = "change-request.md"


def render_change_request(change: Change, files: Sequence[Rendered]) -> Rendered:
    """The document, as Markdown, for a pack with these scripts and paste forms. The header ID is shortened in it."""
    text = render_document(
        "change-request.md.j2",
        request=change.request,
        integration=change.integration,
        plan=change.plan,
        procedure=change.procedure,
        risks=RISKS,
        not_undone=NOT_UNDONE,
        guard=explain_loop(change.request.loop_guard),
        sources=_sources_used(change),
        scripts=change.scripts,
        files={file.path: file for file in files},
        shared=library.PATH,
        shared_sha256=library.shared_sha256(),
    )
    return Rendered(path=PATH, text=text)


def _sources_used(change: Change) -> tuple[Source, ...]:
    settings = [
        source for object_ in change.integration.objects for item in object_.settings for source in item.sources
    ]
    guard = explain_loop(change.request.loop_guard).sources
    risks = [source for risk in RISKS for source in risk.sources]
    return tuple(dict.fromkeys([*settings, *guard, *risks]))

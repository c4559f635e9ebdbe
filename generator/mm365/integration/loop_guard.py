"""The loop, and what each loop guard makes of a message that comes back (see KB Q21244 and NDR 5.4.14)."""

from dataclasses import dataclass

from mm365.exchange.sources import INFERRED, KB, NDR_PAGE, Source
from mm365.request.parsers import TRADE_OFFS
from mm365.request.request import LoopGuard


@dataclass(frozen=True, kw_only=True)
class LoopExplanation:
    """What a loop guard does: why it is so, what it gives and costs, and what happens on each pass, with sources."""

    guard: str
    why: str
    trade_off: str
    sources: tuple[Source, ...]
    passes: tuple[tuple[str, str, str, str], ...]


def explain_loop(guard: LoopGuard) -> LoopExplanation:
    """What happens to a message under a loop guard: rows of pass, Loop Check, Redirect, result."""
    stops = guard is not LoopGuard.KB_LITERAL
    excepts = guard is LoopGuard.STOP_AND_EXCEPT
    looping = (
        "The article gives Loop Check one action: remove the header. A message that came back would then reach "
        "Redirect, which applies to all messages, and go round until the service gives up (NDR 5.4.14, by default "
        "after 20 iterations; whether one way out and back counts as one is not documented). "
    )
    why = {
        LoopGuard.STOP: looping + "So Loop Check also stops rule processing.",
        LoopGuard.STOP_AND_EXCEPT: looping + "So Loop Check also stops rule processing, and Redirect excepts messages "
        "that carry the header: that covers the time in which Loop Check is off, failing or not yet everywhere.",
        LoopGuard.KB_LITERAL: looping + "These are the article's actions and no more, as asked for.",
    }[guard]
    out = "sends it to the filter"
    passes = (
        ("Out: no header yet", "does not match", out, "filtered"),
        (
            "Back: header with this customer's ID",
            "removes the header and stops" if stops else "removes the header",
            "not reached" if stops else out,
            "delivered" if stops else "LOOP until NDR 5.4.14",
        ),
        (
            "Back while Loop Check is off, failing or not yet everywhere",
            "does nothing",
            "excepts it" if excepts else out,
            "delivered, with the header" if excepts else "LOOP until NDR 5.4.14",
        ),
        (
            "Back with another customer's ID (wrongly routed)",
            "does not match",
            out,
            "goes round through the filter again",
        ),
    )
    return LoopExplanation(
        guard=guard.value, why=why, trade_off=TRADE_OFFS[guard], sources=(KB, NDR_PAGE, INFERRED), passes=passes
    )

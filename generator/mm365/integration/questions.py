"""What only the vendor can answer: each question, why it matters, and what is known."""

from dataclasses import dataclass

from mm365.exchange.sources import INFERRED, KB, KB_NEWER, MAIL_FLOW, MC1226222, Source


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question for the vendor. ``sources`` say what is known of it."""

    key: str
    text: str
    why: str
    sources: tuple[Source, ...]


QUESTIONS = (
    Question(
        key="defender",
        text="Which settings in Microsoft Defender does the newer copy of article Q21244 mean?",
        why="It says that provisioning also creates filtering settings there, and that all items must be present. "
        "Which these are is not known here, and this pack creates none.",
        sources=(KB_NEWER, KB),
    ),
    Question(
        key="certificate",
        text="How do you handle MC1226222, as a region's customers share one certificate?",
        why="Microsoft names as a bad configuration a connector like the inbound one: its certificate's domain is not "
        "an accepted domain of the tenant. That can break without notice.",
        sources=(MC1226222, KB, INFERRED),
    ),
    Question(
        key="header",
        text="Does the filter put X-MMCloud-ID on all that it returns, and replace one that is there?",
        why="Loop Check recognises returned mail by this header. The article does not say who puts it on, nor what "
        "becomes of a header that a sender has put there.",
        sources=(KB, INFERRED),
    ),
    Question(
        key="loop",
        text="What stops a loop: is Loop Check expected to stop rule processing?",
        why="The article gives Loop Check one action, which is to remove the header; Redirect applies to all messages. "
        "Whether the vendor's side prevents a loop is not documented.",
        sources=(KB, INFERRED),
    ),
    Question(
        key="enhanced_filtering",
        text="Which Enhanced Filtering settings (EFSkip) does the inbound connector need?",
        why="Without them Microsoft Defender sees the filter as the sender of returned mail. The article's readable "
        "copy does not mention them.",
        sources=(MAIL_FLOW, KB, INFERRED),
    ),
    Question(
        key="other_products",
        text="Does another product of yours already use the certificate with this tenant?",
        why="The inbound connector would match that mail from its creation.",
        sources=(KB, INFERRED),
    ),
    Question(
        key="delay",
        text="How long does the filter take, and what becomes of mail while it is down?",
        why="The article says neither. Mail that Exchange cannot hand over waits in its queue.",
        sources=(KB, MAIL_FLOW),
    ),
    Question(
        key="new_id",
        text="How is the header ID replaced if it becomes known?",
        why="It works like a password. The article says only that it is unique for each customer.",
        sources=(KB, INFERRED),
    ),
)
"""All of them, in the order of the risks that hang on them; a document numbers them so."""

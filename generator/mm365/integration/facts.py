"""What Exchange Online and the vendor do, as far as the documents of a pack rely on it: each fact with its sources.

Settings and risks carry their own sources; what stands in running text is here. What is not documented is called so.
``WAIT_MINUTES`` and ``DRAIN_HOURS`` are not facts but choices of this project, made for the reasons given beside them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mm365.exchange.sources import (
    CMDLETS,
    INFERRED,
    KB,
    MAIL_FLOW,
    NDR_PAGE,
    ROLES,
    VENDORS,
    Source,
)  # fmt: skip

WAIT_MINUTES = 30
"""How long Loop Check must have been on before Redirect: the time that the service usually takes for a rule."""

DRAIN_HOURS = 25
"""How long Redirect must have been off before anything else is removed: 24 hours in which Exchange retries mail, and
one until the change works everywhere, which can take longer than 30 minutes."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One statement in a full sentence, and who says so."""

    key: str
    text: str
    sources: tuple[Source, ...]


def _fact(key: str, text: str, *sources: Source) -> Fact:
    return Fact(key=key, text=text, sources=sources)


FACTS: Mapping[str, Fact] = {
    fact.key: fact
    for fact in (
        _fact(
            "created",
            "The article creates the items below any existing items, both connectors enabled and both rules disabled, "
            "so that no message is passed to MailMarshal Cloud yet.",
            KB,
        ),
        _fact(
            "order",
            "A rule that is created without a priority goes to the bottom of the list.",
            CMDLETS,
        ),
        _fact(
            "all_messages",
            "A rule without a condition applies to all messages, incoming and outgoing.",
            CMDLETS, MAIL_FLOW,
        ),
        _fact(
            "audit",
            "In mode Audit a rule takes no action that affects delivery; the message trace shows what it would have "
            "done.",
            CMDLETS,
        ),
        _fact(
            "propagation",
            "A new or changed rule takes up to 30 minutes, in some cases longer, until it works everywhere.",
            MAIL_FLOW,
        ),
        _fact(
            "connector_propagation",
            "How long a changed connector takes until it works everywhere is not documented.",
            MAIL_FLOW,
        ),
        _fact(
            "delay",
            "How much later mail arrives is not documented.",
            KB,
        ),
        _fact(
            "queue",
            "Mail that waits in Exchange's queue for the smart host is retried for 24 hours and is then returned to "
            "its sender.",
            MAIL_FLOW,
        ),
        _fact(
            "drain",
            "Mail that Redirect has sent out may wait in Exchange's queue, be in the filter or be on its way back. It "
            "needs Loop Check and both connectors to arrive. What becomes of queued mail when its connector is removed "
            "is not documented.",
            MAIL_FLOW, INFERRED,
        ),
        _fact(
            "removal",
            "Whether a connector that a rule refers to can be removed is not documented, so the rules go first.",
            CMDLETS, VENDORS,
        ),
        _fact(
            "loop_ndr",
            "An NDR with 5.4.14 (Hop count exceeded) means that a message went round in a loop.",
            NDR_PAGE,
        ),
        _fact(
            "tenant_ndr",
            "5.7.64 (TenantAttribution) means that no connector matched the message.",
            MAIL_FLOW,
        ),
        _fact(
            "trace",
            "The message trace gives at most ten days and 5,000 messages for each query, without a next page, and "
            "takes 100 queries in five minutes.",
            CMDLETS,
        ),
        _fact(
            "roles",
            "Connectors need the Exchange role Remote and Accepted Domains, rules the role Transport Rules. Role group "
            "Organization Management has both.",
            ROLES, MAIL_FLOW,
        ),
        _fact(
            "trace_roles",
            "The message trace needs a role group such as Organization Management, Compliance Management or Help Desk.",
            ROLES, MAIL_FLOW,
        ),
    )
}  # fmt: skip
"""All of them by key."""

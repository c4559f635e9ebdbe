"""The ends that a message can come to."""

from enum import StrEnum


class Verdict(StrEnum):
    """What becomes of a message."""

    FILTERED = "delivered-filtered"
    UNFILTERED = "delivered-unfiltered"
    LOOPED = "looped"
    REJECTED = "rejected"
    DELETED = "deleted"
    QUARANTINED = "quarantined"
    HELD = "held"
    QUEUED = "queued"
    ELSEWHERE = "routed-elsewhere"
    DEPENDS = "depends"


LOOP_CODE = "5.4.14"
"""Hop count exceeded (Microsoft's NDR page)."""
ATTRIBUTION_CODE = "5.7.64"
"""TenantAttribution: no connector makes the message the tenant's (Microsoft's mail-flow pages)."""
EXPIRED_HOURS = 24
"""How long a message is tried again before it is returned to its sender (Microsoft's mail-flow pages)."""
MOST_ROUNDS = 20
"""Iterations of a loop after which Exchange ends it, by default (Microsoft's NDR page)."""

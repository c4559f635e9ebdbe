"""A setting of an object that is other than it was approved."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Difference:
    """``now`` is the tenant's value and ``approved`` ours; None where it is unset, or has to be."""

    setting: str
    now: object
    approved: object

    @property
    def inverse(self) -> "Difference":
        """The way back."""
        return Difference(setting=self.setting, now=self.approved, approved=self.now)

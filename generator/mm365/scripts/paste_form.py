"""The paste forms of a change: short blocks for the Exchange shell, each complete by itself.

They keep no notes and have no functions, so that a person can read one in two minutes and paste it also where scripts
may not run. The commands of ``mm365`` that print one script print these.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mm365.integration.facts import DRAIN_HOURS
from mm365.plan.plan import Plan
from mm365.request.fields import HEADER_ID, REGION, TENANT


@dataclass(frozen=True, kw_only=True)
class PasteForm:
    """One file in ``paste/``; ``number`` is its place in the order of use.

    ``variables`` are what an operator may set in its first lines. ``needs`` are the fields of a request without which
    it cannot be written. ``first`` is what has to be done before it is pasted, besides the forms before it.
    ``refuses_example`` is that of a script.
    """

    number: int
    name: str
    variables: tuple[str, ...] = ("WhatIf",)
    needs: tuple[str, ...] = (REGION.name, TENANT.name, HEADER_ID.name)
    first: str = ""
    refuses_example: bool = False

    @property
    def path(self) -> str:
        """Where it is in a pack."""
        return f"paste/{self.number:02}-{self.name}.txt"


_CONNECTOR = (REGION.name, TENANT.name)

PASTE_FORMS: Mapping[str, PasteForm] = {
    form.name: form
    for form in (
        PasteForm(number=1, name="inbound-connector", needs=_CONNECTOR, refuses_example=True),
        PasteForm(number=2, name="outbound-connector", needs=_CONNECTOR, refuses_example=True),
        PasteForm(number=3, name="loop-check", refuses_example=True),
        PasteForm(number=4, name="redirect", refuses_example=True),
        PasteForm(number=5, name="verify", variables=()),
        PasteForm(number=6, name="enable-loop-check", refuses_example=True),
        PasteForm(number=7, name="enable-redirect", variables=("WhatIf", "WaitMinutes"), refuses_example=True),
        PasteForm(number=8, name="stop"),
        PasteForm(number=9, name="rollback-rules"),
        PasteForm(
            number=10,
            name="rollback-connectors",
            variables=("WhatIf", "DrainHours", "RedirectOffSince"),
            first=f"wait {DRAIN_HOURS} hours, so that mail on its way arrives. Then set $RedirectOffSince in the first "
            "lines to the time that rollback-rules, or stop, printed.",
        ),
    )
}
"""All of them by name, in the order of use."""

CREATING: Mapping[str, str] = {
    "Inbound": "inbound-connector",
    "Outbound": "outbound-connector",
    "LoopCheck": "loop-check",
    "Redirect": "redirect",
}
"""The form that creates an object, by its key."""
_ROLLBACK = ("rollback-rules", "rollback-connectors")


def forms_for(plan: Plan) -> tuple[PasteForm, ...]:
    """The forms that are right for a plan, in the order of use.

    A form creates an object where there is none, and a rule at the bottom. None of them changes what is there, and
    those of rollback remove all four objects.
    """
    return tuple(form for form in PASTE_FORMS.values() if form.name not in {*_not_right(plan)})


def _not_right(plan: Plan) -> Iterator[str]:
    created = {step.object.key for step in plan.creations if step.priority is None}
    yield from (form for key, form in CREATING.items() if key not in created)
    if len(plan.creations) < len(CREATING):
        yield from _ROLLBACK


def right_forms(*names: str, plan: Plan) -> tuple[PasteForm, ...]:
    """Those of these forms that are right for the plan."""
    right = forms_for(plan)
    return tuple(form for name in names if (form := PASTE_FORMS[name]) in right)

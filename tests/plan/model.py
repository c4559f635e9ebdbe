"""A small tenant in plain Python: what the steps of a plan do to it."""

import copy
from typing import Any

from mm365.exchange.kinds import Kind
from mm365.exchange.objects import ExchangeObject
from mm365.plan.step import Create, Disable, Drain, Enable, Remove, Step, TurnOff, TurnOn, Update
from mm365.snapshot.snapshot import Format, Snapshot, TenantIdentity, TenantObject

Settings = dict[str, Any]


class Model:
    """A tenant's objects by kind; rules stand in their order, and their Priority is their place."""

    def __init__(self, snapshot: Snapshot) -> None:
        """The tenant of a snapshot."""
        self.objects: dict[Kind, list[Settings]] = {
            kind: [copy.deepcopy(dict(each.settings)) for each in snapshot.of_kind(kind)] for kind in Kind
        }

    def take(self, step: Step) -> None:
        """Do what a step does."""
        match step:
            case Create():
                self._create(step)
            case Remove():
                self.objects[step.object.kind].remove(self._find(step.object))
            case Update():
                found = self._find(step.object)
                for difference in step.differences:
                    assert difference.setting not in {"Name", "Enabled", "Priority"}
                    assert found.get(difference.setting) == difference.now
                    found[difference.setting] = difference.approved
            case Enable() | TurnOn():
                assert self._find(step.object)["Enabled"] is False
                assert (step.object.kind is Kind.RULE) == isinstance(step, Enable)
                self._find(step.object)["Enabled"] = True
            case Disable() | TurnOff():
                assert self._find(step.object)["Enabled"] is True
                self._find(step.object)["Enabled"] = False
            case Drain():
                pass
            case _:
                raise AssertionError(step)
        self.assert_safe()

    def assert_safe(self) -> None:
        """No mail loops or is lost: what a Redirect that acts needs is there and on."""
        rules = self.objects[Kind.RULE]
        redirect = next((each for each in rules if each["Name"].casefold().endswith("redirect")), None)
        if redirect is None or not redirect["Enabled"] or redirect.get("Mode") != "Enforce":
            return
        above = rules[: rules.index(redirect)]
        assert any(each["Name"].casefold().endswith("loop check") and each["Enabled"] for each in above)
        for kind in (Kind.INBOUND, Kind.OUTBOUND):
            assert any("mailmarshal" in each["Name"].casefold() and each["Enabled"] for each in self.objects[kind])

    def snapshot(self) -> Snapshot:
        """What would be exported of it, without the lists that the service derives from a rule's settings."""
        found = {
            kind: tuple(
                TenantObject(
                    kind=kind,
                    settings={**_underived(each), "Priority": place} if kind is Kind.RULE else each,
                    leaves_out_unset=True,
                )
                for place, each in enumerate(objects)
            )
            for kind, objects in self.objects.items()
        }
        return Snapshot(
            formats=(Format.UTCM,),
            taken_at=None,
            sha256="",
            files=(),
            tenant=TenantIdentity(),
            inbound_connectors=found[Kind.INBOUND],
            outbound_connectors=found[Kind.OUTBOUND],
            rules=found[Kind.RULE],
        )

    def state(self) -> dict[Kind, list[Settings]]:
        """All of it; a rule's place is its place in the list."""
        return {
            kind: [{name: value for name, value in each.items() if name != "Priority"} for each in objects]
            for kind, objects in self.objects.items()
        }

    def _create(self, step: Create) -> None:
        objects = self.objects[step.object.kind]
        assert not any(each["Name"].casefold() == step.object.name.casefold() for each in objects)
        objects.insert(len(objects) if step.priority is None else step.priority, dict(step.object.values))

    def _find(self, each: ExchangeObject) -> Settings:
        [found] = [one for one in self.objects[each.kind] if one["Name"].casefold() == each.name.casefold()]
        return found


def _underived(rule: Settings) -> Settings:
    return {name: value for name, value in rule.items() if name not in {"Conditions", "Exceptions", "Actions"}}

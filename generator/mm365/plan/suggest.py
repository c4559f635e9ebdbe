"""The request behind what a tenant has: region, header ID, loop guard and tenant, each with what says so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mm365.display import on_one_line, shortened
from mm365.errors import TenantError
from mm365.exchange.kinds import Kind
from mm365.integration.rules import HEADER, LOOP_CHECK_NAME, REDIRECT_NAME
from mm365.plan.tenant_findings import STOP_PROCESSING, as_guid, header_ids, is_guid
from mm365.request.fields import CHANGE, HEADER_ID, LOOP_GUARD, REGION, TENANT
from mm365.request.file import request_as_yaml
from mm365.request.parsers import LoopGuard
from mm365.request.regions import REGIONS
from mm365.snapshot.compare import is_named, same
from mm365.snapshot.snapshot import UNKNOWN, Snapshot, TenantObject

FORMAT = "mm365-suggest-1"
FIELDS = (REGION.name, HEADER_ID.name, TENANT.name, LOOP_GUARD.name)
"""What a snapshot can say of a request."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What says that a field of a request has its value: ``source`` is the object or file it is from."""

    field: str
    value: str
    source: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """The values that a snapshot gives, by field, and why."""

    evidence: tuple[Evidence, ...]

    @property
    def values(self) -> dict[str, str]:
        """The values by field; one that the snapshot does not say is left out."""
        return {each.field: each.value for each in self.evidence}

    @property
    def open(self) -> tuple[str, ...]:
        """The fields that the snapshot does not say."""
        return (*(name for name in FIELDS if name not in self.values), CHANGE.name)

    @property
    def facts(self) -> dict[str, object]:
        """As plain values for JSON: see ``schemas/suggest.json``. It holds the header ID whole."""
        return {
            "format": FORMAT,
            "request": {name: self.values.get(name) for name in FIELDS},
            "open": list(self.open),
            "evidence": [{"field": each.field, "from": each.source, "text": each.text} for each in self.evidence],
        }

    def as_yaml(self) -> str:
        """The request as YAML to start from; what is open is empty, and how each value was found is a comment."""
        values = dict.fromkeys(self.open, "") | self.values
        found = (f"# {each.field}: {each.source}. {each.text}" for each in self.evidence)
        return request_as_yaml(values) + "".join(f"{on_one_line(line)}\n" for line in found)


def suggest(snapshot: Snapshot) -> Suggestion:
    """The request behind a snapshot.

    Raises TenantError if nothing in it is of this integration, or if it has two regions or two header IDs.
    """
    regions, ids = tuple(_regions(snapshot)), tuple(_header_ids(snapshot))
    for what, found in (("regions", regions), ("header IDs", ids)):
        _one_of(what, found)
    if not regions and not ids:
        raise TenantError(
            "nothing of MailMarshal Cloud was found in the snapshot",
            f"no connector names a region's hosts and no rule looks for {HEADER}; "
            "start a request with mm365 pack --print-request",
        )
    found = (*regions[:1], *ids[:1], *_tenant(snapshot), *_loop_guard(snapshot))
    return Suggestion(evidence=found)


def _one_of(what: str, found: Sequence[Evidence]) -> None:
    different = {each.value: each for each in reversed(found)}
    if len(different) > 1:
        secret = what != "regions"
        named = " and ".join(
            f"{shortened(value) if secret else value} ({each.source})" for value, each in sorted(different.items())
        )
        raise TenantError(f"the tenant has two {what}: {named}", "find out which of them is used, and remove the other")


def _regions(snapshot: Snapshot) -> Iterator[Evidence]:
    for region in REGIONS.values():
        hosts = {
            Kind.OUTBOUND: (("SmartHosts", region.smart_host), ("TlsDomain", region.certificate_name)),
            Kind.INBOUND: (("TlsSenderCertificateName", region.certificate_name),),
        }
        for kind, settings in hosts.items():
            for each in snapshot.of_kind(kind):
                if name := next((name for name, host in settings if same(each.value(name), host)), ""):
                    label = "outbound connector" if kind is Kind.OUTBOUND else "inbound connector"
                    yield Evidence(
                        field=REGION.name,
                        value=region.code,
                        source=f"{label} '{each.name}'",
                        text=f"Its {name} is a host of region {region.code}.",
                    )


def _header_ids(snapshot: Snapshot) -> Iterator[Evidence]:
    for rule in snapshot.of_kind(Kind.RULE):
        for text in map(as_guid, header_ids(rule)):
            if is_guid(text):
                about = f"It looks for the header {HEADER} with this value."
                yield Evidence(field=HEADER_ID.name, value=text, source=f"rule '{rule.name}'", text=about)


def _tenant(snapshot: Snapshot) -> Iterator[Evidence]:
    tenant, files = snapshot.tenant, ", ".join(snapshot.files)
    domains = snapshot.accepted_domains or ()
    initial = next((name for name in domains if ".onmicrosoft." in name), "")
    found = next(iter(sorted(tenant.names)), "") or initial or next(iter(domains), "") or tenant.organization
    if found:
        yield Evidence(field=TENANT.name, value=found, source=files, text="The export names its tenant.")


def _loop_guard(snapshot: Snapshot) -> Iterator[Evidence]:
    loop_check, redirect = (_rule(snapshot, name) for name in (LOOP_CHECK_NAME, REDIRECT_NAME))
    # Without its header, an export has left out what its rules do.
    if loop_check is None or redirect is None or not header_ids(loop_check):
        return
    stops, excepted = loop_check.value(STOP_PROCESSING), redirect.value("ExceptIfHeaderContainsMessageHeader")
    if UNKNOWN in (stops, excepted):
        return
    guard, text = LoopGuard.KB_LITERAL, _LITERAL
    if same(excepted, HEADER):
        guard, text = LoopGuard.STOP_AND_EXCEPT, f"Redirect excepts messages with the header {HEADER}."
    elif stops is True:
        guard, text = LoopGuard.STOP, "Loop Check stops rule processing, and Redirect has no exception."
    yield Evidence(field=LOOP_GUARD.name, value=guard.value, source=f"rule '{loop_check.name}'", text=text)


_LITERAL = (
    "The rules are as the article has them. The loop guard stop would add one action, StopRuleProcessing on Loop "
    "Check: without it, expect mail that comes back to be sent out again."
)


def _rule(snapshot: Snapshot, name: str) -> TenantObject | None:
    return next((rule for rule in snapshot.of_kind(Kind.RULE) if is_named(rule, name)), None)

"""Tenants for the stand-in, as one dict that goes to a JSON file and comes back changed.

    tenant = busy_tenant(faults=[{"cmdlet": "New-TransportRule", "nth": 2, "kind": "lost"}])
    write_tenant(tenant, state)
    subprocess.run([pwsh, "-File", script], env=environment(state, log))
    assert comparable(read_tenant(state)) == comparable(tenant)

A tenant holds connections, acceptedDomains, organization, inboundConnectors, outboundConnectors,
transportRules, behaviour, faults, counters and late. Section numbers are those of exchange-online.md.
"""

from __future__ import annotations

import copy
import json
import os
import re
import uuid
from pathlib import Path
from typing import Any, Literal, NotRequired, TypedDict

from tests.exchange.build import load_catalogue
from tests.exchange.shapes import INBOUND, OUTBOUND, RULE_ACTIONS, Object, rule_conditions, rule_shape

HERE = Path(__file__).resolve().parent

Tenant = dict[str, Any]
Kind = Literal["inboundConnectors", "outboundConnectors", "transportRules"]
KINDS: tuple[Kind, ...] = ("inboundConnectors", "outboundConnectors", "transportRules")

_CATALOGUE = load_catalogue()
_RULE = rule_shape(_CATALOGUE)
_CONDITIONS = rule_conditions(_CATALOGUE)
# As the engine writes it: what it does not change it also does not rewrite.
_MADE = "2025-03-01T08:30:00Z"
_ORGANIZATION = "contoso.onmicrosoft.com"
_ADMINISTRATOR = f"admin@{_ORGANIZATION}"


class Behaviour(TypedDict, total=False):
    """How this tenant's service acts where documents and practice leave it open. The first is the default."""

    language: Literal["en", "de"]  # of errors, warnings and questions (5.3)
    outboundListing: Literal["documented", "captured"]  # what Get-OutboundConnector leaves out (3.4)
    unknownIdentity: Literal["error", "all"]  # what a Get answers to a name that is not there (3.4)
    routeReadsBackAs: Literal["name", "guid"]  # RouteMessageOutboundConnector (3.3)
    removeReferencedConnector: Literal["error", "allow"]  # while a rule routes to it (5.2)
    inboundCreation: Literal["enabled", "disabled", "refused"]  # of OnPremises connectors (6.3)
    lateCalls: int  # Gets of its kind that do not see a new object yet, 0 (5.1)
    missing: list[str]  # "Cmdlet" or "Cmdlet:Parameter" that the role lacks; read at import (6.2)
    prefix: str  # of the cmdlets, as Connect-ExchangeOnline -Prefix gives it; read at import (6.2)


class Target(TypedDict):
    """What another administrator creates, removes or sets."""

    kind: Literal["inbound", "outbound", "rule"]
    name: str
    values: NotRequired[Object]


class Change(TypedDict, total=False):
    """One change of another administrator: one of these. A created rule goes to priority 0."""

    create: Target
    remove: Target
    set: Target


class Fault(TypedDict):
    """Something that happens once, at the nth call (from 1) of cmdlet or, without cmdlet, of all calls.

    error, throttle: an error, nothing is changed. lost: the change is made, then an error comes back.
    kill, kill-after: the process ends with code 137 before or after the change. warning: text is warned.
    delay: the call takes ms longer. differs: a New or Set stores Enabled (of a rule StopRuleProcessing)
    the other way round. interfere: change is made just before the call. Marked fired once it happened.
    """

    kind: Literal["error", "throttle", "lost", "kill", "kill-after", "warning", "delay", "differs", "interfere"]
    nth: int
    cmdlet: NotRequired[str]
    text: NotRequired[str]
    ms: NotRequired[int]
    change: NotRequired[Change]
    fired: NotRequired[bool]


class Call(TypedDict):
    """One line of the log. n is None for Start-Sleep, which is no call of the service."""

    n: int | None
    cmdlet: str
    parameters: dict[str, Any]
    whatIf: bool
    result: Literal["ok", "error", "stopped", "killed"]
    changed: bool
    faults: list[str]


def empty_tenant(
    domain: str = _ORGANIZATION,
    *,
    accepted_domains: tuple[str, ...] = ("contoso.com",),
    behaviour: Behaviour | None = None,
    faults: list[Fault] | None = None,
) -> Tenant:
    """A tenant with one connection and neither connectors nor rules.

    domain is the initial domain; it and accepted_domains are the accepted ones, the first of
    accepted_domains (if any) being the default.
    """
    domains = (domain, *accepted_domains)
    default = domains[1] if accepted_domains else domain
    return {
        "connections": [connection(domain)],
        "acceptedDomains": [_accepted_domain(name, name == default) for name in domains],
        "organization": {"Name": domain, "Identity": domain, "IsDehydrated": False},
        "inboundConnectors": [],
        "outboundConnectors": [],
        "transportRules": [],
        "behaviour": copy.deepcopy(behaviour or {}),
        "faults": copy.deepcopy(faults or []),
        "counters": {"total": 0},
        "late": {},
    }


def busy_tenant(
    domain: str = _ORGANIZATION,
    *,
    accepted_domains: tuple[str, ...] = ("contoso.com", "contoso.co.uk"),
    behaviour: Behaviour | None = None,
    faults: list[Fault] | None = None,
) -> Tenant:
    """A tenant in which other products and people have been at work: see the lists below."""
    tenant = empty_tenant(domain, accepted_domains=accepted_domains, behaviour=behaviour, faults=faults)
    tenant["inboundConnectors"] = [
        inbound_connector(
            "Inbound from Example Signatures",
            ConnectorType="OnPremises",
            ConnectorSource="AdminUI",
            TlsSenderCertificateName="contoso.smtp.signatures.example",
            CloudServicesMailEnabled=True,
            EFSkipLastIP=True,
        ),
        inbound_connector(
            "Partner: O'Neill & Sons (TLS)",
            SenderDomains=["smtp:oneill.example;1", "smtp:*.oneill.example;1"],
            RestrictDomainsToCertificate=True,
            TlsSenderCertificateName="*.oneill.example",
        ),
    ]
    tenant["outboundConnectors"] = [
        outbound_connector(
            "Outbound to Example Signatures",
            ConnectorType="OnPremises",
            ConnectorSource="AdminUI",
            IsTransportRuleScoped=True,
            UseMXRecord=False,
            SmartHosts=["contoso.smtp.signatures.example"],
            TlsSettings="DomainValidation",
            TlsDomain="smtp.signatures.example",
            CloudServicesMailEnabled=True,
        ),
        outbound_connector(
            "Partner: O'Neill & Sons", RecipientDomains=["oneill.example"], TlsSettings="EncryptionOnly"
        ),
        # Left behind by a validation in the admin centre (3.4).
        outbound_connector(
            "X_Test_20250101",
            UseMXRecord=False,
            SmartHosts=["192.0.2.25"],
            TestMode=True,
        ),
    ]
    for rule in _busy_rules():
        add_rule(tenant, rule)
    return tenant


def _busy_rules() -> list[Object]:
    return [
        transport_rule("[EXT] mark *", FromScope="NotInOrganization", PrependSubject="[EXT] "),
        transport_rule(
            "Block executables",
            AttachmentHasExecutableContent=True,
            RejectMessageReasonText="Not allowed here.",
            StopRuleProcessing=True,
        ),
        transport_rule("Old test (do not use)", enabled=False, SubjectContainsWords=["test"], DeleteMessage=True),
        transport_rule(
            'Disclaimer "Legal" - 100 % $required',
            SentToScope="NotInOrganization",
            ApplyHtmlDisclaimerText="<p>Confidential & for O'Neill <b>only</b></p>",
            ApplyHtmlDisclaimerLocation="Append",
            ApplyHtmlDisclaimerFallbackAction="Wrap",
        ),
        transport_rule(
            "Journal copy for compliance; audit",
            SentTo=["finance@contoso.com"],
            BlindCopyTo=["archive@contoso.com"],
            Comments="Asked for by legal.\r\nDo not remove.",
        ),
        transport_rule(
            "Identify messages to send to Example Signatures",
            FromScope="InOrganization",
            ExceptIfHeaderMatchesMessageHeader="X-Example-Signed",
            ExceptIfHeaderMatchesPatterns=["true"],
            RouteMessageOutboundConnector="Outbound to Example Signatures",
        ),
        transport_rule("Zoe\u2019s r\u00e8gle \u2013 caf\u00e9", enabled=False, Mode="Audit", SetSCL="-1"),
        transport_rule(
            "`backtick` {braces} 'quotes'",
            From=["robot@contoso.com"],
            SetHeaderName="X-Robot",
            SetHeaderValue="1",
        ),
    ]


def connection(domain: str = _ORGANIZATION, **values: object) -> Object:
    """A connection as Get-ConnectionInformation shows it (6.2); values overrides."""
    made: Object = {
        "ConnectionId": _guid("connection", domain),
        "State": "Connected",
        "Id": 1,
        "Name": "ExchangeOnline_1",
        "UserPrincipalName": f"admin@{domain}",
        "ConnectionUri": "https://outlook.office365.com",
        "TenantID": _guid("tenant", domain),
        # Filled only for a sign-in as an application.
        "Organization": None,
        "DelegatedOrganization": None,
        "TokenExpiryTimeUTC": "2099-01-01T00:00:00Z",
        "TokenStatus": "Active",
        "IsEopSession": False,
        "ModulePrefix": None,
        "ModuleName": "tmpEXO_standin",
    }
    return made | values


def inbound_connector(name: str, **settings: object) -> Object:
    """An inbound connector as Get-InboundConnector returns it; settings are its properties (3.1)."""
    return _connector(INBOUND, name, {"SenderDomains": ["smtp:*;1"], **settings})


def outbound_connector(name: str, **settings: object) -> Object:
    """An outbound connector as Get-OutboundConnector returns it; settings are its properties (3.2)."""
    return _connector(OUTBOUND, name, settings)


def transport_rule(name: str, *, enabled: bool = True, **settings: object) -> Object:
    """A rule as Get-TransportRule returns it; settings are its properties (3.3). add_rule gives its place."""
    guid = _guid("rule", name)
    made: Object = {
        "State": "Enabled" if enabled else "Disabled",
        "Name": name,
        "Identity": name,
        "Guid": guid,
        "ImmutableId": guid,
        "DistinguishedName": _distinguished_name(name),
        "CreatedBy": _ADMINISTRATOR,
        "LastModifiedBy": _ADMINISTRATOR,
        "WhenChanged": _MADE,
    }
    return _described(_filled(_RULE, made | settings))


def add_rule(tenant: Tenant, rule: Object, priority: int | None = None) -> None:
    """Puts a rule at a priority, by default the lowest; the rules from there on move down (4.1)."""
    rules: list[Object] = tenant["transportRules"]
    rules.insert(len(rules) if priority is None else priority, rule)
    for place, each in enumerate(rules):
        each["Priority"] = place


def write_tenant(tenant: Tenant, path: Path) -> None:
    path.write_text(json.dumps(tenant, indent=1), encoding="utf-8")


def read_tenant(path: Path) -> Tenant:
    tenant: Tenant = json.loads(path.read_text(encoding="utf-8"))
    return tenant


def read_log(path: Path) -> list[Call]:
    """The calls in order; none if there was no call."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def comparable(tenant: Tenant) -> dict[Kind, list[Object]]:
    """Connectors (by name) and rules (by priority) without what changes by itself.

    Two equal results mean the same objects, not copies: Guids are part of it. WhenChanged and Size are not,
    as a rule that only made way for another one counts as untouched.
    """
    return {kind: sorted((_lasting(each) for each in tenant[kind]), key=_order) for kind in KINDS}


def environment(state: Path, log: Path, *, sleep: bool = False) -> dict[str, str]:
    """The environment for an engine that runs scripts against the stand-in: this process's, with the
    module on PSModulePath. Unless sleep, Start-Sleep returns at once."""
    made = {key: value for key, value in os.environ.items() if key != "MM365_EXCHANGE_NO_SLEEP"}
    made["PSModulePath"] = str(HERE)
    made["MM365_EXCHANGE_STATE"] = str(state)
    made["MM365_EXCHANGE_LOG"] = str(log)
    if not sleep:
        made["MM365_EXCHANGE_NO_SLEEP"] = "1"
    return made


def _lasting(each: Object) -> Object:
    return {key: value for key, value in each.items() if key != "Size" and not key.startswith("WhenChanged")}


def _order(each: Object) -> tuple[int, str]:
    return each.get("Priority", 0), each["Name"]


def _connector(shape: Object, name: str, settings: Object) -> Object:
    guid = _guid("connector", name)
    made: Object = {
        "Name": name,
        "Identity": name,
        "Id": name,
        "Guid": guid,
        "ExchangeObjectId": guid,
        "DistinguishedName": _distinguished_name(name),
        "WhenChanged": _MADE,
        "WhenCreated": _MADE,
        "WhenChangedUTC": _MADE,
        "WhenCreatedUTC": _MADE,
    }
    return _filled(shape, made | settings)


def _filled(shape: Object, values: Object) -> Object:
    if unknown := values.keys() - shape.keys():
        raise ValueError(f"no such property: {', '.join(sorted(unknown))}")
    return copy.deepcopy(shape) | copy.deepcopy(values)


def _described(rule: Object) -> Object:
    """Fills in what the service derives from a rule, as Update-RuleText in Rules.ps1 does."""
    given = [name for name in (*_CONDITIONS, *RULE_ACTIONS) if rule[name] not in (None, False, [])]
    actions = [name for name in given if name in RULE_ACTIONS]
    exceptions = [name for name in given if name.startswith("ExceptIf")]
    conditions = [name for name in given if name not in actions and name not in exceptions]
    rule["Conditions"] = [_class_name(name, "Predicate") for name in conditions] or None
    rule["Exceptions"] = [_class_name(name, "Predicate") for name in exceptions] or None
    rule["Actions"] = [_class_name(name, "Action") for name in actions] or None
    rule["Description"] = "\r\n".join(f"{name}: {_text(rule[name])}" for name in given)
    rule["Size"] = len(rule["Name"]) + len(rule["Comments"] or "") + len(rule["Description"])
    return rule


def _class_name(setting: str, suffix: str) -> str:
    stem = re.sub("(Words|Patterns)$", "", setting.removeprefix("ExceptIf"))
    return f"Microsoft.Exchange.MessagingPolicies.Rules.Tasks.{stem}{suffix}"


def _text(value: object) -> str:
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _accepted_domain(name: str, default: bool) -> Object:
    return {
        "Name": name,
        "DomainName": name,
        "DomainType": "Authoritative",
        "Default": default,
        "InitialDomain": name.endswith(".onmicrosoft.com"),
        "Guid": _guid("domain", name),
        "Identity": name,
    }


def _distinguished_name(name: str) -> str:
    return f"CN={name},CN=Transport Settings,CN={_ORGANIZATION}"


def _guid(kind: str, name: str) -> str:
    """The same for the same object in every run, so that a failing test reads the same twice."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}/{name}"))

"""Tenants for the emulator. A tenant is one dict, written to a JSON file that the emulator reads and changes.

Its keys are connections, acceptedDomains, organization, inboundConnectors, outboundConnectors, transportRules,
behaviour, faults, late (the new objects that a Get does not see yet) and, for the message trace, messages if it has
any.
"""

import copy
import re
import uuid
from typing import Any

from mm365.emulator.contract import Behaviour, Fault
from mm365.emulator.shapes import (
    INBOUND,
    OUTBOUND,
    RULE_ACTIONS,
    Object,
    rule_conditions,
    rule_shape,
)
from mm365.exchange.kinds import Kind
from mm365.exchange.parameters import catalogue

Tenant = dict[str, Any]

_CATALOGUE = catalogue()
_RULE = rule_shape(_CATALOGUE)
_CONDITIONS = rule_conditions(_CATALOGUE)
MADE = "2025-03-01T08:30:00Z"
"""When objects were last changed, written as the emulator writes it: it leaves what it does not change as it is."""
ORGANIZATION = "contoso.onmicrosoft.com"
_ADMINISTRATOR = f"admin@{ORGANIZATION}"


def empty_tenant(
    domain: str = ORGANIZATION,
    *,
    accepted_domains: tuple[str, ...] = ("contoso.com",),
    behaviour: Behaviour | None = None,
    faults: list[Fault] | None = None,
) -> Tenant:
    """A tenant with one connection and with neither connectors nor rules.

    ``domain`` is the initial domain. It is accepted, as are ``accepted_domains``, whose first one is the default.
    """
    domains = (domain, *accepted_domains)
    default = domains[1] if accepted_domains else domain
    return {
        "connections": [connection(domain)],
        "acceptedDomains": [_accepted_domain(name, name == default) for name in domains],
        "organization": {"Name": domain, "Identity": domain, "IsDehydrated": False},
        **{kind.plural: [] for kind in Kind},
        "behaviour": copy.deepcopy(behaviour or {}),
        "faults": copy.deepcopy(faults or []),
        "late": {},
    }


def connection(domain: str = ORGANIZATION, **values: object) -> Object:
    """A connection as Get-ConnectionInformation returns it; ``values`` take the place of the usual ones."""
    made: Object = {
        "ConnectionId": _guid("connection", domain),
        "State": "Connected",
        "Id": 1,
        "Name": "ExchangeOnline_1",
        "UserPrincipalName": f"admin@{domain}",
        "ConnectionUri": "https://outlook.office365.com",
        "TenantID": _guid("tenant", domain),
        # It is filled in only for a sign-in as an application (NOTES.md, "Connections and roles").
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
    """An inbound connector as Get-InboundConnector returns it; ``settings`` are its properties."""
    return _connector(INBOUND, name, {"SenderDomains": ["smtp:*;1"], **settings})


def outbound_connector(name: str, **settings: object) -> Object:
    """An outbound connector as Get-OutboundConnector returns it; ``settings`` are its properties."""
    return _connector(OUTBOUND, name, settings)


def transport_rule(name: str, *, enabled: bool = True, **settings: object) -> Object:
    """A rule as Get-TransportRule returns it; ``settings`` are its properties. ``add_rule`` gives it its place."""
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
        "WhenChanged": MADE,
    }
    return _described(_filled(_RULE, made | settings))


def message(number: int, received: str, status: str = "Delivered", *details: str) -> Object:
    """A message as Get-MessageTraceV2 returns it, received at a time in UTC; details are texts of its trace."""
    return {
        "MessageTraceId": _guid("message", str(number)),
        "MessageId": f"<{number}@contoso.com>",
        "Received": received,
        "SenderAddress": "someone@fabrikam.com",
        "RecipientAddress": "user@contoso.com",
        "Subject": f"Message {number}",
        "Status": status,
        "FromIP": "192.0.2.1",
        "ToIP": None,
        "Size": 1000,
        "details": [
            {"Date": received, "Event": "Fail", "Action": "", "Detail": detail, "Data": ""} for detail in details
        ],
    }


def add_rule(tenant: Tenant, rule: Object, priority: int | None = None) -> None:
    """Put a rule at a priority, by default the lowest; the rules from there on move down (NOTES.md, "Priority")."""
    rules: list[Object] = tenant[Kind.RULE.plural]
    rules.insert(len(rules) if priority is None else priority, rule)
    for place, each in enumerate(rules):
        each["Priority"] = place


def _connector(shape: Object, name: str, settings: Object) -> Object:
    guid = _guid("connector", name)
    made: Object = {
        "Name": name,
        "Identity": name,
        "Id": name,
        "Guid": guid,
        "ExchangeObjectId": guid,
        "DistinguishedName": _distinguished_name(name),
        "WhenChanged": MADE,
        "WhenCreated": MADE,
        "WhenChangedUTC": MADE,
        "WhenCreatedUTC": MADE,
    }
    return _filled(shape, made | settings)


def _filled(shape: Object, values: Object) -> Object:
    if unknown := values.keys() - shape.keys():
        raise ValueError(f"no such property: {', '.join(sorted(unknown))}")
    return copy.deepcopy(shape) | copy.deepcopy(values)


def _described(rule: Object) -> Object:
    """The rule with what the service derives from its settings, as Update-RuleText in Rules.ps1 does it."""
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
    return f"CN={name},CN=Transport Settings,CN={ORGANIZATION}"


def _guid(kind: str, name: str) -> str:
    """A Guid that is the same for the same object in every run, so that results can be compared."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}/{name}"))

"""The warnings that save a weekend, each with its reason and its source; preflight and change request share them."""

from dataclasses import dataclass

from mm365.exchange.sources import (
    CMDLETS,
    CONNECTING,
    INBOUND_FAQ,
    INFERRED,
    KB,
    MAIL_FLOW,
    MC1226222,
    ORG_CUSTOMIZATION,
    THIRD_PARTY,
    VENDORS,
    Source,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Risk:
    """What can go wrong, and what to do about it. ``standing``: no check in the tenant can settle it."""

    key: str
    title: str
    why: str
    do: str
    sources: tuple[Source, ...]
    standing: bool = False

    @property
    def text(self) -> str:
        """All of it on one line, for preflight."""
        return f"{self.title}: {self.advice}"

    @property
    def advice(self) -> str:
        """What it means and what to do, for behind a finding of its own."""
        return f"{self.why} {self.do} [{'; '.join(source.short for source in self.sources)}]"


REPEATING_ACTIONS = (
    "PrependSubject", "ApplyHtmlDisclaimerText", "BlindCopyTo", "CopyTo", "AddToRecipients",
    "AddManagerAsRecipientType", "RedirectMessageTo", "ModerateMessageByUser", "ModerateMessageByManager",
    "SetHeaderName", "GenerateIncidentReport", "GenerateNotification", "ApplyOME",
)  # fmt: skip
"""Actions whose effect shows twice, or bounces, when a rule sees a message on its way out and on its way back."""

RISKS = (
    Risk(
        key="certificate",
        title="The certificate is not this tenant's",
        why="Microsoft names as a bad configuration an OnPremises connector known by a certificate whose domain is no "
        "accepted domain of the tenant, which is so here by the article's design: mail is then assigned by its sender "
        "or recipient, and that can break without notice. Bounces and out-of-office replies to outside have neither "
        "and may be refused (550 5.7.64 TenantAttribution).",
        do="Ask LevelBlue how it handles MC1226222 before you approve.",
        sources=(MC1226222, INFERRED),
        standing=True,
    ),
    Risk(
        key="created_disabled",
        title="The inbound connector may be created disabled",
        why="In some tenants the service creates an OnPremises connector disabled, with only a warning, until "
        "Microsoft Support allows it. With it off, returned mail is refused or taken for mail of strangers.",
        do="30-create reads Enabled back and stops; 50-enable never turns Redirect on while it is off. Ask Support.",
        sources=(INBOUND_FAQ, INFERRED),
        standing=True,
    ),
    Risk(
        key="developer_tenant",
        title="Not for E5 developer tenants",
        why="Microsoft 365 E5 developer subscriptions restrict the creation of inbound connectors, and Support does "
        "not lift that.",
        do="Use another tenant for tests.",
        sources=(CMDLETS,),
        standing=True,
    ),
    Risk(
        key="dehydrated",
        title="The organization is dehydrated",
        why="Such an organization refuses customization (IsDehydrated is true), and nobody can switch it back "
        "afterwards.",
        do="Have Enable-OrganizationCustomization approved and run, then come back.",
        sources=(ORG_CUSTOMIZATION,),
    ),
    Risk(
        key="connection",
        title="Wrong connection",
        why="More than one connection, a prefix, another tenant or missing roles send commands elsewhere or stop them "
        "half-way.",
        do="Every script checks all of this before its first change, and stops.",
        sources=(CONNECTING,),
    ),
    Risk(
        key="stopping_rules",
        title="Rules above that end processing",
        why="Mail that such a rule matches never reaches Redirect and is not filtered.",
        do="Decide for each of them whether that is wanted.",
        sources=(MAIL_FLOW, VENDORS),
    ),
    Risk(
        key="routing_rules",
        title="Rules that route elsewhere",
        why="Which of two connectors wins for one message is not documented.",
        do="Add an exception to one of the two rules, or test with a real message.",
        sources=(MAIL_FLOW,),
    ),
    Risk(
        key="twice",
        title="Rules above that run twice",
        why="Every filtered message passes the rules above again on its way back: subject tags, disclaimers, copies "
        "and approvals happen twice, and a rule that adds or redirects recipients may bounce (550 5.7.128).",
        do="Give these rules an exception, or test with a real message.",
        sources=(VENDORS, INFERRED),
    ),
    Risk(
        key="rule_limit",
        title="300 rules",
        why="A tenant has room for 300 transport rules.",
        do="Remove rules that are not used.",
        sources=(THIRD_PARTY,),
    ),
    Risk(
        key="header_secret",
        title="The header ID works like a password",
        why="Who knows it can stamp it on a message and pass by the filter. It is in request.json, in the scripts, in "
        "backups and, after pasting, in the shell's history.",
        do="Keep the pack where only those can read who need it; never attach it to a public ticket.",
        sources=(INFERRED,),
        standing=True,
    ),
    Risk(
        key="propagation",
        title="30 minutes until a rule works everywhere",
        why="New and changed rules take up to 30 minutes, in some cases longer. A message that comes back before Loop "
        "Check works is sent out again.",
        do="50-enable waits between its stages; wait as long before you test.",
        sources=(MAIL_FLOW,),
        standing=True,
    ),
    Risk(
        key="all_mail",
        title="All messages means all",
        why="Internal mail, bounces, out-of-office replies, calendar, journal and quarantine mail go to the filter "
        "too; other vendors leave some of these out, the article does not.",
        do="Tell those who run such flows, and test them.",
        sources=(KB, VENDORS),
        standing=True,
    ),
    Risk(
        key="defender",
        title="Settings in Microsoft Defender",
        why="A newer copy of the article says that provisioning also creates filtering settings in Defender. Which "
        "ones is not known to this tool, and it creates none.",
        do="Ask LevelBlue for them.",
        sources=(KB,),
        standing=True,
    ),
)

STANDING_RISKS = tuple(risk for risk in RISKS if risk.standing)
"""Those that no check in the tenant can settle."""

RISK_BY_KEY = {risk.key: risk for risk in RISKS}

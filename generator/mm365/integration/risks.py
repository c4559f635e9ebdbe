"""The warnings that save a weekend, each with its reason and its source, for the change request and the notebooks."""

from mm365.exchange.sources import (
    CMDLETS,
    CONNECTING,
    INBOUND_FAQ,
    INFERRED,
    KB,
    KB_NEWER,
    MAIL_FLOW,
    MC1226222,
    NDR_PAGE,
    ORG_CUSTOMIZATION,
    OXFORD,
    POWERSHELL,
    RULE_SIZE,
    THIRD_PARTY,
    VENDORS,
)  # fmt: skip
from mm365.integration.ranking import Impact, Likelihood, Risk, rated
from mm365.request.request import LoopGuard

LIKELY, POSSIBLE, UNLIKELY = Likelihood
HIGH, MEDIUM, LOW = Impact
_ROUND = "Every message goes round until Exchange gives up and returns it to its sender."

RISKS = (
    Risk(
        key="loop",
        title="Mail loops",
        why="Mail that has come back reaches Redirect again where Loop Check is off, failing or not yet everywhere, or "
        "does not stop rule processing. It then goes round until NDR 5.4.14, by default after 20 iterations, unless "
        "Redirect excepts it.",
        do="Run 60-stop at once. Never turn Loop Check off while Redirect is on.",
        sources=(KB, NDR_PAGE, INFERRED),
        rating=rated(POSSIBLE, HIGH, _ROUND),
        under={
            LoopGuard.STOP_AND_EXCEPT: rated(UNLIKELY, HIGH, _ROUND),
            LoopGuard.KB_LITERAL: rated(LIKELY, HIGH, _ROUND),
        },
        standing=True,
    ),
    Risk(
        key="certificate",
        title="The certificate is not this tenant's",
        why="Microsoft names as a bad configuration an OnPremises connector that is identified by a certificate whose "
        "domain is not an accepted domain of the tenant. By the article's design that is so here: mail is then "
        "assigned to a tenant by its sender or recipient, and that can break without notice. Bounces and other mail "
        "with an empty sender to outside have neither, and may be refused (550 5.7.64 TenantAttribution).",
        do="Ask LevelBlue how it handles MC1226222 before you approve.",
        sources=(MC1226222, KB, INFERRED),
        rating=rated(POSSIBLE, HIGH, "Returned mail may be refused, and that can begin without notice."),
        standing=True,
    ),
    Risk(
        key="inbound_acts",
        title="The inbound connector works from its creation",
        why="Mail over TLS from a server with the region's certificate can match it, and mail that matches may be "
        "relayed through the tenant; all customers of the region share that certificate. Where another product of the "
        "vendor already sends mail with it, that mail is treated differently from this step on.",
        do="If the organization already uses another MailMarshal product, ask LevelBlue before 30-create.",
        sources=(CMDLETS, MC1226222, INFERRED),
        rating=rated(POSSIBLE, MEDIUM, "Mail that others send with the region's certificate may be relayed."),
        standing=True,
    ),
    Risk(
        key="created_disabled",
        title="The inbound connector may be created disabled",
        why="In some tenants the service creates an OnPremises connector disabled, with only a warning, until "
        "Microsoft Support allows it. While it is off, returned mail is refused or treated as mail from strangers.",
        do="30-create reads Enabled back and stops; 50-enable never turns Redirect on while it is off. Ask Support.",
        sources=(INBOUND_FAQ, INFERRED),
        rating=rated(POSSIBLE, LOW, "None: the change stops before mail is sent to the filter.", INBOUND_FAQ),
        standing=True,
    ),
    Risk(
        key="developer_tenant",
        title="Not for E5 developer tenants",
        why="Microsoft 365 E5 developer subscriptions restrict the creation of inbound connectors, and Support does "
        "not lift that.",
        do="Use another tenant for tests.",
        sources=(CMDLETS,),
        rating=rated(UNLIKELY, LOW, "None: the change cannot be made."),
        standing=True,
    ),
    Risk(
        key="dehydrated",
        title="The organization is dehydrated",
        why="Such an organization (IsDehydrated is true) refuses some customization. Whether connectors and rules are "
        "among it is not documented. Enable-OrganizationCustomization ends that state and cannot be taken back.",
        do="If 30-create is refused, have Enable-OrganizationCustomization approved and run, then run 30-create again.",
        sources=(ORG_CUSTOMIZATION, INFERRED),
        rating=rated(UNLIKELY, LOW, "None: 30-create is refused, and stops."),
    ),
    Risk(
        key="hybrid",
        title="Mail is routed through on-premises servers",
        why="An outbound connector routes all messages through the organization's own servers "
        "(RouteAllMessagesViaOnPremises). How that and Redirect work together is not documented. On its return, mail "
        "loses the headers that mark it as internal, since CloudServicesMailEnabled is not set.",
        do="Test with real messages in both directions, and plan the order of the two routes with LevelBlue.",
        sources=(CMDLETS, MAIL_FLOW, INFERRED),
        rating=rated(POSSIBLE, MEDIUM, "Mail may take another route than expected, or look external on its return."),
    ),
    Risk(
        key="enhanced_filtering",
        title="Defender judges returned mail by the filter's address",
        why="Without Enhanced Filtering (EFSkipLastIP or EFSkipIPs) on the inbound connector, Microsoft Defender sees "
        "the filter as the sender of returned mail; SPF and the spam verdict may then be wrong. The article's readable "
        "copy does not mention it, and this tool does not set it.",
        do="Ask LevelBlue which EFSkip settings it wants, and have your security team decide.",
        sources=(MAIL_FLOW, KB, INFERRED),
        rating=rated(LIKELY, MEDIUM, "SPF results and spam verdicts may be wrong.", MAIL_FLOW),
        standing=True,
    ),
    Risk(
        key="connection",
        title="Wrong connection",
        why="More than one connection, a prefix, another tenant or missing roles send commands elsewhere or stop them "
        "half-way.",
        do="Every script checks all of this before its first change, and stops.",
        sources=(CONNECTING,),
        rating=rated(UNLIKELY, LOW, "None: every script stops before its first change."),
    ),
    Risk(
        key="stopping_rules",
        title="Rules above that end processing",
        why="Mail that such a rule matches does not reach Redirect and is not filtered. What a rule has put into "
        "quarantine is not evaluated by the rules below after its release. Whether a rule that rejects a message ends "
        "processing is not documented.",
        do="Decide for each of them whether that is wanted.",
        sources=(MAIL_FLOW, CMDLETS, VENDORS),
        rating=rated(POSSIBLE, MEDIUM, "Mail that these rules match is not filtered."),
    ),
    Risk(
        key="routing_rules",
        title="Rules that route elsewhere",
        why="Which of two connectors wins for one message is not documented.",
        do="Add an exception to one of the two rules, or test with a real message.",
        sources=(CMDLETS, MAIL_FLOW),
        rating=rated(POSSIBLE, MEDIUM, "Mail that these rules match may not be filtered, or not take its usual route."),
    ),
    Risk(
        key="twice",
        title="Rules above that run twice",
        why="Every filtered message passes the rules above again on its way back: subject tags, disclaimers, copies "
        "and approvals happen twice, and a rule that adds or redirects recipients may bounce (550 5.7.128).",
        do="Give these rules an exception, or test with a real message.",
        sources=(VENDORS, OXFORD, INFERRED),
        rating=rated(POSSIBLE, MEDIUM, "Tags and disclaimers appear twice; some mail may bounce."),
    ),
    Risk(
        key="rule_limit",
        title="300 rules",
        why="A tenant has room for 300 transport rules. Microsoft's own page on that limit was not found.",
        do="Remove rules that are not used.",
        sources=(RULE_SIZE, THIRD_PARTY),
        rating=rated(UNLIKELY, LOW, "None: 30-create is refused, and stops."),
    ),
    Risk(
        key="header_secret",
        title="The header ID works like a password",
        why="Whoever knows it can put it on a message and bypass the filter. It is in request.json, in the scripts, in "
        "backups and, after pasting, in the shell's history.",
        do="Keep the pack where only those who need it can read it; never attach it to a public ticket.",
        sources=(INFERRED, POWERSHELL),
        rating=rated(POSSIBLE, MEDIUM, "Somebody who knows the ID can send mail past the filter."),
        standing=True,
    ),
    Risk(
        key="propagation",
        title="A rule does not work everywhere at once",
        why="New and changed rules take up to 30 minutes, in some cases longer. A message that comes back before Loop "
        "Check works is sent out again, unless Redirect excepts it (loop guard stop-and-except).",
        do="50-enable waits between its stages; wait as long before you test.",
        sources=(MAIL_FLOW, INFERRED),
        rating=rated(POSSIBLE, MEDIUM, "Some messages are sent to the filter more than once.", MAIL_FLOW),
        under={LoopGuard.STOP_AND_EXCEPT: rated(POSSIBLE, LOW, "Some mail is delivered with the header.", MAIL_FLOW)},
        standing=True,
    ),
    Risk(
        key="all_mail",
        title="All messages means all",
        why="Internal mail, out-of-office replies and calendar mail go to the filter too. Whether rules apply to "
        "bounces, journal reports and quarantine notifications is not documented: expect that they go there as well. "
        "Other vendors leave some of these out, the article does not.",
        do="Tell those who run such mail flows, and test them.",
        sources=(KB, CMDLETS, MAIL_FLOW, VENDORS),
        rating=rated(LIKELY, LOW, "Internal, out-of-office and calendar mail arrives later.", CMDLETS, MAIL_FLOW),
        standing=True,
    ),
    Risk(
        key="defender",
        title="These four objects are not everything",
        why="A newer copy of the article says that provisioning also creates filtering settings in Microsoft Defender, "
        "and that all items must be present. By that copy the four objects are not the complete set. Which settings "
        "these are is not known to this tool, and it creates none.",
        do="Ask LevelBlue for them.",
        sources=(KB_NEWER, KB),
        rating=rated(LIKELY, MEDIUM, "Mail may not be filtered as the vendor means it to be.", KB_NEWER),
        standing=True,
    ),
    Risk(
        key="unreachable",
        title="The filter cannot be reached",
        why="Every message needs the filter. Mail that Exchange cannot hand over is retried for 24 hours and is then "
        "returned to its sender. What becomes of queued mail when Redirect is turned off is not documented.",
        do="Run 60-stop, so that later mail does not go there. Ask LevelBlue whom to call at night.",
        sources=(MAIL_FLOW, INFERRED),
        rating=rated(UNLIKELY, HIGH, "All mail waits, and is returned after 24 hours."),
        standing=True,
    ),
)

STANDING_RISKS = tuple(risk for risk in RISKS if risk.standing)
"""Those that no check in the tenant can settle beforehand. Preflight does not repeat them."""

TENANT_RISKS = tuple(risk for risk in RISKS if not risk.standing)
"""Those that are so in some tenants; preflight looks for each of them."""

RISK_BY_KEY = {risk.key: risk for risk in RISKS}

"""Where the facts come from. Each has a short name that scripts and documents use."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Source:
    """A place where a fact can be looked up; ``date`` is that of the text that was read."""

    short: str
    title: str
    date: str


KB = Source(short="KB Q21244", title="LevelBlue MailMarshal Cloud KB article Q21244", date="2025-05-25")
CMDLETS = Source(
    short="Microsoft cmdlet reference",
    title="MicrosoftDocs/office-docs-powershell, the page of the cmdlet that is named",
    date="2026-08-21",
)
MAIL_FLOW = Source(
    short="Microsoft mail flow pages",
    title="MicrosoftDocs/OfficeDocs-Exchange, mail flow rules, connectors and add-on services",
    date="2021-07-14",
)
CONNECTING = Source(
    short="Microsoft EXO PowerShell pages",
    title="MicrosoftDocs/office-docs-powershell, exchange-online-powershell-v2 and connecting",
    date="2026-08-21",
)
MC1226222 = Source(
    short="MC1226222",
    title="Microsoft 365 message center post on OnPremises connectors, read on mirror sites",
    date="2026-02-04",
)
KB_NEWER = Source(
    short="newer copy of KB Q21244",
    title="a newer copy of the same article, with a section on Microsoft Defender; that section could not be read",
    date="undated",
)
NDR_PAGE = Source(
    short="Microsoft NDR page",
    title="learn.microsoft.com, non-delivery-reports-in-exchange-online",
    date="2023-01-29",
)
INBOUND_FAQ = Source(
    short="Microsoft inbound connector FAQ",
    title="learn.microsoft.com, inbound-connector-faq; its opening part only could be read",
    date="undated",
)
CAPTURES = Source(
    short="captured answers",
    title="answers of the Get cmdlets in public test fixtures (rknightion/graph2otel, cisagov/ScubaGear)",
    date="2023-08 to 2026-07",
)
VENDORS = Source(
    short="other vendors' guides",
    title="deployment scripts and guides of Exclaimer, CodeTwo, KnowBe4, SEPPmail, Zivver, Trend Micro",
    date="read 2026",
)
ORG_CUSTOMIZATION = Source(
    short="Microsoft365DSC O365OrgCustomizationSetting",
    title="Microsoft365DSC documentation of IsDehydrated and Enable-OrganizationCustomization",
    date="read 2026",
)
ROLES = Source(
    short="Microsoft365DSC permissions",
    title="Microsoft365DSC documentation of the Exchange roles that its resources need",
    date="2024-10-24",
)
RULE_SIZE = Source(
    short="Finding Transport Rule Size",
    title="techcommunity.microsoft.com, Finding Transport Rule Size, parts 1 and 2",
    date="2022 to 2023",
)
OXFORD = Source(
    short="Oxford University IT blog",
    title="a blog of Oxford University IT on the loop counters that Exchange Online stamps on messages",
    date="2021",
)
POWERSHELL = Source(
    short="PowerShell sources",
    title="PowerShell/PowerShell and PowerShell/PSReadLine, and MicrosoftDocs/PowerShell-Docs for 5.1 and 7.5",
    date="2026-08",
)
THIRD_PARTY = Source(
    short="third-party pages",
    title="others' pages on the limits of transport rules; Microsoft's own was not found",
    date="read 2026",
)
INFERRED = Source(short="inferred", title="it follows from the facts named beside it; not documented", date="2026")

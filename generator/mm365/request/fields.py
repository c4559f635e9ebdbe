"""The fields of a request: one row each. Options, request files, the notebooks and errors take them from here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mm365.errors import InvalidValueError
from mm365.request.parsers import (
    DEFAULT_LOOP_GUARD,
    TRADE_OFFS,
    loop_guards,
    one_of,
    parse_domain,
    parse_guid,
    parse_line,
    parse_loop_guard,
    parse_region,
    regions,
)


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of a request.

    ``name`` is what request files and ``Request`` call it; ``label`` stands on a screen; ``about`` says in a
    sentence what it is; ``give`` says what to give, where there are no ``choices``. ``needed`` is whether a pack needs
    it. ``kind`` is how the command line's help calls a value. ``choices`` gives what may be chosen, each with what it
    stands for. ``example`` is right but somebody else's, unless there are choices. ``offered`` is whether a new
    request holds the example: a tenant's ID that is not known has to stay empty. A ``secret`` value is shortened
    where it is shown. ``default`` counts where nothing is given. ``trade_offs`` says of each choice what it gives and
    costs, where that has to be known to choose.
    """

    name: str
    label: str
    about: str
    parser: Callable[[str], object]
    example: str
    give: str = ""
    needed: bool = False
    kind: str = ""
    choices: Callable[[], Mapping[str, str]] = dict
    offered: bool = True
    secret: bool = False
    default: str = ""
    trade_offs: tuple[str, ...] = ()

    @property
    def option(self) -> str:
        """The command line's option for it."""
        return option(self.name)

    @property
    def metavar(self) -> str:
        """How the help writes its value: the choices, or what kind of value it is."""
        return self.kind or "|".join(self.choices())

    @property
    def help(self) -> str:
        """What it is, for the help of its option."""
        return " ".join((self.summary, *self.trade_offs))

    @property
    def summary(self) -> str:
        """What it is, and what can be given."""
        choices = f" Give {one_of(self.choices())}." if self.choices() else ""
        return f"{self.about}{choices}{f' Default: {self.default}.' if self.default else ''}"

    @property
    def hint(self) -> str:
        """What to give."""
        return one_of(self.choices()) if self.choices() else self.give

    @property
    def asked(self) -> str:
        """What to give, and whether it may stay empty."""
        if self.needed:
            return self.hint
        return f"may stay empty{f', which is {self.default}' if self.default else ''}: {self.hint}"

    @property
    def offer(self) -> str:
        """What a new request holds in it."""
        return self.example if self.offered else ""

    @property
    def personal(self) -> bool:
        """Whether the example has to be replaced by a value of one's own."""
        return self.needed and not self.choices()

    def parse(self, text: str) -> object:
        """The value of a text. Raises InvalidValueError, whose remedy shows an example where there are no choices."""
        try:
            return self.parser(text)
        except InvalidValueError as error:
            if self.choices():
                raise
            raise InvalidValueError(error.problem, f"{error.remedy} such as {self.example}") from error


_DOMAIN = "contoso.onmicrosoft.com"

REGION = Field(
    name="region",
    label="Region",
    about="The region of MailMarshal Cloud.",
    parser=parse_region,
    choices=regions,
    example="eu",
    needed=True,
)
HEADER_ID = Field(
    name="header_id",
    label="Header ID",
    about="The customer's value of the X-MMCloud-ID header, from LevelBlue. It works like a password.",
    give="the GUID that LevelBlue gave you for the X-MMCloud-ID header",
    parser=parse_guid,
    kind="GUID",
    example="3f2b8c1e-5a77-4d0e-9b1c-2f6f0d9e4a11",
    needed=True,
    secret=True,
)
STAND_IN_ID = "00000000-0000-4000-8000-000000000000"
"""A header ID that stands in for a customer's where none is known. Unlike the example's, it marks nothing."""

UNUSABLE = (
    "EXAMPLE: this cannot be used, because the header ID is the public example. Make it again with your own, "
    "from LevelBlue."
)
"""What is said wherever something was made with the example's header ID."""

TENANT = Field(
    name="tenant",
    label="Tenant",
    about="An accepted domain of the tenant. The scripts refuse to run anywhere else.",
    give=f"an accepted domain of the tenant, such as {_DOMAIN}",
    parser=parse_domain,
    kind="DOMAIN",
    example=_DOMAIN,
    needed=True,
)
TENANT_ID = Field(
    name="tenant_id",
    label="Tenant ID",
    about="The TenantID, if known. The scripts then check it as well.",
    give="the tenant's GUID, which the scripts then check as well",
    parser=parse_guid,
    kind="GUID",
    example="7d1f0a52-94c3-4be8-8a6e-0c5d2b7f9e13",
    offered=False,
)
CHANGE = Field(
    name="change",
    label="Change",
    about="The change reference, shown in all scripts.",
    give="the reference of the change record, shown in all scripts",
    parser=parse_line,
    kind="TEXT",
    example="CHG0012345",
)
LOOP_GUARD = Field(
    name="loop_guard",
    label="Loop guard",
    about="What keeps returned mail from going out again.",
    parser=parse_loop_guard,
    choices=loop_guards,
    example=DEFAULT_LOOP_GUARD.value,
    default=DEFAULT_LOOP_GUARD.value,
    trade_offs=tuple(f"{guard.value}: {text}" for guard, text in TRADE_OFFS.items()),
)

FIELDS: Mapping[str, Field] = {
    field.name: field for field in (REGION, HEADER_ID, TENANT, TENANT_ID, CHANGE, LOOP_GUARD)
}
"""The fields by name, in the order in which they are asked."""

NEEDED = tuple(field.name for field in FIELDS.values() if field.needed)
"""The names of the fields that a pack needs."""

OFFER: Mapping[str, str] = {field.name: field.offer for field in FIELDS.values()}
"""What a new request holds, so that every step has something to show."""


def option(name: str) -> str:
    """The command line's option for a field's or another option's name; empty for an empty one."""
    return "--" + name.replace("_", "-") if name else ""


def label(name: str) -> str:
    """A field's name on a screen; empty for an option of the command line, which a screen does not have."""
    return FIELDS[name].label if name in FIELDS else ""

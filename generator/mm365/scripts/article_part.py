"""The four objects of any request as a part of the shared functions, made from the integration.

``mm365.scripts.library`` writes it. The scripts compare the tenant with it; 30-create has the same values with their
reasons.
"""

from collections.abc import Mapping

from mm365 import powershell
from mm365.exchange.objects import ExchangeObject, Integration
from mm365.integration.article import build_integration
from mm365.powershell import Value
from mm365.request.fields import STAND_IN_ID
from mm365.request.regions import REGIONS, Region
from mm365.request.request import LoopGuard, Request

_WIDTH = 137
_GUARD = "$Request['LoopGuard']"
_TOP = """\
# ---------- The article ----------
function Get-ArticleObject([object]$Request) {
    # The four objects of LevelBlue's article Q21244 as 30-create makes them; there each setting has its reason.
    $domain = "$($Request['Region']).mailmarshal.cloud"
"""


def article_part() -> str:
    """The text of the part. Raises ValueError if regions differ in more than their code."""
    texts = {_written(region) for region in REGIONS.values()}
    if len(texts) > 1:
        raise ValueError("regions differ in more than their code: the shared functions cannot hold them yet")
    return texts.pop()


def _written(region: Region) -> str:
    by_guard = {guard: _integration(region, guard) for guard in LoopGuard}
    objects = [
        dict(zip(by_guard, same, strict=True)) for same in zip(*(i.objects for i in by_guard.values()), strict=True)
    ]
    lines = [line for one in objects for line in _object_lines(one, region)]
    rows = [_row(one[LoopGuard.STOP]) for one in objects]
    return _TOP + "\n".join([*lines, "    [ordered]@{", *rows, "    }", "}", "$Objects = [ordered]@{}", ""])


def _integration(region: Region, guard: LoopGuard) -> Integration:
    request = Request(region=region, header_id=STAND_IN_ID, tenant="contoso.onmicrosoft.com", loop_guard=guard)
    return build_integration(request)


def _object_lines(by_guard: Mapping[LoopGuard, ExchangeObject], region: Region) -> list[str]:
    """The table of an object, then what only some loop guards set."""
    variable = _variable(by_guard[LoopGuard.STOP])
    pairs, later = [], []
    for name in dict.fromkeys(name for object_ in by_guard.values() for name in object_.values):
        values = {guard: object_.values[name] for guard, object_ in by_guard.items() if name in object_.values}
        code = {guard: _code(value, region) for guard, value in values.items()}
        if len(code) == len(by_guard) and len(set(code.values())) == 1:
            pairs.append(f"{name} = {code[LoopGuard.STOP]}")
        elif len(code) == len(by_guard) and all(isinstance(value, bool) for value in values.values()):
            pairs.append(f"{name} = {_is_one_of([guard for guard, value in values.items() if value])}")
        else:
            for each in dict.fromkeys(code.values()):
                condition = _is_one_of([guard for guard in code if code[guard] == each])
                later.append(f"    if ({condition}) {{ ${variable}['{name}'] = {each} }}")
    return [f"    ${variable} = [ordered]@{{", f"        {powershell.packed(pairs, 8, _WIDTH)}", "    }", *later]


def _is_one_of(guards: list[LoopGuard]) -> str:
    return f"{_GUARD} -in " + ", ".join(powershell.literal(guard.value) for guard in guards)


def _code(value: Value, region: Region) -> str:
    if isinstance(value, tuple):
        return f"@({', '.join(_code(each, region) for each in value)})"
    if value == STAND_IN_ID:
        return "$Request['HeaderId']"
    domain = f"{region.code}.mailmarshal.cloud"
    if isinstance(value, str) and domain in value:
        return f'"{value.replace(domain, "$domain")}"'
    return str(powershell.literal(value))


def _row(object_: ExchangeObject) -> str:
    variable = _variable(object_)
    words = f"Kind = '{object_.kind}'; Label = '{object_.label}'; Title = \"{object_.label} '$(${variable}.Name)'\""
    return f"        {object_.key:<9} = @{{ {words}; Want = ${variable} }}"


def _variable(object_: ExchangeObject) -> str:
    return object_.key[0].lower() + object_.key[1:]

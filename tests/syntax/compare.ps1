# Parses every file below a folder and gives what a change of values may not change (the kinds of the nodes of its
# tree, the kinds of its tokens, the text of those that are not strings or comments), its strings, and what
# PowerShell makes of its $Request, or of $Tenant and $TenantId in a paste form. All answers go to one JSON file.
param([string] $Folder, [string] $Answer)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# Compiled functions: there are millions of nodes and tokens, and a script block for each would take minutes.
function Get-Function([string] $Type, [string[]] $Path) {
    $parameter = [Linq.Expressions.Expression]::Parameter([type]"System.Management.Automation.Language.$Type", 'x')
    $body = $parameter
    foreach ($part in $Path) {
        $body = if ($part.EndsWith('()')) { [Linq.Expressions.Expression]::Call($body, $body.Type.GetMethod($part.TrimEnd('(', ')'), [type[]]@())) }
        else { [Linq.Expressions.Expression]::Property($body, $part) }
    }
    $kind = [Func`2].MakeGenericType($parameter.Type, $body.Type)
    [Linq.Expressions.Expression]::Lambda($kind, $body, [Linq.Expressions.ParameterExpression[]]@($parameter)).Compile()
}
$parameter = [Linq.Expressions.Expression]::Parameter([System.Management.Automation.Language.Ast], 'x')
$every = [Linq.Expressions.Expression]::Lambda(
    [Func[System.Management.Automation.Language.Ast, bool]],
    [Linq.Expressions.Expression]::Constant($true),
    [Linq.Expressions.ParameterExpression[]]@($parameter)).Compile()
$assignments = { $args[0] -is [System.Management.Automation.Language.AssignmentStatementAst] }
$nameOf = Get-Function -Type 'Ast' -Path 'GetType()', 'Name'
$kindOf = Get-Function -Type 'Token' -Path 'Kind'
$textOf = Get-Function -Type 'Token' -Path 'Text'
$hash = [Security.Cryptography.SHA256]::Create()
function Get-Print([string] $Text) { [BitConverter]::ToString($hash.ComputeHash([Text.Encoding]::UTF8.GetBytes($Text))) }

$all = [ordered]@{}
foreach ($path in [IO.Directory]::GetFiles($Folder, '*', [IO.SearchOption]::AllDirectories)) {
    $tokens = $problems = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseInput([IO.File]::ReadAllText($path), [ref] $tokens, [ref] $problems)
    $kinds = [string[]][Linq.Enumerable]::ToArray([Linq.Enumerable]::Select($tokens, $kindOf))
    $texts = [Linq.Enumerable]::ToArray([Linq.Enumerable]::Select($tokens, $textOf))
    $strings = [Collections.Generic.List[string]]::new()
    for ($at = [Array]::IndexOf($kinds, 'StringLiteral'); $at -ge 0; $at = [Array]::IndexOf($kinds, 'StringLiteral', $at + 1)) {
        $strings.Add($texts[$at])
        $texts[$at] = ''
    }
    for ($at = [Array]::IndexOf($kinds, 'Comment'); $at -ge 0; $at = [Array]::IndexOf($kinds, 'Comment', $at + 1)) { $texts[$at] = '#' }
    $nodes = [Linq.Enumerable]::ToArray([Linq.Enumerable]::Select($tree.FindAll($every, $true), $nameOf))
    $values = [ordered]@{}
    foreach ($statement in $tree.FindAll($assignments, $true)) {
        $name = $statement.Left.Extent.Text.TrimStart('$')
        if ($name -notin 'Request', 'Tenant', 'TenantId') { continue }
        $made = & ([scriptblock]::Create($statement.Right.Extent.Text))
        if ($name -eq 'Request') { foreach ($key in $made.Keys) { $values[$key] = $made[$key] } } else { $values[$name] = $made }
    }
    $all[[IO.Path]::GetRelativePath($Folder, $path).Replace('\', '/')] = [ordered]@{
        errors  = @($problems | ForEach-Object { $_.ErrorId })
        nodes   = Get-Print -Text ($nodes -join "`n")
        kinds   = Get-Print -Text ($kinds -join "`n")
        rest    = Get-Print -Text ($texts -join "`n")
        strings = $strings
        values  = $values
    }
}
[IO.File]::WriteAllText($Answer, (ConvertTo-Json -InputObject $all -Depth 5 -Compress))

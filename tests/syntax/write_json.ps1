# Takes the functions that write JSON out of the shared functions, and lets them write awkward values; then reads each
# text back as PowerShell's own reader does. All answers go to one JSON file.
param([string] $Shared, [string] $Texts, [string] $Answer)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$tree = [System.Management.Automation.Language.Parser]::ParseFile($Shared, [ref] $null, [ref] $null)
$functions = $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $true)
foreach ($function in $functions) {
    if ($function.Name -in 'ConvertTo-JsonText', 'ConvertTo-JsonString', 'ConvertTo-TimeText') { . ([scriptblock]::Create($function.Extent.Text)) }
}
$JsonNames = New-Object -TypeName 'Collections.Hashtable'
$Invariant = [Globalization.CultureInfo]::InvariantCulture
# A culture with a decimal comma, another minus and other separators of dates: the text must be the same.
$culture = $Invariant.Clone()
$culture.NumberFormat.NumberDecimalSeparator = ','
$culture.NumberFormat.NegativeSign = '~'
$culture.DateTimeFormat.DateSeparator = '.'
$culture.DateTimeFormat.TimeSeparator = '.'
[Threading.Thread]::CurrentThread.CurrentCulture = $culture
$moment = [datetime]::new(2026, 1, 2, 3, 4, 5, [DateTimeKind]::Utc)
$deep = 'end'
foreach ($level in 1..12) { $deep = @{ d = $deep } }
$values = [ordered]@{
    null      = $null
    yes       = $true
    no        = $false
    switch    = [switch]$true
    zero      = 0
    negative  = -1
    long      = [long]::MaxValue
    huge      = [bigint]::Pow(10, 30)
    fraction  = 1.5
    enum      = [DayOfWeek]::Friday
    guid      = [guid]'3f2b8c1e-5a77-4d0e-9b1c-2f6f0d9e4a11'
    none      = @()
    one       = @('a')
    two       = @('a', 2)
    nested    = @(, @('a'))
    list      = [Collections.Generic.List[string]]@('a')
    emptyMap  = @{}
    map       = [ordered]@{ b = 1; a = @{ c = $null } }
    object    = [pscustomobject]@{ Name = 'a'; List = @(); Inner = [pscustomobject]@{ x = $true } }
    key       = @{ 'a"b' = 'c' }
    utc       = $moment
    local     = $moment.ToLocalTime()
    unclear   = [datetime]::new(2026, 1, 2, 3, 4, 5)
    deep      = $deep
}
$results = [ordered]@{}
foreach ($name in $values.Keys) { $results[$name] = ConvertTo-JsonText -Value $values[$name] }
$written = foreach ($marked in (ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($Texts)))) {
    $text = $marked.Substring(1)  # behind a mark, so that this reading makes no date of it
    $state = [ordered]@{ format = 'mm365-state-1'; text = $text }
    $json = ConvertTo-JsonText -Value $state
    $read = ConvertFrom-Json -InputObject $json
    [ordered]@{
        json = $json; type = $read.text.GetType().Name
        same = $read.text -is [string] -and [string]::Equals($read.text, $text, [StringComparison]::Ordinal)
    }
}
$all = [ordered]@{ values = $results; texts = @($written) }
[IO.File]::WriteAllText($Answer, (ConvertTo-Json -InputObject $all -Depth 5))

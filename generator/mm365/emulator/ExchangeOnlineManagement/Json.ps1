# JSON as ASCII with dates as ISO 8601 in UTC: the same bytes from every edition of PowerShell, which ConvertTo-Json
# does not give (NOTES.md, "Windows PowerShell 5.1").

$script:NotPlain = [regex]'[^ !#-\[\]-~]'
$script:Escape = [Text.RegularExpressions.MatchEvaluator] { param($found) '\u{0:x4}' -f [int][char]$found.Value }
$script:Invariant = [Globalization.CultureInfo]::InvariantCulture

function ConvertTo-JsonText {
    param($Value)
    if ($null -eq $Value) { return 'null' }
    if ($Value -is [string]) {
        if ($script:NotPlain.IsMatch($Value)) { $Value = $script:NotPlain.Replace($Value, $script:Escape) }
        return '"' + $Value + '"'
    }
    if ($Value -is [bool]) { if ($Value) { return 'true' } return 'false' }
    if ($Value -is [int] -or $Value -is [long]) { return [string]$Value }
    if ($Value -is [double] -or $Value -is [decimal]) { return [string]$Value }
    if ($Value -is [datetime]) {
        return '"' + $Value.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", $script:Invariant) + '"'
    }
    if ($Value -is [Collections.IDictionary]) { return ConvertTo-JsonObject $Value.GetEnumerator() }
    if ($Value -is [Management.Automation.PSCustomObject]) { return ConvertTo-JsonObject $Value.PSObject.Properties }
    if ($Value -is [Collections.IEnumerable]) {
        return '[' + (@(foreach ($item in $Value) { ConvertTo-JsonText $item }) -join ',') + ']'
    }
    ConvertTo-JsonText "$Value"
}

# Names of properties need no escapes. Most values are null, flags, plain texts and empty lists; calling a function
# for each of them would cost more than everything else here.
function ConvertTo-JsonObject {
    param($Pairs)
    $plain = $script:NotPlain
    $parts = foreach ($pair in $Pairs) {
        $value = $pair.Value
        $text = if ($null -eq $value) { 'null' }
        elseif ($value -is [bool]) { if ($value) { 'true' } else { 'false' } }
        elseif ($value -is [string] -and -not $plain.IsMatch($value)) { '"' + $value + '"' }
        elseif ($value -is [array] -and -not $value.Count) { '[]' }
        else { ConvertTo-JsonText $value }
        '"' + $pair.Name + '":' + $text
    }
    '{' + (@($parts) -join ',') + '}'
}

# ConvertFrom-Json of PowerShell 7 makes a date of every text that looks like ISO 8601, and that of 5.1 of
# "/Date(1)/". Only the service's own dates may become dates (Convert-Date). A name or a comment that looks like
# one is marked before the text is parsed, and the mark is removed afterwards.
$script:DateLike = [regex](
    '"(?<!"(?:When\w+|LastValidationTimestamp|TokenExpiryTimeUTC|ActivationDate|ExpiryDate)":\s*")' +
    '(?=\d{4}-\d\d-\d\dT\d\d:|\\?/Date\()')
$script:TextMark = [string][char]0xE000

function ConvertFrom-JsonText {
    param([string] $Text)
    $marked = $script:DateLike.Replace($Text, '"' + $script:TextMark)
    $parsed = ConvertFrom-Json -InputObject $marked
    if ($marked.Length -ne $Text.Length) { foreach ($node in @($parsed)) { Remove-TextMark $node } }
    $parsed
}

# Function calls are what takes time here, so there is one for each object and none for each value.
function Remove-TextMark {
    param($Node)
    $mark = $script:TextMark
    foreach ($property in $Node.PSObject.Properties) {
        $value = $property.Value
        if ($value -is [string]) {
            if ($value.Contains($mark)) { $property.Value = $value.Replace($mark, '') }
        }
        elseif ($value -is [array]) {
            for ($i = 0; $i -lt $value.Count; $i++) {
                if ($value[$i] -is [string]) { $value[$i] = $value[$i].Replace($mark, '') }
                elseif ($value[$i] -is [Management.Automation.PSCustomObject]) { Remove-TextMark $value[$i] }
            }
        }
        elseif ($value -is [Management.Automation.PSCustomObject]) { Remove-TextMark $value }
    }
}

$script:DateNames = @(
    'WhenChanged', 'WhenCreated', 'WhenChangedUTC', 'WhenCreatedUTC', 'LastValidationTimestamp'
    'TokenExpiryTimeUTC', 'ActivationDate', 'ExpiryDate'
)

# Windows PowerShell 5.1 leaves them as text, PowerShell 7 has made dates of them.
function Convert-StateDate {
    param($State)
    foreach ($property in @($State.PSObject.Properties)) {
        if ($property.Value -isnot [array]) { continue }
        foreach ($object in $property.Value) { Convert-Date $object }
    }
}

function Convert-Date {
    param($Node)
    foreach ($name in $script:DateNames) {
        $property = $Node.PSObject.Properties[$name]
        if ($null -eq $property -or $null -eq $property.Value) { continue }
        $value = $property.Value
        if ($value -is [string]) {
            $value = [datetime]::Parse($value, $script:Invariant, [Globalization.DateTimeStyles]::RoundtripKind)
        }
        $property.Value = $value.ToUniversalTime()
    }
}

function Get-Property {
    param($Object, [string] $Name, $Default = $null)
    $property = $Object.PSObject.Properties[$Name]
    if ($null -eq $property) { return $Default }
    $property.Value
}

function Set-Property {
    param($Object, [string] $Name, $Value)
    $property = $Object.PSObject.Properties[$Name]
    if ($null -ne $property) { $property.Value = $Value; return }
    $Object.PSObject.Properties.Add([psnoteproperty]::new($Name, $Value))
}

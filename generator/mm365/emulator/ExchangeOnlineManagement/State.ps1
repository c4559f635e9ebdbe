# The tenant: its file, and what has been parsed of it.
#
# What is parsed is kept by its text and never changed: a call that changes something puts a new object in the
# place of the old one, in a new list, in a copy of the state. So a Get may hand out the objects as they are,
# and what stands in the cache stays true, whoever writes the file.

$script:States = [Collections.Hashtable]::new([StringComparer]::Ordinal)
$script:MostStates = 100
# The JSON of each object in them.
$script:ObjectTexts = @{}
# What a call can change.
$script:Changeable = 'inboundConnectors', 'outboundConnectors', 'transportRules', 'late'

function Get-StatePath {
    if ($env:MM365_EXCHANGE_STATE) { return $env:MM365_EXCHANGE_STATE }
    throw 'MM365_EXCHANGE_STATE does not name the file of a tenant: see generator/emulator/files.py.'
}

function Read-State {
    $bytes = [IO.File]::ReadAllBytes((Get-StatePath))
    $key = Get-StateKey $bytes
    $state = $script:States[$key]
    if ($null -eq $state) {
        $state = ConvertTo-State (ConvertFrom-JsonText ([Text.Encoding]::UTF8.GetString($bytes)))
        Add-KnownState $key $state
    }
    $state
}

# The text, two characters in one: all writers write ASCII, so nothing is lost. At its full length most texts
# would be large objects of .NET, and to make one costs more than all the rest of a call.
function Get-StateKey {
    param([byte[]] $Bytes)
    [Text.Encoding]::Unicode.GetString($Bytes)
}

function Add-KnownState {
    param([string] $Key, $State)
    if ($script:States.Count -ge $script:MostStates) { $script:States.Clear(); $script:ObjectTexts.Clear() }
    $script:States[$Key] = $State
}

# Everything that may be derived from what has been parsed is done here, once.
function ConvertTo-State {
    param($State)
    # Objects that are not seen yet, by their Guid (behaviour lateCalls).
    if ($null -eq $State.PSObject.Properties['late']) { Set-Property $State 'late' ([pscustomobject]@{}) }
    if ($PSVersionTable.PSEdition -eq 'Desktop') { Convert-StateDate $State }
    foreach ($rule in $State.transportRules) {
        # JSON reads back as long.
        foreach ($name in 'Priority', 'Size', 'RegexSize') { $rule.$name = [int]$rule.$name }
    }
    if (-not (Test-InOrder $State.transportRules)) { $State.transportRules = Get-InOrder $State.transportRules }
    # Section 6.2. The prefix is a behaviour, so it need not be repeated in each connection.
    $prefix = Get-Behaviour $State 'prefix' $null
    if ($prefix) { foreach ($connection in $State.connections) { Set-Property $connection 'ModulePrefix' $prefix } }
    $State
}

function Test-InOrder {
    param([object[]] $Rules)
    $last = -1
    foreach ($rule in $Rules) { if ($rule.Priority -lt $last) { return $false }; $last = $rule.Priority }
    $true
}

# By priority, and equal ones as they stand: Sort-Object of 5.1 is not stable.
function Get-InOrder {
    param([object[]] $Rules)
    $sorted = [Collections.Generic.List[object]]@()
    foreach ($rule in $Rules) {
        $place = $sorted.Count
        while ($place -and $sorted[$place - 1].Priority -gt $rule.Priority) { $place-- }
        $sorted.Insert($place, $rule)
    }
    , $sorted.ToArray()
}

# A reader, or the next process after a kill, sees the old file or the new one, never half of one.
function Save-State {
    param($Call)
    $state, $stored = $Call.State, $Call.Stored
    $same = $true
    foreach ($name in $script:Changeable) { $same = $same -and [object]::ReferenceEquals($state.$name, $stored.$name) }
    if ($same) { return }
    $bytes = ConvertTo-StateBytes $state
    Write-WholeFile (Get-StatePath) $bytes
    Add-KnownState (Get-StateKey $bytes) $state
    # A call may save twice, before it fails and after; from now on it is this one that is stored.
    $Call.Stored = $state
    $Call.State = $state.PSObject.Copy()
}

# One object a line, and in pieces, as the whole would be a large object again.
function ConvertTo-StateBytes {
    param($State)
    $stream = [IO.MemoryStream]::new(65536)
    $writer = [IO.StreamWriter]::new($stream, [Text.Encoding]::ASCII)
    $before = '{'
    foreach ($property in $State.PSObject.Properties) {
        $writer.Write($before + "`n" + '"' + $property.Name + '": ')
        $value = $property.Value
        if ($value -is [array]) { Write-List $writer $value } else { $writer.Write((ConvertTo-JsonText $value)) }
        $before = ','
    }
    $writer.Write("`n}`n")
    $writer.Flush()
    , $stream.ToArray()
}

function Write-List {
    param([IO.StreamWriter] $Writer, [object[]] $Objects)
    $before = '['
    foreach ($object in $Objects) {
        $text = $script:ObjectTexts[$object]
        if ($null -eq $text) { $text = Get-ObjectText $object }
        $Writer.Write($before + "`n")
        $Writer.Write($text)
        $before = ','
    }
    if ($Objects.Count) { $Writer.Write("`n]") } else { $Writer.Write('[]') }
}

# A rule that only moves is most of the work otherwise, as a rule holds two hundred properties.
function Copy-Rule {
    param($Rule, [int] $Priority)
    $copy = $Rule.PSObject.Copy()
    $copy.Priority = $Priority
    $text = Get-ObjectText $Rule
    $before = '{"Priority":' + $Rule.Priority + ','
    if ($text.StartsWith($before, [StringComparison]::Ordinal)) {
        $script:ObjectTexts[$copy] = '{"Priority":' + $Priority + ',' + $text.Substring($before.Length)
    }
    $copy
}

function Get-ObjectText {
    param($Object)
    $text = $script:ObjectTexts[$Object]
    if ($null -eq $text) {
        $text = ConvertTo-JsonText $Object
        $script:ObjectTexts[$Object] = $text
    }
    $text
}

function Write-WholeFile {
    param([string] $Path, [byte[]] $Bytes)
    $new = "$Path.new"
    [IO.File]::WriteAllBytes($new, $Bytes)
    # Move takes no overwrite in 5.1, Replace wants a file to replace.
    if ([IO.File]::Exists($Path)) { [IO.File]::Replace($new, $Path, [NullString]::Value) }
    else { [IO.File]::Move($new, $Path) }
}

function Get-Behaviour {
    param($State, [string] $Name, $Default)
    $property = $State.behaviour.PSObject.Properties[$Name]
    if ($null -eq $property) { return $Default }
    $property.Value
}

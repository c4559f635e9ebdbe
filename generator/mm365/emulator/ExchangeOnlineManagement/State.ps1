# The tenant: its file, and a cache of what was parsed from it.
#
# What is parsed is cached by its text and never changed. A call that changes something puts a new object in the
# place of the old one, in a new list, in a copy of the state. So a Get can return the objects themselves, and
# the cache stays right no matter who writes the file.

$script:States = [Collections.Hashtable]::new([StringComparer]::Ordinal)
$script:MostStates = 100
# The JSON of each object in those states.
$script:ObjectTexts = @{}
# What a call can change.
$script:Changeable = 'inboundConnectors', 'outboundConnectors', 'transportRules', 'late'

function Get-StatePath {
    if ($env:MM365_EXCHANGE_STATE) { return $env:MM365_EXCHANGE_STATE }
    throw 'MM365_EXCHANGE_STATE does not name the file of a tenant: see mm365/emulator/files.py.'
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

# The text as the key of the cache, two characters in one: every writer writes ASCII, so nothing is lost. At full
# length most texts would be large objects of .NET, and making one costs more than the rest of a call.
function Get-StateKey {
    param([byte[]] $Bytes)
    [Text.Encoding]::Unicode.GetString($Bytes)
}

function Add-KnownState {
    param([string] $Key, $State)
    if ($script:States.Count -ge $script:MostStates) { $script:States.Clear(); $script:ObjectTexts.Clear() }
    $script:States[$Key] = $State
}

# Everything that follows from the parsed text is worked out here, once.
function ConvertTo-State {
    param($State)
    # Objects that a Get does not see yet, by their Guid (behaviour lateCalls).
    if ($null -eq $State.PSObject.Properties['late']) { Set-Property $State 'late' ([pscustomobject]@{}) }
    if ($PSVersionTable.PSEdition -eq 'Desktop') { Convert-StateDate $State }
    foreach ($rule in $State.transportRules) {
        # Numbers in JSON are read as long.
        foreach ($name in 'Priority', 'Size', 'RegexSize') { $rule.$name = [int]$rule.$name }
    }
    if (-not (Test-InOrder $State.transportRules)) { $State.transportRules = Get-InOrder $State.transportRules }
    # The prefix is a behaviour, so it need not be repeated in each connection (NOTES.md, "Connections and roles").
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

# By priority; rules of equal priority keep their order, which Sort-Object does not promise
# (NOTES.md, "Windows PowerShell 5.1").
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

# A reader, or the next process after this one was killed, sees the old file or the new one, never half of one.
function Save-State {
    param($Call)
    $state, $stored = $Call.State, $Call.Stored
    $same = $true
    foreach ($name in $script:Changeable) { $same = $same -and [object]::ReferenceEquals($state.$name, $stored.$name) }
    if ($same) { return }
    $bytes = ConvertTo-StateBytes $state
    Write-WholeFile (Get-StatePath) $bytes
    Add-KnownState (Get-StateKey $bytes) $state
    # A call can save twice, before it fails and after; from now on this state is the stored one.
    $Call.Stored = $state
    $Call.State = $state.PSObject.Copy()
}

# One object on a line, and written in pieces, as the whole text would be a large object again.
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

# A rule that only moves keeps its JSON: a rule has two hundred properties, and writing them is slow.
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
    # Move cannot overwrite in 5.1 (NOTES.md, "Windows PowerShell 5.1"), and Replace needs a file to replace.
    if ([IO.File]::Exists($Path)) { [IO.File]::Replace($new, $Path, [NullString]::Value) }
    else { [IO.File]::Move($new, $Path) }
}

function Get-Behaviour {
    param($State, [string] $Name, $Default)
    $property = $State.behaviour.PSObject.Properties[$Name]
    if ($null -eq $property) { return $Default }
    $property.Value
}

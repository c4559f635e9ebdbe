# ---------- Files ----------
$TimeFormat = "yyyy-MM-dd HH:mm:ss'Z'"
function ConvertTo-JsonText([object]$Value, [int]$Depth = 0) {
    # ConvertTo-Json writes other bytes in Windows PowerShell 5.1 than in PowerShell 7; this does not.
    if ($null -eq $Value) { return 'null' }
    if ($Value -is [bool]) { return ([string]$Value).ToLowerInvariant() }
    if ($Value -is [int] -or $Value -is [long]) { return [string]$Value }
    if ($Value -is [datetime]) { return ConvertTo-JsonString -Text (ConvertTo-TimeText -Time $Value) }
    if ($Depth -ge 8 -or $Value -is [string]) { return ConvertTo-JsonString -Text $Value }
    $inside = "`n" + '  ' * ($Depth + 1)
    $outside = "`n" + '  ' * $Depth
    $pairs = $null
    if ($Value -is [Collections.IDictionary]) { $pairs = $Value.GetEnumerator() }
    elseif ($Value -is [Management.Automation.PSCustomObject]) { $pairs = $Value.PSObject.Properties }
    elseif ($Value -isnot [Collections.IEnumerable]) { return ConvertTo-JsonString -Text $Value }
    $lines = @(if ($null -eq $pairs) { foreach ($item in $Value) { $inside + (ConvertTo-JsonText -Value $item -Depth ($Depth + 1)) } }
        else {
            foreach ($pair in $pairs) {
                $item = $pair.Value
                # Most of a rule is empty or false, and names are plain: a call for each would take many times longer.
                $text = if ($null -eq $item) { 'null' } elseif ($false -eq $item -and $item -is [bool]) { 'false' }
                else { ConvertTo-JsonText -Value $item -Depth ($Depth + 1) }
                $name = if ($pair.Name -cnotmatch '[^0-9A-Za-z_]') { '"' + $pair.Name + '"' } else { ConvertTo-JsonString -Text $pair.Name }
                $inside + $name + ': ' + $text
            }
        })
    $ends = if ($null -eq $pairs) { '[', ']' } else { '{', '}' }
    if ($lines.Count -eq 0) { return $ends -join '' }
    return $ends[0] + ($lines -join ',') + $outside + $ends[1]
}
function ConvertTo-JsonString([string]$Text) {
    # ASCII, so that no reader has to know an encoding.
    if ($Text -cnotmatch '[^ !#-\[\]-~]') { return '"' + $Text + '"' }
    '"' + [regex]::Replace($Text, '[^ !#-\[\]-~]', { param($found) '\u{0:x4}' -f [int][char]$found.Value }) + '"'
}
function ConvertTo-TimeText([datetime]$Time, [string]$Format = 'o') {
    # A time without a zone is taken as UTC: it reads the same on every machine, and when the clocks change.
    if ($Time.Kind -eq 'Local') { $Time = $Time.ToUniversalTime() }
    [datetime]::SpecifyKind($Time, 'Utc').ToString($Format, [Globalization.CultureInfo]::InvariantCulture)
}
function Get-Now { ConvertTo-TimeText -Time ([datetime]::UtcNow) -Format $TimeFormat }
function Write-TextFile([string]$Path, [object]$Value) {
    # Written beside its place and then moved there: a reader sees the old file or the new one, also after Ctrl-C.
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($Path))
    [IO.File]::WriteAllText("$Path.new", (ConvertTo-JsonText -Value $Value) + "`n")
    if ([IO.File]::Exists($Path)) { [IO.File]::Replace("$Path.new", $Path, [NullString]::Value) } else { [IO.File]::Move("$Path.new", $Path) }
}
function Get-FreePath([string]$Prefix) {
    # A name of its own for each file that is kept: nothing saved before is overwritten.
    do {
        $stamp = ConvertTo-TimeText -Time ([datetime]::UtcNow) -Format 'yyyyMMdd-HHmmss-fff'
        $path = [IO.Path]::Combine($Session.Path, "$Prefix-$stamp.json")
    } while ([IO.File]::Exists($path))
    $path
}
function Save-Backup {
    # Everything that has to do with the way of mail, as the service gives it; rules in their order.
    $path = Get-FreePath -Prefix 'backup'
    Write-TextFile -Path $path -Value ([ordered]@{
            format = 'mm365-backup-1'; tenant = $Session.Request.Tenant; tenantId = $Session.TenantId; takenAt = Get-Now
            inboundConnectors = $Session.Lists['InboundConnector']; outboundConnectors = $Session.Lists['OutboundConnector']
            transportRules = @($Session.Lists['TransportRule'] | Sort-Object -Property Priority)
        })
    Show-Line -Text "Saved what the tenant has now: $path"
}

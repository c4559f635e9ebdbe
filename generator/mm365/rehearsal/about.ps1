# Says in one line which PowerShell this is and on which system: what a report of a rehearsal has to name.
# Windows PowerShell 5.1 has no OS in the table.
$system = if ($PSVersionTable['OS']) { $PSVersionTable['OS'] } else { [Environment]::OSVersion.VersionString }
$about = ConvertTo-Json -Compress -InputObject @{
    version = "$($PSVersionTable.PSVersion)"; edition = "$($PSVersionTable.PSEdition)"; system = "$system"
}
# ASCII, so that no encoding of the console matters.
[Console]::Out.WriteLine('mm365-shell:' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($about)))

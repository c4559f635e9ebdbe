# Runs the scripts of a pack one after the other: in this session, as a person does in an open shell, or each in a
# session of its own, as "-File" does. The program that started this asks for a run with a file, and gets a line of
# output as the answer. Standard input is not used: with -File, PowerShell reads it for $input.
param([string] $Module, [string] $Request, [int] $Parent)

$ErrorActionPreference = 'Stop'
Import-Module -Name $Module
if (-not (Get-Module -Name ExchangeOnlineManagement).PrivateData.Emulator) {
    throw 'This is not the emulated Exchange Online: nothing is run.'
}
& "$PSScriptRoot/about.ps1"
$sessionState = [runspace]::DefaultRunspace.InitialSessionState.Clone()
$null = $sessionState.ImportPSModule(@($Module))
$ErrorActionPreference = 'Continue'

# The program that asks can end without saying so. This shell then ends too.
function Test-Parent {
    try { -not [Diagnostics.Process]::GetProcessById($Parent).HasExited } catch { $false }
}

# -File runs a script in the global scope. A new session has one, in which nothing is left of earlier runs.
function Invoke-InNewSession {
    param([string] $Path, [Collections.IDictionary] $Arguments)
    $session = [runspacefactory]::CreateRunspace($sessionState)
    try {
        $session.Open()
        $shell = [powershell]::Create()
        $shell.Runspace = $session
        $null = $shell.AddCommand($Path, $false).AddParameters($Arguments)
        $streams = [Management.Automation.Runspaces.PipelineResultTypes]
        $shell.Commands.Commands[0].MergeMyResults($streams::All, $streams::Output)
        $code = $null
        # Keeps what was written before an error that ends the script.
        $written = New-Object -TypeName 'Collections.Generic.List[psobject]'
        try { $shell.Invoke($null, $written) }
        catch { $written.Add($_.Exception.InnerException.ErrorRecord); $code = 1 }
        $written
        if ($null -eq $code) { $code = $session.SessionStateProxy.GetVariable('LASTEXITCODE') }
        $global:LASTEXITCODE = $code
    }
    finally { $session.Dispose() }
}

# A script that is called has a scope of its own. The only scope between it and the global one is that of this
# function, which sets no preference.
function Invoke-InThisSession {
    $written = New-Object -TypeName 'Collections.Generic.List[object]'
    try { & $job.path @arguments *>&1 | ForEach-Object { $written.Add($_) } }
    catch { $written.Add($_); $global:LASTEXITCODE = 1 }
    $written
}

$idle = [Diagnostics.Stopwatch]::StartNew()
$lastLook = [datetime]::UtcNow
while ($true) {
    if (-not [IO.File]::Exists($Request)) {
        # The next request mostly comes at once, so the wait is short at first.
        [Threading.Thread]::Sleep($(if ($idle.ElapsedMilliseconds -lt 100) { 1 } else { 20 }))
        if (([datetime]::UtcNow - $lastLook).TotalSeconds -gt 1) {
            $lastLook = [datetime]::UtcNow
            if (-not (Test-Parent)) { exit 1 }
        }
        continue
    }
    $job = ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($Request))
    [IO.File]::Delete($Request)
    foreach ($variable in $job.environment.PSObject.Properties) {
        [Environment]::SetEnvironmentVariable($variable.Name, $variable.Value)
    }
    $arguments = @{}
    foreach ($argument in $job.arguments.PSObject.Properties) { $arguments[$argument.Name] = $argument.Value }
    $global:LASTEXITCODE = $null
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $output = if ($job.way -eq 'file') { Invoke-InNewSession -Path $job.path -Arguments $arguments | Out-String -Width 4000 }
    else { Invoke-InThisSession | Out-String -Width 4000 }
    $answer = ConvertTo-Json -Compress -InputObject @{
        exitCode = $global:LASTEXITCODE; output = $output; seconds = $watch.Elapsed.TotalSeconds
    }
    # ASCII, so that no encoding of the console matters.
    [Console]::Out.WriteLine('mm365:' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($answer)))
    [Console]::Out.Flush()
    $idle.Restart()
}

# Runs many cases in this one shell: each case sets its own tenant, then calls its scripts as a person does in an
# open shell. What is written, on every stream, and the exit code of each run go to the answer file.
param([string] $Plan, [string] $Answer)

# Never a real tenant: where the real module is installed as well, it may come first on the path.
Import-Module ExchangeOnlineManagement
if (-not (Get-Module ExchangeOnlineManagement).PrivateData.Emulator) { throw 'This is not the emulator.' }

$answers = New-Object -TypeName 'Collections.Generic.List[object]'
foreach ($case in (Get-Content -LiteralPath $Plan -Raw | ConvertFrom-Json -AsHashtable)) {
    $env:MM365_EXCHANGE_STATE = $case.state
    $env:MM365_EXCHANGE_LOG = $case.log
    $runs = foreach ($step in $case.steps) {
        $arguments = $step.arguments
        $global:LASTEXITCODE = $null
        $output = & $step.path @arguments *>&1 | Out-String -Width 4000
        [ordered]@{ exitCode = $global:LASTEXITCODE; output = $output }
    }
    $answers.Add(@($runs))
}
[IO.File]::WriteAllText($Answer, (ConvertTo-Json -InputObject $answers -Depth 6))
# Otherwise the last script's exit code would be that of this one.
exit 0

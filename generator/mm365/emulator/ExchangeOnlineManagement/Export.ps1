# Which functions the session gets to see.

function Export-Emulator {
    $behaviour = Get-ImportBehaviour
    $missing = @(Get-Property $behaviour 'missing' @())
    $prefix = [string](Get-Property $behaviour 'prefix' '')
    $names = foreach ($function in $script:CmdletNames) {
        if ($function -in $missing) { continue }
        $lacking = @($missing -like "$function`:*" -replace '^.*:')
        # It is part of the module, and not one of the cmdlets that a connection brings
        # (NOTES.md, "Connections and roles").
        $prefixed = $function -replace '-', "-$prefix"
        if ($function -eq 'Get-ConnectionInformation') { $prefixed = $function }
        if ($lacking -or $prefixed -ne $function) { Add-ChangedFunction $function $prefixed $lacking }
        $prefixed
    }
    Export-ModuleMember -Function (@($names) + 'Start-Sleep')
}

# Parsing a tenant takes longer than importing the module, and few tenants have one of these behaviours.
function Get-ImportBehaviour {
    $path = $env:MM365_EXCHANGE_STATE
    if ($path -and [IO.File]::ReadAllText($path) -match '"(missing|prefix)":') { return (Read-State).behaviour }
    [pscustomobject]@{}
}

# A role takes away cmdlets and parameters, and a prefix renames every cmdlet (NOTES.md, "Connections and roles").
# Both show in Get-Command, so the function is defined again. It is global because the manifest exports only the
# usual names.
function Add-ChangedFunction {
    param([string] $Function, [string] $Name, [string[]] $Lacking)
    $body = (Get-Command $Function).ScriptBlock.Ast.Body
    $kept = foreach ($parameter in $body.ParamBlock.Parameters) {
        if ($parameter.Name.VariablePath.UserPath -notin $Lacking) { $parameter.Extent.Text }
    }
    $attributes = $body.ParamBlock.Attributes.Extent.Text -join "`n"
    $text = "$attributes param($($kept -join ', ')) $($body.ProcessBlock.Extent.Text)"
    Invoke-Expression "function script:$Function { $text }"
    if ($Name -ne $Function) { Invoke-Expression "function global:$Name { $text }" }
}

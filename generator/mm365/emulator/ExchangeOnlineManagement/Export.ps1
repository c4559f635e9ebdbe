# Which functions the session gets to see.

function Export-Emulator {
    $behaviour = Get-ImportBehaviour
    $missing = @(Get-Property $behaviour 'missing' @())
    $prefix = [string](Get-Property $behaviour 'prefix' '')
    $names = foreach ($function in $script:CmdletNames) {
        if ($function -in $missing) { continue }
        $lacking = @($missing -like "$function`:*" -replace '^.*:')
        # Get-ConnectionInformation is part of the module, not one of the cmdlets a connection brings (6.2).
        $prefixed = $function -replace '-', "-$prefix"
        if ($function -eq 'Get-ConnectionInformation') { $prefixed = $function }
        if ($lacking -or $prefixed -ne $function) { Add-ChangedFunction $function $prefixed $lacking }
        $prefixed
    }
    Export-ModuleMember -Function (@($names) + 'Start-Sleep')
}

# To parse a tenant takes longer than to import the module, and most have nothing to say here.
function Get-ImportBehaviour {
    $path = $env:MM365_EXCHANGE_STATE
    if ($path -and [IO.File]::ReadAllText($path) -match '"(missing|prefix)":') { return (Read-State).behaviour }
    [pscustomobject]@{}
}

# Section 6.2: a role takes away cmdlets and parameters, a prefix renames every cmdlet. Both show in
# Get-Command, so the function is defined anew. It is a global one because the manifest lists, and so
# exports, the usual names only.
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

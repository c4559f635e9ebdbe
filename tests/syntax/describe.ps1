# Describes every *.ps1 and *.txt below a folder as the engine's parser sees it, as one JSON file.
# Packs repeat themselves, so the tree is given in units: the statements of a file and, in place of a statement
# that is only "& { }" or "try { & { } } catch { } finally { }", the statements in that block, its traps, and what
# catches and ends it. A unit is described once for all files that hold its text.
# A unit is a list of nodes in the order in which they stand; "up" is the index of a node's parent, -1 for none.
param([string] $Folder, [string] $Answer)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$syntax = 'System.Management.Automation.Language'

# A compiled predicate: FindAll calls it for every node, and a script block would take a hundred times as long.
$parameter = [Linq.Expressions.Expression]::Parameter([type]"$syntax.Ast", 'node')
$every = [Linq.Expressions.Expression]::Lambda(
    [Func[System.Management.Automation.Language.Ast, bool]],
    [Linq.Expressions.Expression]::Constant($true),
    [Linq.Expressions.ParameterExpression[]]@($parameter)).Compile()

function Get-Detail([object] $Node, [object] $Map) {
    switch ($Node.GetType().Name) {
        'CommandAst' { $Map['operator'] = "$($Node.InvocationOperator)"; $Map['value'] = "$($Node.GetCommandName())" }
        'CommandParameterAst' { $Map['value'] = $Node.ParameterName; $Map['colon'] = $null -ne $Node.Argument }
        'StringConstantExpressionAst' {
            $Map['value'] = $Node.Value; $Map['kind'] = "$($Node.StringConstantType)"; $Map['text'] = $Node.Extent.Text
        }
        'ExpandableStringExpressionAst' { $Map['kind'] = "$($Node.StringConstantType)"; $Map['text'] = $Node.Extent.Text }
        'ConstantExpressionAst' { $Map['text'] = $Node.Extent.Text; $Map['type'] = $Node.StaticType.Name }
        'VariableExpressionAst' { $Map['value'] = $Node.VariablePath.UserPath; $Map['splatted'] = $Node.Splatted }
        { $_ -in 'TypeExpressionAst', 'TypeConstraintAst' } { $Map['value'] = $Node.TypeName.FullName }
        'AttributeAst' { $Map['value'] = $Node.TypeName.FullName }
        'NamedAttributeArgumentAst' { $Map['value'] = $Node.ArgumentName }
        { $_ -in 'MemberExpressionAst', 'InvokeMemberExpressionAst', 'IndexExpressionAst' } {
            $Map['nullConditional'] = $Node.NullConditional
        }
        { $_ -in 'MemberExpressionAst', 'InvokeMemberExpressionAst' } {
            $Map['static'] = $Node.Static; $Map['value'] = $Node.Member.Extent.Text
        }
        'InvokeMemberExpressionAst' {
            $Map['generic'] = $null -ne $Node.GenericTypeArguments -and $Node.GenericTypeArguments.Count -gt 0
            $Map['arguments'] = if ($null -eq $Node.Arguments) { 0 } else { $Node.Arguments.Count }
        }
        { $_ -in 'BinaryExpressionAst', 'AssignmentStatementAst', 'PipelineChainAst' } { $Map['operator'] = "$($Node.Operator)" }
        'UnaryExpressionAst' { $Map['operator'] = "$($Node.TokenKind)" }
        { $_ -in 'PipelineAst', 'PipelineChainAst' } { $Map['background'] = $Node.Background }
        'NamedBlockAst' { $Map['kind'] = "$($Node.BlockKind)"; $Map['unnamed'] = $Node.Unnamed }
        'FunctionDefinitionAst' { $Map['value'] = $Node.Name; $Map['workflow'] = $Node.IsWorkflow }
        'TypeDefinitionAst' { $Map['enum'] = $Node.IsEnum; $Map['bases'] = $Node.BaseTypes.Count }
        'UsingStatementAst' { $Map['kind'] = "$($Node.UsingStatementKind)" }
        'ForEachStatementAst' { $Map['flags'] = "$($Node.Flags)" }
    }
}

function Get-Unit([object] $Ast) {
    $places = [Collections.Generic.Dictionary[object, int]]::new([Collections.Generic.ReferenceEqualityComparer]::Instance)
    $first = $Ast.Extent.StartLineNumber
    $nodes = [Collections.Generic.List[object]]::new()
    foreach ($node in $Ast.FindAll($every, $true)) {
        $map = [Collections.Generic.Dictionary[string, object]]::new()
        $map['node'] = $node.GetType().Name
        $up = -1
        $map['up'] = if ($null -ne $node.Parent -and $places.TryGetValue($node.Parent, [ref] $up)) { $up } else { -1 }
        $map['line'] = $node.Extent.StartLineNumber - $first
        Get-Detail -Node $node -Map $map
        $places[$node] = $nodes.Count
        $nodes.Add($map)
    }
    , $nodes
}

function Test-Plain([object] $Block) {
    # Whether a script block is nothing but a list of statements.
    $null -eq $Block.BeginBlock -and $null -eq $Block.ProcessBlock -and $null -eq $Block.CleanBlock -and
    $null -eq $Block.DynamicParamBlock -and $null -ne $Block.EndBlock -and $Block.EndBlock.Unnamed -and
    $Block.UsingStatements.Count -eq 0
}

function Get-InnerBlock([object] $Statement) {
    # The block of a statement that is "& { }" and no more.
    if ($Statement.GetType().Name -ne 'PipelineAst' -or $Statement.PipelineElements.Count -ne 1 -or $Statement.Background) { return }
    $command = $Statement.PipelineElements[0]
    if ($command.GetType().Name -ne 'CommandAst' -or "$($command.InvocationOperator)" -ne 'Ampersand') { return }
    if ($command.CommandElements.Count -ne 1 -or $command.Redirections.Count -ne 0) { return }
    $block = $command.CommandElements[0]
    if ($block.GetType().Name -ne 'ScriptBlockExpressionAst' -or $null -ne $block.ScriptBlock.ParamBlock) { return }
    if (Test-Plain -Block $block.ScriptBlock) { $block.ScriptBlock }
}

function Get-Part([object] $Statement) {
    # A statement as pairs of a place and a tree: the statements of the block that it is about, or itself.
    $inner = Get-InnerBlock -Statement $Statement
    $isTry = $Statement.GetType().Name -eq 'TryStatementAst' -and $Statement.Body.Statements.Count -eq 1 -and $null -eq $Statement.Body.Traps
    if ($isTry) { $inner = Get-InnerBlock -Statement $Statement.Body.Statements[0] }
    if ($null -eq $inner) { return @{ place = 'root'; ast = $Statement } }
    foreach ($part in @($inner.EndBlock.Traps) + @($inner.EndBlock.Statements)) { if ($null -ne $part) { @{ place = 'block'; ast = $part } } }
    if (-not $isTry) { return }
    foreach ($part in @($Statement.CatchClauses) + @($Statement.Finally)) { if ($null -ne $part) { @{ place = 'root'; ast = $part } } }
}

function Get-Shape([object] $Statement) {
    # What a statement of a file is: the name of its node, or the text of one that is about a block.
    if ($null -ne (Get-InnerBlock -Statement $Statement)) { return '& { }' }
    if (@(Get-Part -Statement $Statement).Count -eq 1) { return $Statement.GetType().Name }
    $ends = if ($null -eq $Statement.Finally) { '' } else { ' finally { }' }
    'try { & { } }' + ' catch { }' * $Statement.CatchClauses.Count + $ends
}

function Get-PipeLine([object[]] $Tokens) {
    # Lines that begin with a pipe: PowerShell 7 takes them as continued, Windows PowerShell 5.1 refuses them.
    $before = 'NewLine'
    foreach ($token in $Tokens) {
        $kind = "$($token.Kind)"
        if ($kind -eq 'Pipe' -and $before -eq 'NewLine') { $token.Extent.StartLineNumber }
        if ($kind -ne 'Comment') { $before = $kind }
    }
}

function Get-HelpText([string] $Path) {
    $map = [Collections.Generic.Dictionary[string, object]]::new()
    $help = @(Get-Help -Name $Path -Full)[0]
    $map['synopsis'] = "$($help.Synopsis)"
    $parameters = [Collections.Generic.Dictionary[string, object]]::new()
    $map['parameters'] = $parameters
    # A module, or a script without comment-based help, has none of this.
    if ($null -eq $help -or $null -eq $help.PSObject.Properties['description']) {
        $map['description'] = $map['example'] = ''
        return $map
    }
    $map['description'] = @($help.description | ForEach-Object { "$($_.Text)" }) -join "`n"
    $map['example'] = @($help.examples.example | ForEach-Object { "$($_.code)" }) -join "`n"
    if ($null -ne $help.parameters.PSObject.Properties['parameter']) {
        foreach ($parameter in $help.parameters.parameter) {
            $described = $parameter.PSObject.Properties['description']
            $parameters[$parameter.name] = if ($null -eq $described) { '' } else { @($described.Value | ForEach-Object { "$($_.Text)" }) -join "`n" }
        }
    }
    $map
}

$units = [Collections.Generic.List[object]]::new()
$known = [Collections.Generic.Dictionary[string, int]]::new([StringComparer]::Ordinal)
$files = [Collections.Generic.Dictionary[string, object]]::new()
foreach ($path in [IO.Directory]::GetFiles($Folder, '*', [IO.SearchOption]::AllDirectories)) {
    $text = [IO.File]::ReadAllText($path)
    $tokens = $problems = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseInput($text, $path, [ref] $tokens, [ref] $problems)
    $file = [Collections.Generic.Dictionary[string, object]]::new()
    $file['errors'] = [string[]]@($problems | ForEach-Object { "line $($_.Extent.StartLineNumber): $($_.ErrorId)" })
    $file['incomplete'] = @($problems | Where-Object { $_.IncompleteInput }).Count -gt 0
    $file['pipes'] = [int[]]@(if ($text -match '(?m)^\s*\|') { Get-PipeLine -Tokens $tokens })
    $file['requires'] = if ($null -eq $tree.ScriptRequirements) { '' }
    else { "$($tree.ScriptRequirements.RequiredPSVersion) $(@($tree.ScriptRequirements.RequiredModules) -join ' ')" }
    $file['help'] = if ($path.EndsWith('.ps1') -and $null -ne $tree.ParamBlock -and $problems.Count -eq 0) { Get-HelpText -Path $path } else { $null }
    $asts = [Collections.Generic.List[object]]::new()
    $root = [Collections.Generic.List[object]]::new()
    if (Test-Plain -Block $tree) {
        if ($null -ne $tree.ParamBlock) { $asts.Add(@{ place = 'root'; ast = $tree.ParamBlock }) }
        foreach ($statement in $tree.EndBlock.Statements) {
            $root.Add((Get-Shape -Statement $statement))
            foreach ($part in Get-Part -Statement $statement) { $asts.Add($part) }
        }
    }
    else { $asts.Add(@{ place = 'root'; ast = $tree }) }
    $file['root'] = $root.ToArray()
    $parts = [Collections.Generic.List[object]]::new()
    foreach ($found in $asts) {
        $key = $found.ast.GetType().Name + ' ' + $found.ast.Extent.Text
        if (-not $known.ContainsKey($key)) {
            $known[$key] = $units.Count
            $units.Add((Get-Unit -Ast $found.ast))
        }
        $part = [Collections.Generic.Dictionary[string, object]]::new()
        $part['place'] = $found.place; $part['unit'] = $known[$key]; $part['line'] = $found.ast.Extent.StartLineNumber
        $parts.Add($part)
    }
    $file['parts'] = $parts
    $files[[IO.Path]::GetRelativePath($Folder, $path).Replace('\', '/')] = $file
}
$all = [Collections.Generic.Dictionary[string, object]]::new()
$all['files'] = $files
$all['units'] = $units
$all['aliases'] = [string[]]@(Get-Alias | ForEach-Object { $_.Name })
[IO.File]::WriteAllText($Answer, (ConvertTo-Json -InputObject $all -Depth 8 -Compress))

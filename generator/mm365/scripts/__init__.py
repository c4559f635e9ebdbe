"""The PowerShell scripts of a change: which there are, their texts, and how an operator uses them."""

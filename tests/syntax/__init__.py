"""What the scripts are made of: their syntax trees, judged by what Windows PowerShell 5.1 and Exchange take."""

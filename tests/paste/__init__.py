"""What the paste forms do, in a real PowerShell against a stand-in of Exchange Online."""

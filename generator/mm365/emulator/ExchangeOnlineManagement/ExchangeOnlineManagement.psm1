# Emulator of the ExchangeOnlineManagement module. The tenant is one JSON file, named by the environment
# variable MM365_EXCHANGE_STATE; the faults that were ordered are in a file beside it (Faults.ps1). Every call
# reads both, and is written to the log MM365_EXCHANGE_LOG.
#
# (NOTES.md, "...") in a comment names the heading of ../NOTES.md under which the fact stands with its source.
# A behaviour whose comment cites nothing is a choice made here.

# The session may or may not be in strict mode (NOTES.md, "Windows PowerShell 5.1"). The emulator always is, so it
# acts the same in both.
Set-StrictMode -Version Latest

. $PSScriptRoot/Json.ps1
. $PSScriptRoot/State.ps1
. $PSScriptRoot/Log.ps1
. $PSScriptRoot/Errors.ps1
. $PSScriptRoot/Faults.ps1
. $PSScriptRoot/Interference.ps1
. $PSScriptRoot/Call.ps1
. $PSScriptRoot/Identity.ps1
. $PSScriptRoot/Settings.ps1
. $PSScriptRoot/Operations.ps1
. $PSScriptRoot/Listing.ps1
. $PSScriptRoot/Connectors.ps1
. $PSScriptRoot/Rules.ps1
. $PSScriptRoot/Sleep.ps1
. $PSScriptRoot/Cmdlets.ps1
. $PSScriptRoot/Export.ps1

Export-Emulator

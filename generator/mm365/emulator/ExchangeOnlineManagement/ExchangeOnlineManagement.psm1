# Emulator of the ExchangeOnlineManagement module. The tenant is one JSON file, named by the environment
# variable MM365_EXCHANGE_STATE; faults that a test orders are in a file beside it (Faults.ps1). Every call
# looks at both, and is written to the log MM365_EXCHANGE_LOG.
# "Section n" in the comments means a section of exchange-online.md, the notes on what the service does.
# A behaviour without a section is a choice made here, and says so.

# The session may or may not be in strict mode (section 7.3); the emulator always is, so both act the same.
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

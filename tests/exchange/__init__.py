"""An emulator of the ExchangeOnlineManagement module, for running the rendered scripts in a real engine."""

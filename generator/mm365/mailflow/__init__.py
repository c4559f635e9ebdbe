"""What happens to a message: a small, stated model of connectors, transport rules and the filter behind them."""

"""The rehearsal: its shells, its faults, its judgement, and the command."""

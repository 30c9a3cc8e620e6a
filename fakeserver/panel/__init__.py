"""The simulated panel: all accounts, the gate, and how a request passes through them. No I/O."""

"""The simulated panel: all accounts, the gate, and the way of a request through them. No I/O."""

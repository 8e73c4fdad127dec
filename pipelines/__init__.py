"""How the steps are put together, and the command line."""

"""What is told of an error of the operating system: its kind, and never a path."""


def why(error: OSError) -> str:
    """Return what went wrong, in the system's words where it has any."""
    return error.strerror or type(error).__name__

"""Reports in crashveil's own form, for tests of what comes behind the parsers."""

from typing import Any


def generic_report(day: int, install: int) -> dict[str, Any]:
    """A crash of one installation on a day in January 2026; each day's is another crash."""
    return {
        "format": "crashveil/1",
        "report_id": f"{day}-{install}",
        "install_id": f"install-{install}",
        "received_at": f"2026-01-{day:02}T10:00:00Z",
        "product": "Paint",
        "version": "1.0",
        "os_name": "Linux",
        "frames": [{"module": "libpaint.so", "function": f"draw{day}"}],
    }

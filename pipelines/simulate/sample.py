"""One report of a format, for tests, benchmarks and fuzzing: a crash, and what its writer made."""

from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from pipelines.simulate.chance import happens, random_uuid
from pipelines.simulate.crash import Crash, RawFile
from pipelines.simulate.faults import Faults
from pipelines.simulate.fleet import install_of, platforms_of
from pipelines.simulate.formats import FORMATS
from pipelines.simulate.personas import make_persona

_DAY = datetime(2026, 1, 5, tzinfo=UTC)
_CONSENT_REFUSED = 0.1


def sample(format_name: str, seed: int) -> tuple[Crash, RawFile]:
    """Return a crash and its report in one of `FORMATS`; the same for the same seed."""
    random = Random(seed)  # noqa: S311 - a repeatable simulation, no secret
    install = install_of(random.choice(platforms_of(format_name)), random)
    crash = Crash(
        report_id=random_uuid(random),
        format=format_name,
        install=install,
        process_type=install.platform.process_types.choose(random),
        fault=_faults().next_fault(install.platform.language, random),
        persona=make_persona(seed, random),
        received_at=_DAY + timedelta(seconds=random.randrange(80_000)),
        uptime_s=random.randrange(1, 100_000),
        consent_refused=happens(random, _CONSENT_REFUSED),
    )
    return crash, FORMATS[format_name](crash, random)


@cache
def _faults() -> Faults:
    return Faults(Random(0))  # noqa: S311 - a repeatable simulation, no secret

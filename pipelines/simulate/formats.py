"""The formats in which simulated crashes are sent: one writer each."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from pipelines.simulate.android_writers import write_anr, write_logcat, write_tombstone_proto
from pipelines.simulate.apple_ips_writer import write_apple_ips
from pipelines.simulate.apple_text_writer import (
    write_apple_crash,
    write_apple_ips_text,
    write_plcrash,
)
from pipelines.simulate.crash import Crash, RawFile
from pipelines.simulate.elf_core_writer import write_elf_core
from pipelines.simulate.generic_writer import write_generic
from pipelines.simulate.kscrash_writer import write_kscrash
from pipelines.simulate.linux_writers import (
    write_abrt_ureport,
    write_apport,
    write_coredump_json,
)
from pipelines.simulate.minidump_writer import write_minidump
from pipelines.simulate.mozilla_writers import (
    write_crash_ping,
    write_socorro_processed,
    write_socorro_raw,
    write_stackwalk_json,
)
from pipelines.simulate.multipart_writer import write_multipart_upload
from pipelines.simulate.sentry_writer import write_sentry_event
from pipelines.simulate.service_writers import (
    write_bugsnag,
    write_exceptionless,
    write_sentry_envelope,
)
from pipelines.simulate.tombstone_writer import write_tombstone
from pipelines.simulate.trace_writers import (
    write_dotnet_trace,
    write_go_panic,
    write_hs_err,
    write_javascript_trace,
    write_python_traceback,
    write_ruby_trace,
    write_rust_panic,
    write_sanitizer_report,
)
from pipelines.simulate.windows_wer_writer import write_windows_wer

Writer = Callable[[Crash, Random], RawFile]

FORMATS: Final[Mapping[str, Writer]] = {
    "minidump": write_minidump,
    "multipart_upload": write_multipart_upload,
    "apple_ips": write_apple_ips,
    "apple_ips_text": write_apple_ips_text,
    "apple_crash": write_apple_crash,
    "plcrash": write_plcrash,
    "tombstone": write_tombstone,
    "tombstone_proto": write_tombstone_proto,
    "anr": write_anr,
    "logcat": write_logcat,
    "sentry": write_sentry_event,
    "sentry_envelope": write_sentry_envelope,
    "kscrash": write_kscrash,
    "bugsnag": write_bugsnag,
    "exceptionless": write_exceptionless,
    "socorro_raw": write_socorro_raw,
    "socorro_processed": write_socorro_processed,
    "crash_ping": write_crash_ping,
    "stackwalk_json": write_stackwalk_json,
    "windows_wer": write_windows_wer,
    "apport": write_apport,
    "coredump_json": write_coredump_json,
    "abrt_ureport": write_abrt_ureport,
    "elf_core": write_elf_core,
    "hs_err": write_hs_err,
    "dotnet": write_dotnet_trace,
    "python": write_python_traceback,
    "javascript": write_javascript_trace,
    "go": write_go_panic,
    "rust": write_rust_panic,
    "ruby": write_ruby_trace,
    "sanitizer": write_sanitizer_report,
    "generic": write_generic,
}
"""By the name of the folder in which a fleet has them."""

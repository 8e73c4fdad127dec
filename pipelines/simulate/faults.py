"""What crashes: stacks, a few of which dominate and hundreds are rare, and what they say.

A fault is the same in every report of it, so that crashes can be told alike; only the personal
values in its message differ.
"""

from dataclasses import dataclass
from random import Random

from pipelines.simulate.chance import Weighted, happens, zipf

_NATIVE_FAULTS, _MANAGED_FAULTS = 400, 120
_EXPONENT, _SHIFT = 1.15, 1.0
_WITH_PERSONAL_MESSAGE = 0.45

LANGUAGES = ("java", "csharp", "python", "javascript", "go", "rust", "ruby")


@dataclass(frozen=True, slots=True)
class FaultFrame:
    """One frame: its component (a library or package), function, source and place."""

    component: str
    function: str
    file: str
    line: int
    offset: int
    own: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to crash. `kind` is `access`, `abort` or `trap`, or a managed exception's class.

    `message` may hold names of `Persona`'s fields in braces, and `{home}`.
    """

    kind: str
    message: str
    frames: tuple[FaultFrame, ...]


_CLASSES = {
    "net": ("HttpStream", "SocketPool", "TlsSession", "DnsResolver", "ProxyChain"),
    "renderer": ("LayoutTree", "PaintQueue", "TextShaper", "ImageDecoder", "FrameScheduler"),
    "storage": ("PageCache", "IndexWriter", "Journal", "BlobStore", "Compactor"),
    "gpu": ("CommandBuffer", "ShaderCache", "SwapChain", "TextureAtlas"),
    "core": ("TaskRunner", "MessageLoop", "ThreadPool", "Timer", "RefCounted"),
}
_METHODS = (
    "Read",
    "Write",
    "Flush",
    "Open",
    "Close",
    "Resize",
    "Commit",
    "Dispatch",
    "Acquire",
    "Release",
    "Visit",
    "Parse",
)
_SYSTEM = (
    ("kernel", "WaitForObject"),
    ("runtime", "memcpy"),
    ("runtime", "abort"),
    ("kernel", "ThreadStart"),
)
_PACKAGES = {"sync": "Sync", "editor": "Editor", "search": "Search", "account": "Account"}
_ROLES = ("Worker", "Session", "Store", "Controller", "Index")
_MANAGED_KINDS = {
    "java": (
        "java.lang.IllegalStateException",
        "java.lang.NullPointerException",
        "java.io.IOException",
    ),
    "csharp": (
        "System.InvalidOperationException",
        "System.NullReferenceException",
        "System.IO.IOException",
    ),
    "python": ("ValueError", "PermissionError", "ConnectionError", "KeyError"),
    "javascript": ("TypeError", "RangeError", "Error", "ReferenceError"),
    "go": ("panic",),
    "rust": ("panic",),
    "ruby": ("ArgumentError", "IOError", "Atlas::SyncError"),
}
_PLAIN_MESSAGES = (
    "assertion failed: width > 0",
    "unexpected end of stream",
    "object reference is not set",
    "index out of range",
    "out of memory while resizing the cache",
)
_PERSONAL_MESSAGES = (
    "Cannot open {home}/Documents/notes.db",
    "Permission denied: '{home}/.config/settings.json'",
    "login failed for {mail_address}",
    "connect to {ip_address}:443 refused",
    "no route to host {ipv6_address}",
    "profile of {user_name} is locked",
    "cannot resolve {host_name}: timed out",
    "request to https://api.example.org/v2/sync?token={json_web_token} failed",
    "proxy http://{user_name}:{url_password}@proxy.example.org:3128/ refused the connection",
    "S3 rejected access key {access_key}",
    "push rejected for token {api_key}",
    "payment with card {credit_card} declined",
    "cannot send code to {phone_number}",
    "no adapter with address {mac_address}",
    "access denied for {windows_sid}",
    "device {device_id} is not registered",
)


class Faults:
    """The catalogue of one seed, from which the next crash is chosen."""

    def __init__(self, random: Random) -> None:
        self._native = _catalogue([_native(random) for _ in range(_NATIVE_FAULTS)])
        self._managed = {
            language: _catalogue([_managed(language, random) for _ in range(_MANAGED_FAULTS)])
            for language in LANGUAGES
        }

    def next_fault(self, language: str, random: Random) -> Fault:
        """Return what goes wrong next in a program of a language (`native` or one of LANGUAGES)."""
        return self._managed.get(language, self._native).choose(random)


def _catalogue(faults: list[Fault]) -> Weighted[Fault]:
    return zipf(faults, _EXPONENT, _SHIFT)


def _message(random: Random) -> str:
    personal = happens(random, _WITH_PERSONAL_MESSAGE)
    return random.choice(_PERSONAL_MESSAGES if personal else _PLAIN_MESSAGES)


def _native(random: Random) -> Fault:
    """Return a stack that goes from a component down through the core to the thread's start."""
    component = random.choice(tuple(_CLASSES))
    places = [component] * random.randint(2, 5) + ["core"] * random.randint(2, 4)
    frames = [_native_frame(place, random) for place in places]
    kind = random.choice(("access", "access", "abort", "trap"))
    if kind == "abort":
        frames.insert(0, _system_frame(2, random))
    elif happens(random, 0.2):
        frames.insert(0, _system_frame(1, random))
    return Fault(kind, _message(random), (*frames, _system_frame(3, random)))


def _native_frame(component: str, random: Random) -> FaultFrame:
    owner = random.choice(_CLASSES[component])
    return FaultFrame(
        component,
        f"{component}::{owner}::{random.choice(_METHODS)}",
        f"{component}/{owner.lower()}.cc",
        random.randint(20, 900),
        random.randrange(0x1000, 0x180000) & ~3,
        own=True,
    )


def _system_frame(index: int, random: Random) -> FaultFrame:
    component, function = _SYSTEM[index]
    return FaultFrame(component, function, "", 0, random.randrange(0x1000, 0x60000) & ~3, own=False)


def _managed(language: str, random: Random) -> Fault:
    frames = [_managed_frame(language, random) for _ in range(random.randint(2, 5))]
    outer = _FRAMEWORK_FRAMES[language]
    own_first = happens(random, 0.7)
    stack = (*frames, outer) if own_first else (outer, *frames)
    return Fault(random.choice(_MANAGED_KINDS[language]), _message(random), stack)


_FRAMEWORK_FRAMES = {
    "java": FaultFrame("android.os.Handler", "dispatchMessage", "Handler.java", 106, 0, own=False),
    "csharp": FaultFrame("System.Private.CoreLib", "Task.Execute", "Task.cs", 2381, 0, own=False),
    "python": FaultFrame("asyncio.events", "_run", "asyncio/events.py", 88, 0, own=False),
    "javascript": FaultFrame(
        "node:internal", "processTicks", "node:internal/process/task_queues", 95, 0, own=False
    ),
    "go": FaultFrame("net/http", "(*conn).serve", "net/http/server.go", 2092, 0, own=False),
    "rust": FaultFrame("tokio::runtime", "block_on", "runtime/mod.rs", 311, 0, own=False),
    "ruby": FaultFrame("puma", "process_client", "puma/server.rb", 443, 0, own=False),
}


def _managed_frame(language: str, random: Random) -> FaultFrame:
    package = random.choice(tuple(_PACKAGES))
    owner = _PACKAGES[package] + random.choice(_ROLES)
    method, line = random.choice(_METHODS), random.randint(10, 700)
    snake = f"{method}_{package}".lower()
    component, function, file = {
        "java": (f"org.atlas.{package}.{owner}", method.lower(), f"{owner}.java"),
        "csharp": (f"Atlas.{package.title()}", f"{owner}.{method}Async", f"{owner}.cs"),
        "python": (
            f"atlas.{package}.{owner.lower()}",
            snake,
            f"atlas/{package}/{owner.lower()}.py",
        ),
        "javascript": (
            f"{package}/{owner.lower()}",
            method.lower() + owner,
            f"app:///dist/{package}/{owner.lower()}.js",
        ),
        "go": (f"example.org/atlas/{package}", f"(*{owner}).{method}", f"{package}/{snake}.go"),
        "rust": (f"atlas::{package}::{owner}", method.lower(), f"src/{package}/{snake}.rs"),
        "ruby": (f"Atlas::{owner}", method.lower(), f"lib/{package}/{snake}.rb"),
    }[language]
    return FaultFrame(component, function, file, line, 0, own=True)

"""User names in the home folders of all systems, and other ids that paths carry."""

from typing import Final

from transforms.scrub.recognizers.value_pattern import ValuePatternRecognizer

_SEPARATOR = r"(?:\\{1,2}u00(?:2F|5C)|[\\/]{1,4}|%(?:25)?(?:2F|5C))"
"""Between parts of a path: plain, JSON-escaped once or twice, or in a URL or two."""


def _part(but: str) -> str:
    """Return what matches a part of a path, up to an encoded separator, without some characters."""
    plain = rf"[^{but}%]{{0,64}}"
    encoded = "(?:25)?(?:2F|5C)"
    return rf"(?=[^{but}])(?!%{encoded}){plain}(?:%(?!{encoded}){plain}){{0,8}}"


_WIDE_PART = _part(r"\\/\r\n\"<>|:*?")
_NARROW_PART = _part(r"\\/\s\"'<>|:;,?*()\[\]{}")
_NAME = (
    rf"(?P<value>(?!\x20){_WIDE_PART}(?={_SEPARATOR})"
    rf"|{_NARROW_PART}(?:\x20(?-i:[A-Z])(?:[\w-]|['\u2019](?=\w)){{1,40}}){{0,2}})"
)
"""A name may hold almost anything where a further part of the path shows that it goes on. At the
path's end it may hold spaces before capitals."""

_NOT_IN_SOURCES = (
    r"(?<!(?:^|[\s\"'(/\\])(?:src|java|kotlin|com|org|io|pages|components|views|screens|features"
    r"|routes|ui)"
    r"[/\\](?:[\w.@-]{1,64}[/\\]){0,2})"
)
"""Folders in which `home` is what an application calls its first page, or a package."""
_NOT_OF_AN_ENGINE = r"(?!(?<=/base/data/home/)(?:apps|runtimes)/)"
"""Where App Engine has what it runs."""
_NO_NAME_BELOW_A_HOME = (
    r"(?!(?:library|documents|desktop|downloads|pictures|music|movies|videos|public|applications"
    r"|appdata|bin|libs?|go|src|snap|opt"
    r"|local|tmp|temp|build|cache|config|data|logs?|workspace|projects?|code|dev|git|vim\w{0,8}"
    r"|nohup|node_modules|android|scoop"
    r"|(?:mini|ana)conda\d?)\b)"
)
"""What many have in their home folders."""
_OLD_PROFILES = (
    r"(?:Documents\x20and\x20Settings|DOCUME~\d|Profiles|Dokumente\x20und\x20Einstellungen"
    r"|Documents\x20et\x20Settings"
    r"|Benutzer|Utilisateurs|Usu[a\xe1]rios|Utenti|Gebruikers|Brugere|Anv\wndare|K\wytt\wj\wt"
    r"|U\wytkownicy|\u041f\u043e\u043b\u044c\u0437\u043e\u0432\u0430\u0442\u0435\u043b\u0438)"
)
"""Where profiles were before Windows Vista, and what other languages show for `Users`."""

_NOBODY: Final = frozenset(
    {
        "shared",
        "public",
        "default",
        "all users",
        "default user",
        ".",
        "..",
        "macintosh hd",
        "recovery",
        # of machines that build and test
        "runner",
        "runneradmin",
        "vsts",
        "vssadministrator",
        "circleci",
        "containeradministrator",
        "containeruser",
        # where a name is to be put
        "%username%",
        "$user",
        "${user}",
    }
)


_OF_AN_INTERFACE: Final = r"(?-i:/users/\d{1,2}(?=[#/?\"'\s)\]}>,;]|$))"
"""The path of a request with a number that only its server knows: homes are in `/Users`."""


class UserPathRecognizer(ValuePatternRecognizer):
    """Finds the user's name in paths below the home folders of Linux, macOS and Windows.

    Where homes are: the Filesystem Hierarchy Standard 3.0 section 3.8, Apple's File System
    Programming Guide, and Windows' known folder FOLDERID_UserProfiles of each version.
    """

    ENTITY = "USER_NAME"
    SCORED_PATTERNS = (
        (
            "home folder",
            rf"(?<![\w.])(?!{_OF_AN_INTERFACE}){_SEPARATOR}(?:(?:var|export|usr|\.\."
            rf"|volume\d{{1,2}}){_SEPARATOR})?"
            rf"(?:home\d?(?:{_SEPARATOR}users)?|homes|Users){_SEPARATOR}{_NAME}",
            0.9,
        ),
        (
            "medium or mailbox of a user",
            r"(?<![\w.])/(?:(?:run/)?media|var/(?:spool/)?mail|var/spool/cron/crontabs"
            rf"|run/user)/{_NAME}",
            0.8,
        ),
        (
            "profile folder",
            rf"(?:\b[A-Z]:{_SEPARATOR}{_OLD_PROFILES}|%3A{_SEPARATOR}(?:Users|{_OLD_PROFILES}))"
            rf"{_SEPARATOR}{_NAME}",
            0.9,
        ),
        (
            "profile folder of the system",
            rf"(?:%SystemDrive%|\bWindows){_SEPARATOR}(?:Users|{_OLD_PROFILES}){_SEPARATOR}{_NAME}",
            0.9,
        ),
        (
            "home folder behind a mount point or a drive",
            rf"(?:[\w.]{_SEPARATOR}(?:(?-i:Users)|Documents\x20and\x20Settings)"
            rf"|(?:\w|(?<=\w/)\.\.){_SEPARATOR}{_NOT_IN_SOURCES}home){_SEPARATOR}"
            rf"{_NOT_OF_AN_ENGINE}{_NAME}(?={_SEPARATOR})",
            0.8,
        ),
        (
            "home folder on a server",
            rf"[\w.]{_SEPARATOR}(?:homes?|users?|profiles?)\${_SEPARATOR}{_NAME}"
            r"|(?<![\w\\:])\\\\(?:\\\\)?[\w.$-]{2,255}\\{1,2}(?:homes?|users"
            rf"|profiles?)\\{{1,2}}{_NAME}",
            0.8,
        ),
        (
            "company in OneDrive",
            rf"(?-i:OneDrive)(?:\x20-\x20|-)(?P<value>{_WIDE_PART})(?={_SEPARATOR}|$)",
            0.7,
        ),
        (
            "folder of temporary files by its user",
            r"(?-i:\bhsperfdata_(?P<value>[\w.-]{1,64})|\bpytest-of-(?P<value>[\w.-]{1,64}))",
            0.8,
        ),
        (
            "folder in a home that a variable stands for",
            rf"(?:\$HOME|\$\{{HOME\}}|%USERPROFILE%)[/\\](?P<value>{_NO_NAME_BELOW_A_HOME}"
            r"[^\W_][^/\\\s\"'<>|:;,?*()\[\]{}$]{1,63})",
            0.6,
        ),
        ("volume", rf"(?<![\w.])/Volumes/{_NAME}", 0.6),
        ("home folder by tilde", r"(?<![\w~/.])~(?P<value>[a-z_][\w.-]{1,31})/", 0.8),
    )

    def accepts(self, value: str) -> bool:
        """Refuse the names of folders that belong to no one."""
        return value.lower() not in _NOBODY


class PathIdRecognizer(ValuePatternRecognizer):
    """Finds parts of paths that tell one user of a machine apart without naming them."""

    ENTITY = "DEVICE_ID"
    SCORED_PATTERNS = (
        ("macOS folder of temporary files", r"/var/folders/(?P<value>[\w+]{2}/[\w+]{20,40})", 0.9),
        (
            "profile of Firefox",
            r"\bProfiles[/\\]{1,2}(?:(?P<value>(?=[a-z]{0,7}\d)[a-z\d]{8})\.[\w-]{2,64}"
            r"|(?P<value>[a-z]{8})\.(?:default|dev-edition))",
            0.8,
        ),
        ("ChromeOS home", r"/home/(?:user|root|chronos)/(?:u-)?(?P<value>[0-9a-f]{40})", 0.9),
    )

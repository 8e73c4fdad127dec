"""How a name and its value are written: `name=value`, JSON, YAML, and what a value is not."""

from transforms.scrub.recognizers.placeholders import NOT_AN_EXPRESSION

_TYPES = (
    r"String|Substring|Character|U?Int(?:8|16|32|64)?|Double|Float(?:32|64)?|Bool|Data|Date|URL"
    r"|UUID|Any(?:Object)?|Optional|Array"
    r"|Dictionary|Set|Error|Result|Void|Self|Element|Object|Token|Secret|Password|Key|Host"
    r"|Hostname|Credentials?|Cookie|Session"
    r"|User|Account|Device|Owner|Sender|Author|Name|Value|str|int|bool|float|bytes"
)
"""What parameters are declared as in one word: another word before a comma is a value."""
NOT_A_TYPE = (
    r"(?!\s{0,4}(?-i:(?:(?:inout|__owned|__shared|@\w{1,20})\s)?"
    r"(?:(?:(?:[A-Z]\w{0,60}|kotlin|__C)\.){1,4}[A-Z][A-Za-z\d]{0,60}(?:<[^<>]{0,200}>)?"
    r"|[A-Z][A-Za-z\d]{0,60}<[^<>]{0,200}>"
    rf"|{_TYPES}|[A-Z]|(?:NS|UI|CG|CF|AV|WK)[A-Z][A-Za-z]{{1,40}}|(?:[A-Z][a-z]{{2,20}}){{2,6}})"
    r"[?!]?\s{0,4}(?:[,)\[]|->|(?<=\s)=)|[A-Z]\w{0,60}\s{0,4}\{))"
)
_NOT_A_SELECTOR = r"(?![A-Za-z_]{1,64}[:\]])"
"""A parameter's type in a Swift or Kotlin signature, the next part of an Objective-C selector."""
_WRAPPED = (
    r"(?:(?:(?-i:[A-Z]\w{0,40}\(){1,3}|br?|u|r|@)(?=\\?[\"'])|(?-i:Some|Optional|Just)[(\[]"
    r"|(?:bearer|basic)\s{1,4}(?=[^\s\"'])|[|>][+-]?\x20{0,4}\r?\n\s{1,16})?"
)
"""What a value may stand in where it is shown, or behind.

`Some("a")` in Rust, `Some(a)` in Scala, `b'a'`, `@"a"` in Objective-C; `Bearer a`; YAML's `|`.
"""

_SIGN = (
    r"(?:\[\])?(?:\\?[\"'])?\]?\s{0,4}(?::=(?=\s{0,4}[\"'])|=>|=(?!\s{1,4}\w+=)"
    rf"|:(?!:){NOT_A_TYPE}{_NOT_A_SELECTOR})\s{{0,4}}(?:\[\s?(?=\\?[\"']))?"
)
_BESIDE = (
    r"(?:\\?[\"']|\r?\n)\s{0,16}(?:,\s{0,16})?(?:\\?[\"'])?value(?:\\?[\"'])?\s{0,9}[=:]\s{0,9}"
    r"|\\?[\"']\s{1,9}(?:value|is(?=\s{1,9}\\?[\"'][^\"'\\]{0,64}\d))\s{1,9}(?=\\?[\"'])"
)
_VALUE = (
    r"(?:\\[\"'](?P<value>[^\"'\\]+)|\"(?P<value>(?:[^\"\\]|\\.)+)|'(?P<value>(?:[^'\\]|\\.)+)"
    rf"|{NOT_AN_EXPRESSION}(?P<value>[^\s\"'\\,;&<>(){{}}\[\]|]+))"
)
ASSIGNED = _SIGN + _WRAPPED + _VALUE
"""What follows a key's name: `=value`, `: value`, `": "value"`, also JSON within JSON."""
BESIDE_OR_ASSIGNED = rf"(?:{_BESIDE}|{_SIGN}){_WRAPPED}{_VALUE}"
"""The same where both may be items of their own: `"name": "key", "value": "value"`."""

"""What stands where a value would, and is none: placeholders, words of messages, code."""

import re
from typing import Final

NO_VALUE: Final = frozenset({
    "null", "nil", "none", "true", "false", "undefined", "empty", "invalid", "required", "missing",
    "unknown", "not", "is", "must", "expected",
})  # fmt: skip
"""Words that stand where a value would, or that a message goes on with."""

_KINDS: Final = (
    r"(?:pass(?:word|wd|phrase)?|pwd|pw|token|secret|key|user(?:[_\x20-]?name)?|login"
    r"|name|id|e?-?mail|auth|credentials?|host)"
)
"""What placeholders are named after."""
_PARTS: Final = (
    r"(?:db|my|app|api|auth|access|admin|user|root|new|old|git(?:hub|lab)?|aws|ssh|ftp|smtp|mail"
    r"|mysql|pg|postgres|ldap|redis"
    r"|refresh|client|vault|ansible|bot|jwt|oauth|service|account|secret|database|private|public"
    r"|login|default|test)"
)
"""What stands before a kind in the name of a variable: `$DB_PASSWORD`."""
IN_BRACKETS: Final = (
    r"<(?i:(?:your|insert|enter|put|replace|paste)(?=[\x20_-])[a-z\x20_'/-]{0,60}"
    rf"|(?:[a-z]{{1,24}}[\x20_-]){{0,3}}(?:{_KINDS}|jwt|here))>"
)
"""Words in angle brackets that tell what to put there: `<your API token>`."""
_FILLER: Final = (
    r"(?:AKIA|ASIA|(?:(?:[sprw]k|live|test|gh[pousr]|xox[a-z]|glpat|npm|hf|key|SG"
    r"|api)[_.-]){1,3})?[xX]{8,}"
    r"(?:[_.-](?:[xX]{4,}|atlasv\d)){0,6}"
)
"""Rows of one letter where a key would be, between what its issuer writes in each."""
_ONE: Final = (
    r"(?:\$\d{1,2}|:[a-z_]{3,32}"
    # formats of C, Go, Python and Foundation
    r"|%(?:\([a-z_]{1,32}\))?[-#+0]{0,2}\d{0,3}(?:\.\d{1,3})?(?:hh?|ll?|[jtz])?[a-zA-Z@]"
    # variables of shells and templates
    r"|\$[A-Z][A-Z_]{2,32}|\$(?:[A-Z][A-Z\d]{0,16}_){1,4}(?:[A-Z]{2,16})|\$\{[\w.:-]{1,64}\}"
    r"|\$\{\{?\s?[\w.]{1,64}\s?\}?\}"
    rf"|\$(?i:(?:{_PARTS}_?){{0,3}}{_KINDS})"
    rf"|[\#%]?\{{\{{?\s?(?:[A-Za-z]{{1,16}}[_.]){{0,3}}(?i:{_KINDS})\s?\}}?\}}"
    r"|%[A-Z][A-Z_]{2,32}%|\$\([A-Za-z_]\w{2,32}\)|\$env:[A-Za-z_]\w{1,32}"
    r"|\{\{\s?[\w.]{1,64}\s?\}\}|\{\d{0,2}\}|(?:this|self)(?:\.[A-Za-z_]\w{0,63}){1,3}"
    rf"|<[a-z_\x20-]{{2,32}}>|{IN_BRACKETS}|[\[(<*_-]{{0,5}}(?i:redacted|filtered|masked|hidden"
    r"|removed|scrubbed|omitted|obfuscated)[\])>*_-]{0,5}"
    r"|(?i:your[_-](?:[a-z]{1,16}[_-]){0,3}(?:key|token|secret|password|id|name|username"
    r"|email)(?:[_-]here)?|x{4,})"
    rf"|{_FILLER})"
)
_PLACEHOLDER: Final = re.compile(
    rf"[\"']?{_ONE}(?:[\"']?:[\"']?{_ONE})?[\"']?"
    r"|[\"']?(?:user(?:name)?|login):pass(?:word|wd)?[\"']?"
)
"""One, or two as a name and a password have them: `"$USER:$PASSWORD"`, `username:password`."""
PACKAGE: Final = re.compile(r"(?:com|org|net)\.[a-z]\w*\.[\w.]+")
SOURCE_FILE: Final = r"[\w.-]{1,64}\.(?:c|cc|cpp|cs|erl|ex|go|h|java|js|kt|mm?|py|rb|rs|swift|ts)"
"""A file of code."""
_OBJECT: Final = re.compile(
    r"(?:[a-z]\w{0,63}\.){2,12}[A-Z][\w$]{0,127}@(?=\d{0,7}[a-f])(?=[a-f]{0,7}\d)[0-9a-f]{5,8}"
)
"""What Java shows of an object (`Object.toString`)."""
_MEMBER: Final = re.compile(
    r"(?:process\.env|os\.environ|env|secrets|var|config"
    r"|settings)\.[A-Z][A-Z\d]{0,16}(?:_[A-Z\d]{1,16}){0,4}"
    r"|(?:env|secrets|var|config|settings|options|args|params|request|req|ctx|context|props|user"
    r"|account|form|data|body|payload|response|result|session|credentials?|auth|state|event|row"
    r"|client|input)"
    r"\.(?:[A-Za-z_]\w{0,32}\.){0,2}(?:[A-Za-z]{1,16}_"
    rf"|[a-z]{{1,16}}(?=[A-Z])){{0,2}}(?i:{_KINDS}|value|text)(?:\.(?:data|text|value))?"
)
"""What a program has such values from."""
OF_A_MESSAGE: Final = re.compile(
    r"(?:not|must|should|cannot|please|is|has|this\x20field"
    r"|too)\x20(?:(?:be|is|a|an|not|been)\x20){0,2}"
    r"(?:valid|invalid|required|empty|blank|match\w*|contain\w*|enter|provide\w*|choose|used?"
    r"|long(?:er)?|short(?:er)?|greater|less|weak|already|at\x20least"
    r"|have|include\w*|exceed\w*|unique|set|specified|found|allowed|correct|incorrect|missing"
    r"|null|expired|string|number)\b.*",
    re.DOTALL | re.IGNORECASE,
)
"""What a check of a form says of a value."""

_FAILED: Final = (
    r"(?<!\w)(?:(?:(?:could|can|did)(?:\x20not|n['\u2019]t)|cannot|unable\x20to"
    r"|fail(?:ed|s|ure)?\x20to)\x20(?:un)?(?:pars|read|decod|load|decrypt|marshal|serializ"
    r"|deserializ|verif|validat|fetch|get)"
    r"|(?:error|failed|failure)\x20(?:in\x20|while\x20|when\x20)?(?:pars|read|decod|load|decrypt"
    r"|unmarshal|verify|validat|fetch|gett)ing\x20)"
)
"""A line says that something could not be read, before it says why."""
NOT_AN_EXPRESSION: Final = (
    # Android's windows: `Token{1f0c3a`
    r"(?!(?-i:(?:[A-Z][a-z]{1,31}){0,4}Token)\{[0-9a-f]{5,8}(?!\w)"
    # `could not parse api_key: unexpected EOF`
    r"|(?:unexpected|malformed|illegal|unable|unsupported|unrecogni[sz]ed|error|bad|parse"
    r"|syntax)\x20[a-z]"
    rf"(?<={_FAILED}[\w.\x20\"'-]{{1,48}}:\x20[a-z]{{3,12}}\x20[a-z])"
    # `request.form['x']`, `params[:x]`
    r"|\$?[A-Za-z_]\w{0,63}(?:(?:\.|->|::)[A-Za-z_]\w{0,63}){0,6}\[(?:[\"']|:[a-z])"
    # `config.get('x')`, `$request->input($x)`, `getToken(x)`
    r"|\$?[A-Za-z_]\w{0,63}(?:(?:\.|->|::)[A-Za-z_]\w{0,63}){1,6}\([\"'$)]"
    r"|(?:get|read|load|fetch|generate|create|make|decrypt|encrypt|decode|encode|derive|input"
    r"|prompt|require|env)(?-i:(?:(?<=[a-z])[A-Z]|_)\w{0,40})?\("
    # `$password = $input;`, `'password' => $input`
    r"|(?<=\$\w{1,64}(?:->\w{1,64})?\s{0,4}=\s{0,4}"
    r"|[\"']\s{0,4}=>\s{0,4})\$[A-Za-z_]\w{0,63}(?:->|[\[;,)\]]))"
)
"""Code whose value is not told, or what went wrong, where a value without quotes would be."""
WORDS_ABOUT_AN_OPTION: Final = (
    r"(?:option|flag|argument|parameter|switch|setting|is|was|are|has|must|should|can|cannot|may"
    r"|will|needs?|requires?|with|without|and|or|for|not|if|when|given|specified|missing|required"
    r"|invalid|but|instead|because)"
)
SAID_OF_AN_OPTION: Final = rf"(?!{WORDS_ABOUT_AN_OPTION}(?=[.,:;\"'`)]{{0,2}}(?:\s|$)))"
"""What is said of an option in place of its value: `--host is required`."""


def is_placeholder(value: str) -> bool:
    """Tell whether a text stands for a value in a statement, a template or an example."""
    return _PLACEHOLDER.fullmatch(value) is not None


def is_no_value(value: str) -> bool:
    """Tell whether what stands where a value would is a placeholder, code, or said of a value."""
    return (
        is_placeholder(value)
        or PACKAGE.fullmatch(value) is not None
        or _OBJECT.fullmatch(value) is not None
        or _MEMBER.fullmatch(value) is not None
        or OF_A_MESSAGE.fullmatch(value) is not None
    )

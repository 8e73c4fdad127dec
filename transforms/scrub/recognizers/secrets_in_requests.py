"""Secrets in what a client sends to a server: headers, cookies, queries, dialogues."""

from transforms.scrub.recognizers.placeholders import SOURCE_FILE
from transforms.scrub.recognizers.secret_values import NOT_IN_BRACKETS, SecretRecognizer


class SecretInRequestRecognizer(SecretRecognizer):
    """Finds what a request shows to be let in, and what it is let in with later."""

    SCORED_PATTERNS = (
        (
            "authorization header",
            r"(?<![a-z])(?:proxy-)?authorization(?:\\?[\"'])?\s{0,4}[:=]\s{0,4}(?:\\?[\"'])?"
            r"(?:(?:basic|bearer|(?:api-?)?token|negotiate|api-?key"
            rf"|ntlm)\s{{1,16}}{NOT_IN_BRACKETS}(?P<value>[^\s\"'\\,;]{{1,4096}})"
            r"|(?:digest|oauth|hawk|mac|hmac|signature|aws4-hmac-sha256"
            r"|shared(?:key|access\w{0,16}))\s{1,4}(?P<value>[^\r\n]{4,4096})"
            r"|(?!(?:basic|bearer|digest|negotiate|ntlm"
            rf"|token)(?![^\s\"'\\,;])){NOT_IN_BRACKETS}(?P<value>[^\s\"'\\,;]{{4,2048}}))"
            # with its value as an item of its own: `"name": "Authorization", "value": "a"`
            r"|[\"'](?:proxy-)?authorization\\?[\"']\s{0,4},\s{0,16}"
            r"(?:\\?[\"']value\\?[\"']\s{0,4}:\s{0,4}\\?[\"'](?:(?:basic|bearer"
            rf"|(?:api-?)?token)\s{{1,4}})?{NOT_IN_BRACKETS}"
            rf"|b?\\?[\"'](?:(?:basic|bearer|(?:api-?)?token)\s{{1,4}}{NOT_IN_BRACKETS}"
            r"|(?!(?-i:(?:[a-z]{1,16}-){1,5}[a-z\d]{1,12})\\?[\"'])(?=[^\s\"']{0,64}\d)"
            r"(?=[^\s\"']{8})))(?P<value>[^\"'\\]{1,4096})",
            0.9,
        ),
        (
            "authorization as a member",
            r"[\"']auth\\?[\"']\s{0,2}:\s{0,2}\\?[\"'](?P<value>[^\"'\\]{1,512})",
            0.7,
        ),
        (
            "cookie of a session",
            r"(?:[a-z]_session|\.ASPXAUTH|remember_me|(?<![a-z])_g(?:a|id)|(?<![a-z])_fbp"
            r"|(?<![\w.-])sid(?==(?!0x)(?-i:(?![A-Z\d]{1,15}(?![\w%.+/=-])))))"
            r"=(?=(?-i:[a-z_.-]{0,64}[A-Z\d%]))(?P<value>[\w%.+/=-]{8,4096})",
            0.7,
        ),
        (
            "cookies of a header",
            r"(?<![a-z])(?:set-)?cookie2?:\x20?(?P<value>[\w.%-]{1,64}=[^\r\n\"']{1,4096})",
            0.9,
        ),
        (
            "code, ticket or state in a query",
            r"(?<!\.(?:[cm]?js|css|wasm|map|woff2?))[?&](?:code|state|ticket|key|auth|sid"
            r"|assertion|id_token_hint|hash|nonce)="
            r"(?P<value>(?=[^\s&\"'<>]{0,64}\d)[^\s&\"'<>#]{16,4096})",
            0.7,
        ),
        (
            "credentials before a host and its port",
            rf"(?<![\w.:/@%+-])(?!{SOURCE_FILE}:)[\w.%+-]{{1,64}}:"
            r"(?P<value>[^\s:@/\"'<>(){}\[\],;|]{3,64})@"
            r"(?:(?:tcp|unix|udp)\("
            rf"|(?!{SOURCE_FILE}:)[a-z][\w-]{{0,62}}(?:\.[\w-]{{1,63}}){{0,8}}:"
            r"(?:\d{3,5}(?![\w:])|port\b))",
            0.8,
        ),
        (
            "credentials in a dialogue with a mail server",
            r"(?-i:\bAUTH\x20(?:PLAIN|LOGIN"
            r"|XOAUTH2)\x20)(?P<value>(?=(?-i:[a-z]{0,64}[A-Z\d+/=]))[a-z\d+/=]{8,4096})(?!\w)"
            r"|\blogin\x20incorrect(?:\x20\([^()\r\n]{1,64}\))?:\x20\["
            r"(?P<value>[^\[\]\r\n]{2,128})\]",
            0.8,
        ),
    )

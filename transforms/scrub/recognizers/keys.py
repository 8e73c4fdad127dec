"""Keys and tokens that tell themselves: by the prefixes of their issuers, by their frame."""

from transforms.scrub.recognizers.placeholders import is_placeholder
from transforms.scrub.recognizers.value_pattern import ValuePatternRecognizer

_LONG, _FEWEST = 20, 3
"""Fillers such as `key-0000…` show fewer different characters than a key."""
_COUNTED = r"(?:0?123456|abcdef0123|0{6})"
"""Where what fills a field begins, and no key."""
_NO_WORD = 24
"""Letters in a row that no word has so many of: a key may be of small letters alone."""
_WORDS_TOGETHER = (
    r"(?-i:(?:[a-z](?=[A-Z]))?(?:[A-Z]{0,8}[a-z]{2,24}\d{0,4}|[A-Z]{1,3}\d{1,4})"
    r"(?:[A-Z]{1,8}(?:[a-z]{2,24}\d{0,4}|(?<=[A-Z]{2})s(?![a-z]))|[A-Z]{1,3}\d{1,4}"
    r"|(?<=\d)[a-z]{2,24}\d{0,4}){0,9}[A-Z]{0,3}(?!\w))"
)
"""A name in code: `StreamDecoder2`, `H264Stream`, `kObjectIDsKey`. Random letters are small ones in
rows of two or more only by a rare chance. Each name can be read in one way alone: else reading it
would take time without end."""


class KeyRecognizer(ValuePatternRecognizer):
    """Finds keys and tokens by the prefixes that their issuers document."""

    ENTITY = "API_KEY"
    SCORED_PATTERNS = (
        (
            "AWS access key id",
            r"(?-i:\b(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA)[0-9A-Z]{16}\b)",
            1,
        ),
        (
            "GitHub token",
            r"(?-i:\b(?:gh[pousr]_(?:[A-Za-z0-9]{30,255}"
            r"|(?=[A-Za-z]{0,29}\d)[A-Za-z0-9]{16,29}(?!\w))|github_pat_\w{22,255}))",
            1,
        ),
        (
            "GitLab token",
            r"(?-i:\bgl(?:pat|dt|rt|cbt|ptt|soat|ft|imt|agent|oas|ffct|wt)-[\w-]{20,255})",
            1,
        ),
        ("Slack token", r"(?-i:\b(?:xox[a-z]\.)?x(?:ox[abceoprs]|app)-[\w-]{10,255})", 1),
        ("Google key", r"(?-i:\bAIza[\w-]{35}|\bya29\.[\w-]{20,1024}|\bGOCSPX-[\w-]{20,64})", 1),
        (
            "Stripe key",
            r"(?-i:\b(?:[sr]k|pk|whsec)_(?:live_|test_|\d{1,10}_)?[A-Za-z0-9]{16,255})",
            1,
        ),
        (
            "secret of a payment at Stripe",
            r"(?-i:\b(?:pi|seti|cs|src)_[A-Za-z0-9]{10,64}_secret_[A-Za-z0-9]{10,64})",
            1,
        ),
        ("SendGrid key", r"(?-i:\bSG\.[\w-]{16,64}\.[\w-]{16,64})", 1),
        ("package registry token", r"(?-i:\b(?:npms?_[A-Za-z0-9]{30,64}|pypi-[\w-]{40,255}))", 1),
        (
            "language model key",
            r"(?-i:\bsk-(?:(?:[a-z]{2,12}-){0,2}[A-Za-z0-9_-]{20,255}"
            r"|(?![A-Za-z][a-z]{1,12}(?:[A-Z][a-z]{2,12}){1,4}\d?(?![\w-]))[A-Za-z0-9]{16,19}"
            r"(?![\w-])))",
            1,
        ),
        (
            "Twilio, Mailgun or Mailchimp key",
            r"(?-i:\b(?:(?:AC|SK|(?:pub)?key-)[0-9a-f]{32}|[0-9a-f]{32}-us\d{1,2})\b)",
            1,
        ),
        (
            "Telegram bot token",
            r"(?<![\w.])(?:bot)?(?:\d{8,10}:AA"
            r"|\d{6,12}:(?-i:[A-Z]{2}(?=[A-Za-z_-]{0,32}\d)))[\w-]{32,33}(?![\w-])",
            1,
        ),
        (
            "DigitalOcean, Shopify, Databricks",
            r"(?-i:\b(?:do[opr]_v1_|shp(?:at|ca|pa|ss)_|dapi)[0-9a-f]{32,64}(?:-\d)?\b)",
            1,
        ),
        (
            "Square, Heroku, Atlassian",
            r"(?-i:\b(?:EAAA[\w-]{60}|sq0[a-z]{3}-[\w-]{22,43}|HRKU-[\w-]{30,64}"
            r"|ATATT3[\w=-]{40,255}|ATBB[A-Za-z0-9]{32}\b))",
            1,
        ),
        ("Vault and age", r"(?-i:\bhv[sbr]\.[\w-]{24,255}|\bAGE-SECRET-KEY-1[0-9A-Z]{58})", 1),
        (
            "Hugging Face, Groq, xAI, Replicate, Docker, Postman, New Relic, Figma, Linear, Notion",
            r"(?-i:\b(?:hf_|gsk_|xai-|r8_|dckr_pat_|PMAK-|NRAK-|figd_|lin_api_|ntn_|secret_|tfp_"
            r"|pplx-"
            r"|glsa_|shippo_live_|rubygems_|sntrys_)[A-Za-z0-9_-]{24,255})",
            1,
        ),
        (
            "Adafruit, Adobe, Alibaba, Clojars, Doppler, Duffel, Dynatrace, EasyPost, Facebook",
            r"(?-i:\b(?:aio_|p8e-|LTAI|ops_eyJ|CLOJARS_|dp\.(?:pt|st|ct|sa|scim|audit)\."
            r"|duffel_(?:test|live)_|dt0[a-z]\d\d\.|EZ[AT]K|EAAC)"
            r"[\w.+/=-]{20,1024})",
            1,
        ),
        (
            "Firebase, Flutterwave, Fly, Frame, Grafana, LangSmith, Mapbox, New Relic, NVIDIA",
            r"(?-i:(?:\b[\w-]{8,32}:)?\bAPA91b[\w-]{16,255}"
            r"|\b(?:FLW(?:SEC|PUB)K(?:_TEST)?-|fo1_|fm[12][ar]?_|fio-u-|glc_|lsv2_|[ps]k\.eyJ|NRII-"
            r"|NRJS-|nvapi-|pscale_(?:tkn|pw|oauth)_|pnu_|pul-)[\w.=-]{16,1024})",
            1,
        ),
        (
            "CircleCI, PostHog, ReadMe, Sentry, Sendinblue, Sourcegraph, Supabase, Tailscale",
            r"(?-i:\b(?:CCIPAT_|ph[cx]_|rdme_|tk-us-|sntryu_|xkeysib-|sgp_|sbp_"
            r"|tskey-(?:auth|api|client)-)[\w-]{24,255})",
            1,
        ),
        (
            "Airtable, Cloudflare, Discord, Harness, PayPal, Terraform",
            r"(?-i:\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}\b|\bv1\.0-[0-9a-f]{24}-[0-9a-f]{100,200}\b"
            r"|\b[MNO](?=[A-Za-z]{0,25}\d)[\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w.-])"
            r"|\b[ps]at\.[\w-]{22}\.[0-9a-f]{24}\.[A-Za-z0-9]{20}\b"
            r"|\baccess_token\$(?:production|sandbox)\$[\w]{16}\$[0-9a-f]{32}\b"
            r"|\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,70})",
            1,
        ),
        (
            "Apify, Artifactory, Bitbucket, Buildkite, Cerebras, Contentful, E2B, Jina, NuGet",
            r"(?-i:\b(?:(?:apify_api_|AKCp[58]|cmVmdGtu|bkua_|csk-"
            rf"|cio(?!{_WORDS_TOGETHER})(?=[A-Za-z]{{0,31}}\d)(?=[a-z\d]{{0,31}}[A-Z])|e2b_|jina_"
            r"|oy2(?=[a-z]{0,42}\d)|nfp_)"
            r"[A-Za-z0-9]{32,255}|(?:BBDC-|CFPAT-)[\w+/-]{32,255}))",
            1,
        ),
        (
            "Razorpay, Resend, SonarQube, Supabase, Tavily, Tencent, Trello, Xendit, Yandex",
            r"(?-i:\b(?:rzp_(?:live|test)_[A-Za-z0-9]{14,32}"
            r"|re_(?=[A-Za-z_]{0,32}\d)[A-Za-z0-9]{8}_[A-Za-z0-9]{24}|sq[apu]_[0-9a-f]{40}"
            r"|sb_(?:secret|publishable)_[\w-]{16,64}"
            r"|tvly-(?:dev-|prod-)?[A-Za-z0-9]{20,64}|AKID(?=[A-Za-z]{0,31}\d)[A-Za-z0-9]{32}"
            r"|tgp_v1_[\w-]{40,64}|ATTA[0-9a-f]{60,80}"
            r"|xnd_(?:development|production)_[A-Za-z0-9]{32,128}"
            r"|y0_A[\w-]{36,128}|AQVN[\w-]{35,64})(?![\w-]))",
            1,
        ),
        (
            "Amazon's session, Fernet, Google's refresh token, Instagram, Kaggle, Midtrans, PASETO",
            r"(?-i:\b(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|gAAAAA(?=[A-Za-z_-]{0,64}\d)"
            r"|IGQV)[\w+/%-]{48,4096}={0,2}|(?<!\w)1//0(?=[a-z\d_-]{0,64}[A-Z])[\w-]{40,255}"
            r"|\bKGAT_[0-9a-f]{32}\b|\b(?:SB-)?Mid-(?:server"
            r"|client)-(?=[A-Za-z]{0,24}\d)[\w-]{16,64}|\bv[1-4]\.(?:local"
            r"|public)\.(?=[A-Za-z_-]{0,64}\d)(?=[a-z\d_-]{0,64}[A-Z])[\w-]{32,4096})",
            1,
        ),
        (
            # four characters tell the service, and what follows them is a checksum
            "Azure",
            r"(?-i:(?<![\w+/-])(?=[A-Za-z+/_-]{0,80}\d)"
            r"(?:[\w+/-]{44,76}(?:APIM|ACDb|AzFu|\+A(?:St|Ba|MC))[\w+/-]{5}[AQgw]=="
            r"|[\w+/]{33}(?:AzCa|AIoT|\+A(?:Eh|Sb|Rm))[A-P][\w+/]{5}="
            r"|[A-Za-z\d]{52}JQQJ99[A-Za-z\d]{20,30}"
            r"|[\w+/]{42}(?:AzSe|\+ACR)[A-D][\w+/]{5})(?![\w+/=-])"
            r"|(?<![\w~.-])[\w~.-]{3}[78]Q~[\w~.-]{31,34}(?![\w~-]))",
            1,
        ),
        (
            # most issuers tell keys to work with from those to try with
            "key for what is live, in production or a sandbox",
            r"(?-i:\b[a-z]{2,12}_(?!(?:live|prod"
            rf"|sandbox)_{_WORDS_TOGETHER})(?:live_(?=[A-Za-z]{{0,64}}\d)"
            r"(?=[a-z\d]{0,64}[A-Z])[A-Za-z0-9]{12,64}"
            r"|(?:prod|sandbox)_(?=[A-Za-z]{0,64}\d)"
            r"(?=[a-z\d]{0,64}[A-Z])[A-Za-z0-9]{20,64})(?![\w-]))",
            0.8,
        ),
        (
            "hash of a password, key of a wallet",
            r"(?-i:(?<![\w$])\$(?:(?:2[abxy]?\$\d\d|[5-8y]"
            r"|(?:1|apr1)(?=\$[\w./]{0,8}\$[\w./]{22}(?!\w))|gy|argon2(?:id?|d)|scrypt"
            r"|pbkdf2(?:-sha\d{1,3})?|[PH](?=\$[\w./]{31}(?!\w)))\$[\w./$,=+-]{20,160}"
            r"|9\$[\w./-]{8,160})|\bxprv[1-9A-HJ-NP-Za-km-z]{100,112}\b"
            # in a directory (RFC 2307)
            r"|\{(?:S?SHA\d{0,3}|S?MD5|CRYPT|PBKDF2(?:-SHA\d{1,3})?)\}[\w+/.$=-]{12,256})",
            1,
        ),
        (
            "random key after its name",
            r"(?:(?<![a-z])(?:key|auth|access)[\"']?\s?[:=]\s?"
            r"|\bapi[\x20_-]?(?:key|token"
            r"|secret)\x20(?:is\x20)?)[\"']?(?P<value>(?=[a-z+]{0,255}\d)"
            r"(?=[\d+]{0,255}[a-z])[a-z0-9+]{24,255}={0,2})(?![\w./-])"
            rf"|(?<![a-z])key\x20[\"']?(?P<value>(?-i:(?!{_WORDS_TOGETHER})(?=[A-Za-z]{{0,255}}\d)"
            r"(?=[a-z\d]{0,255}[A-Z])(?=[A-Z\d]{0,255}[a-z])[A-Za-z\d]{24,255}))"
            r"(?![\w/:(<-]|\.\w)"
            # whose it is or what it is for: other keys called so find a row in a table
            r"|(?<![a-z])(?:user|server|client|admin|root|db|database|write|push|service|device"
            r"|merchant|vault|backup|webhook|stream)[_-]?key[\"']?\s?[:=]\s?[\"']?"
            rf"(?P<value>(?!0x|{_COUNTED}"
            rf"|(?-i:[A-Z]?[a-z]{{2}}){_WORDS_TOGETHER})(?=[a-z+/]{{0,64}}\d)"
            r"(?=[\d+/]{0,64}[a-z])[a-z0-9+/]{12,255}={0,2})(?![\w./(:-])"
            # of a tunnel
            r"|(?<![a-z])(?:pub(?:lic)?|peer|server"
            r"|host)[_-]?key[\"']?\s?[:=]\s?[\"']?"
            r"(?P<value>(?-i:(?=[A-Za-z+/_-]{0,42}\d)(?=[a-z\d+/_-]{0,42}[A-Z])[\w+/-]{43}))"
            r"(?![\w+/-])"
            r"|(?<![a-z])short_?id[\"']?\s?[:=]\s?[\"']?"
            rf"(?P<value>(?!{_COUNTED})(?=[a-f]{{0,15}}\d)[0-9a-f]{{16}})(?!\w)"
            r"|\breality\b[^\r\n]{0,64}?\bshort_?id[\"']?\s?[:=]\s?[\"']?"
            r"(?P<value>(?=[a-f]{0,15}\d)[0-9a-f]{4,16})(?!\w)",
            0.6,
        ),
        (
            "signature of a shared link",
            r"[?&;](?:sig|signature|x-amz-signature)=(?P<value>[\w%+/=-]{20,512})",
            0.8,
        ),
        (
            "incoming webhook",
            r"hooks\.slack\.com/services/(?P<value>[\w/]{20,128})",
            0.9,
        ),
        (
            "JSON Web Token",
            r"(?-i:\beyJ[\w-]{6,4096}\.(?:[\w-]{4,8192}|e30)(?:\.[\w-]{0,4096}){0,3})",
            1,
        ),
        (
            "bearer token",
            r"\bbearer(?:\s{0,2}[:=]\s{0,2}|\s{1,16})[\"']?"
            r"(?P<value>[\w.~+/=-]{12,4096}|(?=[a-z]{1,11}\d)[\w.~+/=-]{8,11})(?![\w(])",
            0.9,
        ),
        (
            "basic credentials",
            r"\bbasic\s{1,16}(?P<value>(?-i:(?=[A-Za-z0-9+/]{0,255}[A-Z0-9+/=])"
            # the last letter before `=` has bits that are not used, and they are zero
            r"(?:[A-Za-z0-9+/]{8,1024}={0,2}"
            r"|(?=[A-Za-z][a-z]{0,5}[A-Z\d+/])(?:[A-Za-z0-9+/]{5}[AQgw]=="
            r"|[A-Za-z0-9+/]{6}[AEIMQUYcgkosw048]=)(?!=))))(?!\w)",
            0.6,
        ),
    )

    def accepts(self, value: str) -> bool:
        """Refuse words, as in `basic information`: a key has digits, signs or capitals within."""
        letters = value.replace("_", "")
        if is_placeholder(value) or (len(value) > _LONG and len(set(value[4:])) < _FEWEST):
            return False
        if max(map(len, value.split("_"))) >= _NO_WORD:
            return True
        return not (letters.isalpha() and (letters.islower() or value.istitle()))


class PrivateKeyRecognizer(ValuePatternRecognizer):
    """Finds the body of a PEM block (RFC 7468), also when its end was cut off."""

    ENTITY = "PRIVATE_KEY"
    SCORED_PATTERNS = (
        (
            "PEM block",
            r"-{4,5}\x20?BEGIN\x20[A-Z0-9\x20]{1,40}-{4,5}(?P<value>[^-]+(?:-{1,3}[^-]+)*)",
            1,
        ),
        ("PuTTY's key", r"\bPrivate-Lines:\s?\d{1,4}\s{1,4}(?P<value>[a-z0-9+/=\s]{4,16384})", 1),
    )

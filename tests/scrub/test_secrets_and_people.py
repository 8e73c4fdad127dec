"""Secrets, accounts, people and hosts by what stands around them, and what only looks alike.

All values are made up, or are the examples of their standards. The cases stand for rules: each is
the shortest text that one of them is for.
"""

import pytest

from transforms.scrub import Scrubber, load_scrubber

HIDDEN = [
    # bank accounts and cards: the name outweighs the checksum, a country's length outweighs words
    ("IBAN: DE12500105170648489891", "DE12"), ('"iban":"FR7630006000011234567890180"', "FR76"),
    ("iban is GB11 NWBK 6016 1331 9268 19 for", "6016"),
    ("to DE89 3704 0044 0532 0130 00 TODAY", "DE89"), ("AT61 1904 3002 3457 3201 EUR 5", "1904"),
    ("UATP card 122000000000003", "122000000000003"),
    # values in other notations
    ("api_key: |\n  9f8e7d6c", "9f8e7d6c"), ("password: >-\n    hunter2", "hunter2"),
    ('password = @"hunter2";', "hunter2"), ('apikey[]="9f8e7d"', "9f8e7d"),
    ('settings["secret"] = "s3cr3t"', "s3cr3t"), ("settings['secret'] = 's3cr3t'", "s3cr3t"),
    ("token=Bearer abc123", "abc123"), ("secret: basic amFuZQ", "amFuZQ"),
    ('api_key "q7$xR2wLpz9"', "q7$xR"), ("private_key 'q7xR2wLpz9'", "q7xR2"),
    ("app_key=9f8e7d", "9f8e7d"), ("authKey: swordfish", "swordfish"),
    ("privacy_key=swordfish", "swordfish"), ("community_string: swordfish", "swordfish"),
    ("snmp-community=swordfish", "swordfish"), ("jane:hunter2@db.example:5432", "hunter2"),
    ("root:s3cr3t@tcp(db:3306)/crm", "s3cr3t"), ('"auth": "hunter2"', "hunter2"),
    ('"authorization": "Bearer xyz"', "xyz"), ("Authorization: Api-Token 9f8e", "9f8e"),
    ('Authorization: Digest username="jane", realm="x"', "jane"),
    ("Authorization: AWS4-HMAC-SHA256 Credential=AK/2024, Signature=9f8e7d", "9f8e7d"),
    ("bearer: abc123def456", "abc123"), ("Bearer    abc123abc1", "abc123abc1"),
    ("eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl", "c2lnbm"), ("npms_" + "a1B2" * 9, "a1B2"),
    ("API key 9f8e7d6c5b4a39281706f5e4 expired", "9f8e7d"),
    ("seed phrase: " + "pear lamp frog " * 4, "lamp frog"),
    ("key 111111-222222-333333-444444-555555-666666-777777-888888", "222222"),
    ("key W269N-WFGWX-YVC9B-4J6C9-T83GX", "WFGWX"),
    ("call bcdf-fghk-mnpq-rstx-zrqh-bcdf-fghm-stxz", "mnpq"),
    ("OP_SESSION_my=abc123xyz789", "abc123"), ("AUTH PLAIN AGphbmUAcHc=", "AGphb"),
    ("Login incorrect: [jane/hunter2] (from", "hunter2"), ("_ga=GA1.2.123456789.17", "123456789"),
    (".ASPXAUTH=0F1E2D3C4B", "0F1E"), ("sid=abcd1234EFGH; Path", "abcd1234"),
    ("GET /cb?code=4%2F0AX4XfWjQabcdef1&x", "0AX4"), ("?ticket=ST-1856339-aA5Yuvrxzp", "ST-18"),
    ("MFA code 482913 rejected", "482913"), ("curl --user  'jane:hunter2' x", "hunter2"),
]  # fmt: skip

KEPT = [
    "iban: US64SVBKUS6S3300958879", "x AT611904300234573202", "iban checksum is wrong",
    "card 1 of 171800000000003", "token_file_path: /etc/x", "password_file=/run/x", "secretDir: /x",
    "password: |", "token: > 5", 'Unexpected token "foo12345"', 'invalid api_key "example"',
    "apiKey: this.apiKey", "password = self.config.password", "token: ${{ secrets.X }}",
    'curl --user "$1:$2" x', "file.c:12@host", "a:b@c", "std::pair<int, token>",
    "Authorization: required", '"auth": "none"', "bearer of news", "bearer channel", "EPS bearer 5",
    "API key is invalid", "API key rotation failed", "seed: 42", "recovery mode is on for this one",
    "aaaaaa-bbbbbb", "1234-5678-9012", "GET /cb?code=404", "?state=loading", "sid=12",
    "AUTH PLAIN unsupported", "mapKey: foo", "wrapKey=bar",
]  # fmt: skip


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return load_scrubber()


@pytest.mark.parametrize(("text", "value"), HIDDEN, ids=[each[0] for each in HIDDEN])
def test_what_is_told_by_its_surroundings_is_hidden(
    scrubber: Scrubber, text: str, value: str
) -> None:
    assert value in text
    assert value not in scrubber.scrub_text(text).text


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_alike_is_kept(scrubber: Scrubber, text: str) -> None:
    assert scrubber.scrub_text(text).text == text

"""Secrets, accounts, people and hosts by what stands around them, and what only looks alike.

All values are made up, or are the examples of their standards. The cases stand for rules: each is
the shortest text that one of them is for.
"""

import random
import string

import pytest

from transforms.scrub import Scrubber

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
    # accounts
    ("whoami -> corp\\jmiller", "jmiller"), ("current user is jmiller", "jmiller"),
    ("Running as: jmiller", "jmiller"), ("Impersonating user jmiller", "jmiller"),
    ("Owner = CORP\\jmiller", "jmiller"), ("P4USER=jmiller", "jmiller"),
    ("Benutzer: jmiller", "jmiller"), ("utilisateur=jmiller", "jmiller"),
    ("gamertag=JaneM84", "JaneM84"), ("steam_id=1180735", "1180735"),
    ("SteamID 76561198012345678", "76561198"), ("STEAM_0:0:26039975", "26039975"),
    ("[U:1:52079950] left", "52079950"), ("discord_id=175928847299117063", "1759288"),
    ("sub=108204268033311374519", "108204268"), ("customer cus_Na6dX7aXxi11N4", "Na6dX7"),
    ("invalid user: \u2018jmiller:staff\u2019", "jmiller"),
    ("id: \u2018jmiller\u2019: no such user", "jmiller"), ("user: unknown user jmiller", "jmiller"),
    ("authenticating to db:22 as 'jm84'", "jm84"),
    ("git@example.org:jmiller/app.git", "jmiller"), ("auth failure for jmiller from 1", "jmiller"),
    ("550 5.1.1 <jmiller>: Recipient", "jmiller"), ("Default principal: jmiller@ACME", "jmiller"),
    ("User:jmiller is not authorized", "jmiller"), ('inode="/x":jmiller:staff:r', "jmiller"),
    ('inode="/user/jmiller"', "jmiller"),
    ("arn:aws:s3:eu-west-1:123456789012:bucket", "123456789012"), ("jm@box:/srv/x", "jm@box"),
    ("lock of jm84@box (pid 12)", "jm84"),
    ("User @jane:example.com sent", "jane"), ("Joined !abc123:example.org", "abc123"),
    ("'device_id': 'XYEZMPLXBC'", "XYEZMPLXBC"), ("'sender_key': 'Efq109VQIq'", "Efq109"),
    ("pk_12345678_ABCDEFGHIJKLMNOPQRSTUV", "ABCDEFG"),
    ("to GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ", "GA7QYN"),
    ("ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9", "ltc1qw508d6"),
    # people
    ("Registered to: Jane Miller", "Jane"), ("locked for editing by 'Jane Miller'", "Miller"),
    ("Last saved by: Jane Miller", "Miller"), ("RegisteredOwner  REG_SZ  Jane Miller", "Miller"),
    ("patient name: Jane Miller", "Jane"), ("cardholder: Jane Miller", "Miller"),
    ('git config user.name "Jane Miller"', "Miller"), ("Contact(name=Jane Miller, x=1)", "Miller"),
    ("User { Id = 5, Name = Jane Miller }", "Jane"), ("FN:Jane Miller", "Miller"),
    ("N:Miller;Jane;;;", "Miller"), ("PID|1||12345^^^H||MILLER^JANE||", "MILLER"),
    ("CPF 529.982.247-25", "529.982"), ("cpf=52998224725", "52998224725"),
    ("PESEL: 44051401359", "44051401359"), ("personnummer 640823-3234", "640823"),
    ("Aadhaar 2341 2341 2346", "2341 2341"), ("NINO AB 12 34 56 C", "12 34"),
    ("passportNo=C01X00T47", "C01X00T47"), ("Geburtsdatum: 02.03.1984", "1984"),
    ("fecha_nacimiento=1984-03-02", "1984"),
    ("MFA code 482913 rejected", "482913"), ("curl --user  'jane:hunter2' x", "hunter2"),
    # what stands beside a value, or within it, and does not make it another
    ("kicked 76561198087654321 today", "76561198087654321"),
    ("ban STEAM_1:0:26039975 now", "26039975"), ("fix N 48 12.345 E 016 21.987", "12.345"),
    ("span 0af7651916cd43dd 4111111111111111", "41111"),
    ("4111-1111-1111-1111 caf7651916cd43dd", "4111"),
    ("0af7651916cd43dd 4111 1111 1111 1111 ok", "4111"), ("SHOP PC 4111111111111111", "41111"),
    ("row r2 4111 1111 1111 1111", "4111"), ("paid sp 5500005555555559", "55000"),
    ("Mir 2200700123456789012", "22007001"), ("card 4111 11 1111 1111 11", "1111 1111"),
    ("card: 4111-11-1111-111111", "111111"), ("username=jo.lee.van.dam", "van.dam"),
    ("login: System.jmiller", "jmiller"), ("user=0xcafebabe", "cafebabe"), ("uid=31337-jm", "jm"),
    ("uid=31.jm", "jm"), ("auid=0042@acme", "0042"), ('{"workPhone":13912345678}', "13912345678"),
    ('{"mob": 9812345678}', "9812345678"), ('{"smsFrom":9812345678}', "9812345678"),
    ('{"userTel":9812345678}', "9812345678"), ('{"callee":9812345678}', "9812345678"),
    ("freelancer: 9812345678", "9812345678"), ("contact address: 9812345678", "9812345678"),
    ("la 06 12 34 56 78 de Jane", "12 34"), ("be da 06 12 34 56 78 ce", "12 34"),
    ("(staff) <550e8400-e29b-41d4-a716-446655440000>", "550e8400"),
    ("avatar-image-id: 550e8400-e29b-41d4-a716-446655440000", "550e8400"),
    ("coupon code id 550e8400-e29b-41d4-a716-446655440000", "550e8400"),
    ("User(name='Jane Miller')", "Miller"), ("Registered to: Mary O'Neil's", "O'Neil"),
    ("|7^^^H||Miller^Jane||", "Miller"), ('"nombre": "Jane"', "Jane"),
    ("Current user: jared", "jared"), ("last saved by Jane Miller. Server up", "Miller"),
    # a key's name and its value as items of their own
    ("added 'password' value 'hunter2'", "hunter2"), ('the "psk" is "hunter2"', "hunter2"),
    ('{"name":"SECRET_ACCESS_KEY","value":"123"}', "123"),
    ('{"Key": "JWT_SIGNING_KEY", "Value": "abc"}', "abc"),
    ("{'name': 'DB_PASSWORD', 'value': 'hunter2'}", "hunter2"),
    ('[{"value":"hunter2","name":"DB_PASSWORD"}]', "hunter2"),
    ("- name: DB_PASSWORD\n  value: hunter2", "hunter2"),
    ('<property name="password" value="hunter2"/>', "hunter2"),
    ('{"name":"username","value":"jmiller"}', "jmiller"),
    ("session_id%3Dhunter2", "hunter2"), ("<key>API Key</key> <string>abc</string>", "abc"),
    ("'--password', 'hunter2'", "hunter2"), ('["--token", "abc"]', "abc"),
    ('"--secret-access-key", "abc"', "abc"), ("tool --access-key abc", "abc"),
    # keys whose names are glued together
    ("dbpwd=hunter2", "hunter2"), ("ipsecpsk: hunter2", "hunter2"), ("userpwd=hunter2", "hunter2"),
    ("bindpw: hunter2", "hunter2"), ("rootpw=hunter2", "hunter2"),
    # hashes of passwords, and what routers have
    ("$1$wtHI$0rN7R8PKwC30AsCGA77vy.", "wtHI"), ("$apr1$TqI9WECO$LHZB2DqRlk9nObiB6vJG9.", "TqI9"),
    ('secret "$9$Be4EhyVb2GDkevYo"', "Be4E"), ("$8$dsYGNam3$7nv/35M/qr6t.dVc7UY9zrJD", "dsYG"),
    ("$P$B55D6LjfHDkINU5wF.v2BuuzO0/XPk/", "B55D"), ('secret "Hunter2xyz9"', "Hunter2"),
    ("user x password 7 122A00190102180D3C2E", "122A"), ("key 7 094F471A1A0A", "094F"),
    ("  password   0  \tRemoveMe", "RemoveMe"),
    ("username jm password hunter", "hunter"), ("username jm secret hunter", "hunter"),
    ("ip ospf authentication-key hunter", "hunter"), ("pre-shared-key local 0 hunter", "hunter"),
    ("md5 key-string hunter timeout 1", "hunter"), ("snmp-server community hunter RW", "hunter"),
    ('"cable shared-secret hunter"', "hunter"),
    # people, their documents and their accounts
    ("CPR: 320390-1234", "320390"), ("RRN: 880101-1234567", "8801"),
    ("CNPJ 12.345.678/0001-95", "345.678"),
    ("cn: Jane Miller", "Miller"), ("License: MILLE901234JB1CD", "MILLE"),
    ("driving licence MILLE 901234 JB1CD", "901234"), ("UTR: 12345 67890", "67890"),
    ("user: jdoe42 file: C:/x", "jdoe42"), ("user: jdoe42, file x", "jdoe42"),
    ("user: jane.d ip=1", "jane.d"), ("for user: jane7; retry", "jane7"),
    ("GB82 WEST 1234.5698.7654.32", "WEST"), ("DE89.3704.0044.0532.0130.00", "0044"),
    ("IBAN\tGB82\tWEST\t1234\t5698\t7654\t32", "WEST"),
    # codes and keys that are said, and keys that issuers make recognizable
    ("entered pin 4321", "4321"), ("otp code 987654", "987654"), ("TOTP: 987654", "987654"),
    ('The default password for the user "jane" is "hunter2".', "hunter2"),
    ("<admin_pass>hunter2</admin_pass>", "hunter2"),
    ("aws secret access key=wJalrXUtn4EMI", "wJalr"), ("storage account key=q7xR2w9z", "q7xR2"),
    ("Secret Access Key [None]: wJalrXUtn4EMI", "wJalr"), ("OTP is 482913. Share it", "482913"),
    ("mfa_code=482913", "482913"), ("482913 is your Example login code", "482913"),
    ("Incorrect PIN '4829'", "4829"), ("password for a.b@x is 'hunter2'", "hunter2"),
    ("using key 'aK9x2mP4qR7wZ3nL5bJ8hF6vT0cY1dU'.", "aK9x2"), ("0x" + "0f1e2d3c" * 12, "0f1e"),
    ("q7xR2" * 10 + "k0JQQJ99" + "q7xR2w" * 4 + "AB", "JQQJ99"),
    ("Use key aK9x2mP4qR7wZ3nL5bJ8hF6vT0cY1dU for access", "aK9x2"),
    ("q7xR2" * 8 + "k0+ACRC5W7f3", "ACRC5"), ("q7xR2" * 8 + "k0AzSeB5W7f3", "AzSe"),
    ("q7xR2" * 15 + "kAPIMdo9bzQ==", "APIM"), ("q7xR2" * 6 + "k0zAzCaB5W7f3=", "AzCa"),
    ("abc8Q~" + "q7xR2.w" * 4 + "abcd", "q7xR2"), ("secret hash: " + "0f1e2d3c" * 6, "0f1e"),
    ("material " + "0f1e2d3c" * 20, "0f1e"), ('"contents": "' + "0F1E2D3C" * 500 + '"', "0F1E"),
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
    "current user is not", "running as: root", "Running as: service", "whoami: command not found",
    "effective user id",
    "player_id=3", "steam_id: 0", "owner=0x7fff1234", "user: 0", "sender: self",
    "['Not a valid email address.']", "email: 'is not valid'", "password: 'must be longer'",
    "Authorization: [REDACTED]", "token: <token>", "key-00000000000000000000000000000000",
    "auth failure for service", "principal: none", "User:root", "git@example",
    "inode=12", "arn:aws:s3:::bucket", "[U:1]", "7656119",
    "Licensed to the Apache Foundation", "Licensed to Microsoft Corporation", "opened by: Thread 5",
    "created by Visual Studio", "Modified by Git", "N: 5; M: 6;", "a|b^c", "mask=A^B",
    "User(name=jane.Object)", "1.2.3.4-25", "AB 12 34", "CPF missing", "bsn: none",
    "AUTH PLAIN unsupported", "mapKey: foo", "wrapKey=bar",
    "#0:libc.so", "frame #4:foo.cc", "#1:foo.py:12", "@click:outside.stop", "@0x1234:foo.so",
    "#42:core.init", "Benutzer: %d,%02d s", "utilisateur : %d", "dall'utente: %#x", "nombre: 12",
    "usuario: 3", '"acme-reviewer:Get*"', "Current user is logged out", "current user is anonymous",
    "current user is unverified", "started as: background", "uid=1000.", "device_id: UNSUPPORTED",
    "imei: PERMISSIONDENIED", "serial=UNAVAILABLE", "client_id: NOTAVAILABLE",
    "registered to Main Thread", "opened by Windows Explorer", "Modified by Event Handler",
    "saved by Auto Save", "owner: Main Thread", "customer name: Not Found", "User(name=Job Queue)",
    "flags|mask^value", "if (a|bb^cc)", "NIF: 0x12345678", "mrn: 0x1234567",
    "Call Trace: <00000000 c0123456 c0456789 c0abcdef>",
    "shipping_address: Expected object with 2 keys", "post code: 404", "account `to_account` is",
    "auth error for request from client", "x4  4111111111111111",
    "4111111111111111 0000007fe0ef2168", "0af7651916cd43dd 4111111111111111 0af7651916cd43de",
    "8b 05 06 12 34 56 78", "06 12 34 56 78 e8 a1", '{"address":9812345678}',
    '{"mobileDataBytes":9812345678}', '{"microphone":9812345678}', "total_free: 9812345678",
    '"image_id": "550e8400-e29b-41d4-a716-446655440000"',
    "com.acme.Foo (1.2 - 3) <550e8400-e29b-41d4-a716-446655440000> /x",
    "0x1000000 - 0x2000000 Foo (beta) <550e8400-e29b-41d4-a716-446655440000>", "user=System.Web.UI",
    "owner=com.acme.Foo.bar",
    "'password' value missing", "the \"token\" is 'required'", "password value is wrong",
    '{"name":"max_tokens","value":4096}', '{"name":"token_type","value":"bearer"}',
    '{"name":"password","value":null}', '{"value":"x","name":"tokens"}', '["password", "username"]',
    '["--token","-v"]', "add_argument('--password', help='x')", "option('--password', 'password')",
    "OLDPWD=/x/y", "key_mgmt WPA-PSK", "wpapsks: x", "$1$2", "$1$some_long_variable_name_of_x",
    "Foo$1$barBazQuxBarBazQuxBarBaz", 'secret "default-token-abc12" not found', "key 7 not found",
    "password 0 attempts left", "password 5 times wrong",
    "username and password required", "username or password incorrect", "cpr 1.10.5",
    "username for password reset", "pre-shared-key is missing", "authentication-key not found",
    "cn: Domain Users", "cn: Apple Root CA",
    "icn: Jane Miller", "cn: main", "License: MIT", "ABCDE123456FGHIJ", "UTR missing",
    "5' UTR: 12 bases", "user: not found, retrying", "f(user: String, x)", "user: null, x",
    "user: permission denied: x", "user: unauthorized, x", "DE89.3704.0044.0532.0130.01",
    "GPIO pin 12", "(pin 1023) already requested", "failed to pin 4096 pages", "mfa: 30000",
    "OTP 2501",
    "failed to parse private key: asn1: structure error", "load private key: error:0909006C:PEM",
    "menu access key: Ctrl+Shift+P", "secret key: HS256 is wrong", "token         : EOF",
    "database_key=default", "code bytes: " + "488b45f8" * 8, "order = " + "26959946" * 8,
    "for the key avPlayerItemHLSVariant4KEnabled",
    "missing key NSManagedObjectContextDidSaveObjectIDsNote1",
    "launch key UIApplicationLaunchOptionsRemoteNotificationKey3D", "bearer wwan0 is down",
    "password for the file is 'incorrect'", "<proxyPass>/a</proxyPass>",
    "pin 4321.5 V", "pin 40000-40007", "the code 987654 of otp",
    "key NSPersistentStoreRemoteChangeNotificationKey2", "key aK9x2mP4qR7wZ3nL5bJ8hF6v.json",
    "account key is missing", "private key not found", "a8Q~b", "AzSearchClient",
    "Lcom/example/application2/network/internal/APIManager;->call",
    "-[MyCompanyNetworkingFrameworkRequest2APIManager init]",
    "<first_pass>on</first_pass>",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), HIDDEN, ids=[each[0] for each in HIDDEN])
def test_what_is_told_by_its_surroundings_is_hidden(
    scrubber: Scrubber, text: str, value: str
) -> None:
    assert value in text
    assert value not in scrubber.scrub_text(text).text


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_alike_is_kept(scrubber: Scrubber, text: str) -> None:
    assert scrubber.scrub_text(text).text == text


@pytest.mark.parametrize("text", ["use key {} now", "server_key={}", "acme_live_{}"])
def test_random_letters_are_no_name_in_code(scrubber: Scrubber, text: str) -> None:
    chance = random.Random(3)  # noqa: S311 - the same keys each time
    keys = ["".join(chance.choices(string.ascii_letters + string.digits, k=32)) for _ in range(500)]
    kept = [key for key in keys if key in scrubber.scrub_text(text.format(key)).text]
    assert len(kept) <= 10

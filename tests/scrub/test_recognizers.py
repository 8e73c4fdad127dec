"""What the registry finds in crash text, and what it leaves alone. All values are made up."""

import pytest

from transforms.scrub import Scrubber, load_scrubber

FOUND = [
    # user names in paths
    ("cannot open /home/jane.doe/.config/app.ini", "USER_NAME", "jane.doe"),
    ("/Users/jane/Library/Caches", "USER_NAME", "jane"),
    ("/Users/Jane van Doe/Library/x", "USER_NAME", "Jane van Doe"),
    ("file:///home/jane/a.txt", "URL", "file:///home/jane/a.txt"),
    (r"C:\Users\jane.doe\AppData\Local\x.log", "USER_NAME", "jane.doe"),
    (r'{"path":"C:\\Users\\jane\\x"}', "USER_NAME", "jane"),
    (r"D:\Documents and Settings\Jane Doe\x", "USER_NAME", "Jane Doe"),
    ("next=%2Fhome%2Fjane%2Fsecret", "USER_NAME", "jane"),
    (r"C:\Users\Sean O'Malley\f.txt now", "USER_NAME", "Sean O'Malley"),
    (r"C:\Users\Smithers, Jane (IT)\f", "USER_NAME", "Smithers, Jane (IT)"),
    (r"cannot open C:\Users\Jane Smithers: denied", "USER_NAME", "Jane Smithers"),
    ("'/Users/Jane Smithers'", "USER_NAME", "Jane Smithers"),
    ("/run/media/jane/stick", "USER_NAME", "jane"),
    ("jane.smith@example.com.json", "EMAIL_ADDRESS", "jane.smith@example.com.json"),
    ("bob.x@kit.zip", "EMAIL_ADDRESS", "bob.x@kit.zip"),
    ("/mnt/c/Users/jane/x", "USER_NAME", "jane"),
    ("/export/home/jane/core", "USER_NAME", "jane"),
    ("read ~jane/.ssh/config", "USER_NAME", "jane"),
    ("/var/folders/q3/x1y2z3w4v5u6t7s8r9q0p1n20000gn/T/a", "DEVICE_ID",
     "q3/x1y2z3w4v5u6t7s8r9q0p1n20000gn"),
    # mail, phone, social security number
    ("sent to jane.doe+bugs@mail.example.org.", "EMAIL_ADDRESS", "jane.doe+bugs@mail.example.org"),
    ("u=jane%40example.org&x", "EMAIL_ADDRESS", "jane%40example.org"),
    ("jane@corp.intranet failed", "EMAIL_ADDRESS", "jane@corp.intranet"),
    ("jörg@bücher.example", "EMAIL_ADDRESS", "jörg@bücher.example"),
    ("root@localhost: refused", "EMAIL_ADDRESS", "root@localhost"),
    ("call +49 30 901820 now", "PHONE_NUMBER", "+49 30 901820"),
    ("tel: 030 901820", "PHONE_NUMBER", "030 901820"),
    ("(415) 555-0132", "PHONE_NUMBER", "(415) 555-0132"),
    ("at 415-555-0132 x12", "PHONE_NUMBER", "415-555-0132 x12"),
    ("ssn 219-09-9999", "US_SSN", "219-09-9999"),
    # networks
    ("GET https://intra.example/u/jane?t=1 failed", "URL", "https://intra.example/u/jane?t=1"),
    ("xhttp://u:p@h.example/", "URL", "xhttp://u:p@h.example/"),
    ("www.janes-bakery.example/cakes", "URL", "www.janes-bakery.example/cakes"),
    ("chrome://resources/a?user=jane", "URL", "chrome://resources/a?user=jane"),
    ("203.0.113.99.log", "IP_ADDRESS", "203.0.113.99"),
    ("connect 192.168.17.4:443", "IP_ADDRESS", "192.168.17.4"),
    ("peer [2001:db8::8a2e:370:7334]:80", "IP_ADDRESS", "2001:db8::8a2e:370:7334"),
    ("via fe80::1ff:fe23:4567:890a%eth2", "IP_ADDRESS", "fe80::1ff:fe23:4567:890a%eth2"),
    ("::ffff:10.1.2.3 said", "IP_ADDRESS", "::ffff:10.1.2.3"),
    ("wlan 3c:22:fb:7a:90:1e", "MAC_ADDRESS", "3c:22:fb:7a:90:1e"),
    ("3C-22-FB-7A-90-1E", "MAC_ADDRESS", "3C-22-FB-7A-90-1E"),
    ("hostname=janes-box", "HOST_NAME", "janes-box"),
    ('"computer_name": "JANE PC"', "HOST_NAME", "JANE PC"),
    ('Unable to resolve host "nas.jane.example"', "HOST_NAME", "nas.jane.example"),
    ("on DESKTOP-4F7K2QX", "HOST_NAME", "DESKTOP-4F7K2QX"),
    ("Janes-MacBook-Pro.local", "HOST_NAME", "Janes-MacBook-Pro.local"),
    ("Jane's iPhone 15 Pro", "HOST_NAME", "Jane's iPhone 15 Pro"),
    (r"\\fileserver7\share\a", "HOST_NAME", "fileserver7"),
    ('SSID: "Jane at home"', "NETWORK_NAME", "Jane at home"),
    ("ssid=JaneNet", "NETWORK_NAME", "JaneNet"),
    # credentials
    ("password=hunter2", "PASSWORD", "hunter2"),
    ('{"db_password": "s3cr3t pass"}', "PASSWORD", "s3cr3t pass"),
    (r'{\"api_key\":\"abc123\"}', "PASSWORD", "abc123"),
    ("Authorization: Basic amFuZTpwdw==", "API_KEY", "amFuZTpwdw=="),
    ("X-Auth-Token: 9f8e7d", "PASSWORD", "9f8e7d"),
    ("Set-Cookie: sid=42", "PASSWORD", "sid=42"),
    ("tool --password hunter2 -v", "PASSWORD", "hunter2"),
    ("AKIAQ3EGRIJKZ7ABCD2X", "API_KEY", "AKIAQ3EGRIJKZ7ABCD2X"),
    ("AKIAQEGRIJKZABCDXYZW", "API_KEY", "AKIAQEGRIJKZABCDXYZW"),
    ("ghp_" + "a1B2" * 9, "API_KEY", "ghp_" + "a1B2" * 9),
    ("eyJhbGciOi.eyJzdWIiOi.c2lnbmF0", "API_KEY", "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0"),
    ("Bearer abcDEF123456xyz", "API_KEY", "abcDEF123456xyz"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----", "PRIVATE_KEY",
     "\nMIIabc\n"),
    ("-----BEGIN PRIVATE KEY-----\nMIIcut", "PRIVATE_KEY", "\nMIIcut"),
    # ids
    ("user 7d9f2c51-3a4e-4f0b-9b1c-52d8e6a7f013", "UUID", "7d9f2c51-3a4e-4f0b-9b1c-52d8e6a7f013"),
    ("/store/5f2b8c9d0e1f4a3b6c7d8e9f0a1b2c3d/x", "HASH", "5f2b8c9d0e1f4a3b6c7d8e9f0a1b2c3d"),
    ("device_id=ZX1G22KHQK", "DEVICE_ID", "ZX1G22KHQK"),
    ('"android_id":"9774d56d682e549c"', "DEVICE_ID", "9774d56d682e549c"),
    ("Serial Number 4417", "DEVICE_ID", "4417"),
    ("SerialNumber: C02XL0GWJGH5", "DEVICE_ID", "C02XL0GWJGH5"),
    ("modem 490154203237518", "DEVICE_ID", "490154203237518"),
    ("S-1-5-21-3623811015-3361044348-30300820-1013", "WINDOWS_SID",
     "S-1-5-21-3623811015-3361044348-30300820-1013"),
    ("username=jane_d, ip", "ACCOUNT", "jane_d"),
    ('auth failed for user "jane"', "ACCOUNT", "jane"),
    ("user_id: 81723", "ACCOUNT", "81723"),
    ("lat=52.5163 lon", "LOCATION", "52.5163"),
    ("at 52.516275, 13.377704", "LOCATION", "52.516275, 13.377704"),
    # money
    ("card 4539 1488 0343 6467 declined", "CREDIT_CARD", "4539 1488 0343 6467"),
    ("pan=5425233430109903", "CREDIT_CARD", "5425233430109903"),
    ("card 4539 1488 0343 6468", "CREDIT_CARD", "4539 1488 0343 6468"),
    ("to DE89 3704 0044 0532 0130 00!", "IBAN_CODE", "DE89 3704 0044 0532 0130 00"),
    ("pay 0x52908400098527886E0F7030069857D2E4169EE7", "CRYPTO",
     "0x52908400098527886E0F7030069857D2E4169EE7"),
    ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "CRYPTO", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
]  # fmt: skip

LEFT_ALONE = [
    # symbols
    "std::map<std::string, net::HttpStream*>::operator[](std::string const&)",
    "net::URLRequest::Start()",
    "fac::ade::Bead::cafe(int)",
    "a::b",
    "core::ops::function::FnOnce::call_once::h1a2b3c4d5e6f7081",
    "-[LoginController setPassword:forUser:]",
    "LoginView.login(user: Swift.String, password: Swift.String) -> ()",
    "TokenStream::next_token",
    "kotlinx.coroutines.internal.ScopeCoroutine.afterCompletion",
    "$s4main3FooC3baryyF",
    "_ZN4core9panicking9panic_fmt17h0123456789abcdefE",
    'operator""_token',
    "objc_msgSend",
    "__58-[AppDelegate application:didFinishLaunchingWithOptions:]_block_invoke",
    # modules and files
    "libfoo.so",
    "libssl.so.1.1",
    "libfoo-1.2.3.4.so",
    "libQt5Core.so.5.15.2",
    "rpc.py",
    "os.sy",
    "Foo.dll",
    "api-ms-win-core-file-l1-2-0.dll",
    "{6BDD1FC6-810F-11D0-BEC7-08002BE2092F}.dll",
    "main.0f3a9c1b2d4e5f60718293a4b5c6d7e8.js",
    "icon@2x.png",
    "malloc@libc.so",
    "react@16.2.js",
    "memcpy@@GLIBC_2.14",
    "base.apk!libmain.so",
    "Microsoft.CSharp, Version=4.0.4.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a",
    "/rustc/90c541806f23a127002de5b4038be731ba1458ca/library/core/src/lib.rs",
    "chrome://resources/js/cr.js",
    "/Users/Shared/x",
    "/system/lib64/libc.so",
    "/data/user/0/org.example.app/files",
    # versions, codes, numbers
    "version 10.0.0.1",
    "Revision: 11.208.09.01",
    "127.0.6533.100",
    "0xC0000005",
    "EXC_BAD_ACCESS (SIGSEGV)",
    "KERN_INVALID_ADDRESS at 0x0000000000000018",
    "NSInvalidArgumentException",
    "allocation of 2147483648 bytes failed",
    "at 1732368000000 ms",
    "2026-11-22 17:03:59.120",
    "00:00:00:00:00:00",
    "00000000-0000-0000-0000-000000000000",
    "CLSID {00021401-0000-0000-C000-000000000046} not registered",
    "Unexpected token: }",
    "password=null",
    "the password is wrong",
    "basic information",
    "8.8.8.8",
    "index 12 out of bounds for length 10",
    "Process 1234 exited with code 139",
]


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return load_scrubber()


@pytest.mark.parametrize(("text", "entity", "value"), FOUND, ids=[each[0] for each in FOUND])
def test_finds_exactly_the_value(scrubber: Scrubber, text: str, entity: str, value: str) -> None:
    findings = scrubber.scrub_text(text).findings
    assert (entity, value) in [(each.type, text[each.start : each.end]) for each in findings]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_leaves_code_and_numbers_alone(scrubber: Scrubber, text: str) -> None:
    assert scrubber.scrub_text(text).findings == ()
    assert scrubber.scrub_text(text).text == text


def test_no_value_is_left_in_the_scrubbed_text(scrubber: Scrubber) -> None:
    for text, _, value in FOUND:
        assert value not in scrubber.scrub_text(text).text

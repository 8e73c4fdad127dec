"""What labelled sets of other makers hold: numbers of many countries, many issuers, many systems.

All values are made up, or are the examples of their standards. No part of a value may be left.
"""

import pytest

from transforms.scrub import Scrubber

PHONES = (
    "020 7946 0958", "0118 496 0982", "02074960913", "+44(0)2079460958", "+44 20 7946 0958",
    "01 42 68 53 00", "+33 1 42 68 53 00", "0147699205", "+49-151-2345-6789", "0171 2345678",
    "+49 (0)30 901820", "1-800-555-0199", "415.555.0132", "(555)123-4567", "001-415-555-0132x77",
    "+86 138 0013 8000", "17607483378", "+91 98765 43210", "9876543210", "03-1234-5678",
    "62-3286-0129", "(03) 9123 4567", "07 1027 3464", "(11) 91234-5678", "86 6232-8601",
    "+7 (495) 123-45-67", "8 (495) 123-45-67", "+34 912 345 678", "+39 06 6982 1234",
    "08-982 597 91", "0762-32 86 01", "069 5848304", "0205-552667", "057 559 4709", "986 95 896",
    "23/286-0129", "0796-669 7251", "041-412-293", "027 896 92 86", "(07) 5331 0577",
)  # fmt: skip
BANK_ACCOUNTS = (
    "NL91ABNA0417164300", "BE68 5390 0754 7034", "IT60X0542811101000000123456",
    "ES91 2100 0418 4502 0005 1332", "CH93 0076 2011 6238 5295 7", "AT611904300234573201",
    "PL61109010140000071219812874", "SE45 5000 0000 0583 9825 7466", "NO93 8601 1117 947",
    "GB29-NWBK-6016-1331-9268-19", "SA03 8000 0000 6080 1016 7519",
    "MT84MALT011000012345MTLCAST001S", "BR1800360305000010009795493C1",
)  # fmt: skip
CARDS = (
    "4111-1111-1111-1111", "5555 5555 5555 4444", "2223003122003222", "3782 822463 10005",
    "3782-822463-10005", "30569309025904", "3056 930902 5904", "3530111333300000", "4222222222222",
    "6304000000000000", "6759649826438453", "6200000000000005", "180000000000002",
    "503833077509",
)  # fmt: skip
ADDRESSES = (
    "2001:0db8:85a3:0000:0000:8a2e:0370:7334", "2001:DB8:0:0:8:800:200C:417A",
    "64:ff9b::192.0.2.33", "fe80::1%lo0", "::ffff:192.0.2.128", "172.16.254.1", "3c22.fb7a.901e",
    "00-1B-44-11-3A-B7", "garcia.net", "berry-shields.info", "jane-doe.co.uk",
    "ip-10-0-1-23.ec2.internal",
)  # fmt: skip
KEYS = (
    "ASIAIOSFODNN7EXAMPLE", "AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY", "sk_test_" + "4eC3" * 6,
    "ghs_" + "16C7" * 9, "github_pat_" + "11AB" * 8, "glpat-" + "xyz1" * 5, "npm_" + "abc1" * 9,
    "hf_" + "aBcD" * 9, "gsk_" + "aB1d" * 13, "sk-proj-" + "abc1" * 10, "dop_v1_" + "0f1e" * 16,
    "ya29.a0AfH6SMBx1234567890abcdefghij", "xoxp-123456789012-123456789012-abcdef",
)  # fmt: skip
WALLETS = (
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
    "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1",
    "0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe",
)  # fmt: skip
OTHERS = ("915-86-8708", "40°42'46\"N", "35-209900-176148-1")
SURROUNDINGS = ("{}", "failed for {} again", '"{}"', "({})")

VALUES = PHONES + BANK_ACCOUNTS + CARDS + ADDRESSES + KEYS + WALLETS + OTHERS

IN_CONTEXT = [
    # paths
    (r"C:\Users\jane\OneDrive - Contoso Ltd\x.docx", "Contoso"),
    ("/Users/jane/Library/CloudStorage/OneDrive-Contoso/x", "Contoso"),
    (r"C:\Benutzer\jane\x", "jane"), (r"C:\Utilisateurs\jane\x", "jane"),
    (r"C:\Usuarios\jane\x", "jane"), (r"C:\Usuários\jane\x", "jane"),
    (r"C:\Dokumente und Einstellungen\jane\x", "jane"), (r"C:\Пользователи\jane\x", "jane"),
    (r"\u002Fhome\u002Fjane\u002Fx", "jane"), ("f=%252Fhome%252Fjane%252Fx", "jane"),
    (r"\\server01\home$\jane\x", "jane"), ("/Volumes/Janes Disk/x", "Janes"),
    (r"\\?\C:\Users\jane\x", "jane"), ("/cygdrive/c/Users/jane/x", "jane"),
    # by their names
    ("LOGNAME=jane", "jane"), ("USERDOMAIN=JANEPC", "JANEPC"), ("uid=1000(jane)", "jane"),
    ("by user jane.doe", "jane.doe"), ("Logged in as jane", "jane"), ("user id 8172 gone", "8172"),
    ("ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB jane@laptop", "jane"), ("pass=hunter2", "hunter2"),
    ("PIN: 4821", "4821"), ("cvv: 123", "123"), ("jdbc:oracle:thin:jane/pw7x@//h:1521/x", "pw7x"),
    ("https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXX", "T0000"),
    ("MEID A10000009296F2", "A10000009296F2"), ("mac=3c22fb7a901e", "3c22fb7a901e"),
    ("lat 52.516275 lon 13.377704", "52.516275"), ("my number is 4155550132", "4155550132"),
    ("passport no: C01X00T47", "C01X00T47"), ("driver license D1234567", "D1234567"),
    ("NHS number 943 476 5919", "943 476 5919"), ("account number: 12345678", "12345678"),
    ("dob: 03/12/1984", "1984"), ("date of birth: 12 March 1984", "1984"),
]  # fmt: skip

LEFT_ALONE = [
    "java.net.SocketException", "java.net", "com.example.app", "socket.io", "index.com.js",
    "Foo.com", "org.example.Main", "allocation of 9663676416 bytes failed", "size=9663676416",
    "status 3221225477", "limit 4294967295", "pin: 13", "pass=2", "test pass: 3",
    "by user request", "for user input", "account locked", "account 12 of 30",
    "passport.js", "mac os 10", "user id missing", "0051 0052 0053", "born in thread 3",
    "reach the end", "contact the vendor", "OneDrive.exe", "LoginControllerDelegateWrapper",
    "12/345-678", "lat of 3", "sig=", "secret_key_base", "ip-address",
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_found_whole_wherever_it_stands(scrubber: Scrubber, value: str) -> None:
    for surrounding in SURROUNDINGS:
        scrubbed = scrubber.scrub_text(surrounding.format(value))
        digits = [each for each in scrubbed.text if each.isdigit()]
        assert value not in scrubbed.text
        assert len(digits) <= 1, scrubbed.text


@pytest.mark.parametrize(("text", "value"), IN_CONTEXT, ids=[each[0] for each in IN_CONTEXT])
def test_a_value_is_found_by_what_stands_around_it(
    scrubber: Scrubber, text: str, value: str
) -> None:
    assert value not in scrubber.scrub_text(text).text


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_only_looks_alike_is_left_alone(scrubber: Scrubber, text: str) -> None:
    assert scrubber.scrub_text(text).text == text

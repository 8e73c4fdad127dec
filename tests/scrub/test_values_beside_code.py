"""Where a rule that keeps code meets one that hides: people's values in what looks like code.

All values are made up, or are the examples of their standards.
"""

import pytest

from transforms.scrub import Scrubber

HIDDEN = [
    ("/net/fileserver/home/jane/x.c", "jane"),
    ("/var/lib/docker/overlay2/abc/merged/home/jane/x", "jane"),
    ("/var/lib/snapd/hostfs/home/jane/x", "jane"),
    ("/app/home/jane/x", "jane"),
    ("/usr/lib/rootfs/home/jane/a", "jane"),
    ("/mnt/d/app/Users/jane/x", "jane"),
    ("D:\\src\\Users\\jane\\x", "jane"),
    ("D:\\modules\\backup\\Users\\jane\\AppData", "jane"),
    ("D:\\Backup\\lib\\Users\\Jane Doe\\x", "Jane Doe"),
    ("D:\\org\\Documents and Settings\\jane\\x", "jane"),
    ("\\\\srv\\net\\Users\\jane\\x", "jane"),
    ('{"ip":"5.9.23.0"}', "5.9.23.0"),
    ("remote_addr=3.15.20.0", "3.15.20.0"),
    ("X-Forwarded-For: 2.16.16.0, 1.2.3.4", "2.16.16.0"),
    ("dial tcp 5.9.23.0:443", "5.9.23.0"),
    ("Connection from 3.15.20.0 port 22", "3.15.20.0"),
    ('http_client_ip="4.53.0.0"', "4.53.0.0"),
    ("route add 5.9.23.0/24", "5.9.23.0"),
    ("peer=9.9.0.0", "9.9.0.0"),
    ('{"k":"client_ip","v":"203.0.113.5"}', "203.0.113.5"),
    ('{"rev":"203.0.113.5"}', "203.0.113.5"),
    ('"conversion": "203.0.113.5"', "203.0.113.5"),
    ('ssh -v "203.0.113.5"', "203.0.113.5"),
    ("Received: from (203.0.113.5) <bob@example.com>", "203.0.113.5"),
    ("John (203.0.113.5) <alice>", "203.0.113.5"),
    ("router (192.168.1.1) <aa:bb:cc:dd:ee:ff>", "192.168.1.1"),
    ("host (192.168.1.55) <0x1234>", "192.168.1.55"),
    ("addr 203.0.113.5-rc", "203.0.113.5"),
    ('ip="203.0.113.5-beta"', "203.0.113.5"),
    ("peer 203.0.113.5-dev", "203.0.113.5"),
    ("IP_5.9.23.4", "5.9.23.4"),
    ("ADDR_5.9.23.4:80", "5.9.23.4"),
    ('password="please let me in"', "let me in"),
    ('"password": "too many cats 77"', "cats"),
    ('secret: "has anyone seen it 5"', "anyone"),
    ("password='Not so secret 123'", "secret 123"),
    ('"full_name": "Has anjali"', "anjali"),
    ('email: "must be jane"', "jane"),
    ("password=12.05.1987", "1987"),
    ("pwd: 24.12.1990", "1990"),
    ('"password":"1.1.1990"', "1990"),
    ("otp: 123.456.789", "456"),
    ("curl -u $USER:hunter2secret https", "hunter2"),
    ("curl --user ${USER}:hunter2 x", "hunter2"),
    ('"ip": "1.2.3.0"', "1.2.3.0"),
    ("rabbit: connect to janebox:5672", "janebox"),
    ("[janebox/10.1.2.3] failed", "janebox"),
    ("authentication code is 123456", "123456"),
]

KEPT = [
    "Ping timeout (120 seconds)",
    "websocket: ping latency (35 ms)",
    "Ping interval (25000)",
    "Connection refused: tcp_client.cc:120",
    "connect refused: net.go:45",
    "connect timed out: SocketImpl.java:130",
    "connect to main.js:123",
    "AVX is unavailable on X86",
    "Feature is unavailable on ARM64",
    "the machine HAS no memory",
    "printer on LPT1",
    "printer on USB001",
    "250 Syntax: EHLO hostname",
    "EHLO or HELO command",
    "HELO will be tried",
    "Supported commands: EHLO HELO MAIL",
    "import X from '../home/components/Header.vue'",
    "../../home/views/main.dart",
    "at ../home/store/index.js:12",
    "src/profiles/profiles.controller.ts",
    "profiles/settings.json",
    "Profiles/Standard.json",
    "lib/profiles/identity.go",
    "$HOME/nohup.out",
    "$HOME/miniconda3/bin",
    "GNUTLS_PRIVKEY_IMPORT_AUTO_RELEASE = 1",
    "authkey=%p",
    "app_keyboard: us",
    "appKeyEvent: down",
    "senderKeyframe=3",
    "Error del equipo: memoria insuficiente",
    "gen_server:call@node:25",
    "file:main@src.c:20",
    "server.go:1234@goroutine:18",
    "sid=0x7f001234",
    "SID=ORCLPROD1",
    "Authentication code 1001",
    "GET x.js?hash=5f3e9a8b7c6d5e4f",
    "my-app.config.server.id",
    "el-table.column.sort.by",
    "elastic-apm.transaction.trace.id",
    "Firmware 4.2.1.0 found",
    '"version": "203.0.113.5"',
    "4.19.0.1-rc",
    '"jsonwebtoken": "^8.5.1"',
    'password: "must be at least 8 characters"',
    "curl -u $USER:$PASS https",
    "[libcurl/7.64.1.0]",
    "backup failed because disk quota was reached while copying files from the local disk now",
    "DISPLAY=unix:0",
]


@pytest.mark.parametrize(("text", "value"), HIDDEN)
def test_values_in_what_looks_like_code_are_hidden(
    scrubber: Scrubber, text: str, value: str
) -> None:
    assert value in text
    assert value not in scrubber.scrub_text(text).text


@pytest.mark.parametrize("text", KEPT)
def test_code_in_what_looks_like_a_value_is_kept(scrubber: Scrubber, text: str) -> None:
    assert scrubber.scrub_text(text).text == text

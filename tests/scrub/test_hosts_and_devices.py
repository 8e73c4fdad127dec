"""Hosts, networks, devices and places by what stands around them, and what only looks alike.

All values are made up, or are the examples of their standards. The cases stand for rules: each is
the shortest text that one of them is for.
"""

import pytest

from transforms.scrub import Scrubber, load_scrubber

HIDDEN = [
    # hosts
    ("CLIENTNAME=JANETAB", "JANETAB"), ("SQLServerName: PROD-DB", "PROD-DB"),
    ("Rechnername: janebox", "janebox"), ("'jane'@'janebox' (using", "janebox"),
    ("connect timed out: janebox:8443", "janebox"), ("Connect to janebox:9200 [x", "janebox"),
    ("NoRouteToHostException: janebox", "janebox"), ("ping janebox (10", "janebox"),
    ("traceroute to janebox (10.1.2.3), 30", "janebox"), ("EHLO janebox", "janebox"),
    ("certificate is valid for nas.jane.family, not x", "nas.jane"), ("celery@janebox", "janebox"),
    ("DISPLAY=janebox:10.0", "janebox"), ("https_proxy=janeproxy:3128", "janeproxy"),
    ("SESSION_MANAGER=local/janebox:@/tmp", "janebox"),
    ("janebox:/export on /mnt type nfs", "janebox"), ("mount.cifs //janebox/s /mnt", "janebox"),
    (r"\\\\?\\UNC\\janebox\\s", "janebox"), ("The computer JANEBOX could", "JANEBOX"),
    ("NetBIOS name JANEBOX :1d", "JANEBOX"), ("CN=x,DC=janes,DC=example", "janes"),
    ("Server=JANEBOX\\SQL;Database=x", "JANEBOX"), ("Jane\u2019s AirPods Pro", "Jane"),
    ("203-0-113-5.dyn.isp.example", "203-0"), ("bluetooth_name: Jane S21", "Jane"),
    ("CBPeripheral: 0x28, name = Jane QC35, mtu", "Jane"),
    ("getaddrinfo ENOTFOUND janebox janebox:80", "janebox"),
    ("[janebox/10.1.2.3] failed", "janebox"), ("authenticating to janebox:22 as", "janebox"),
    # networks and telephones
    ("cp-1.vm1.lab.example.us is up", "vm1"), ("dev 1234:56ff:fe78:90ab up", "56ff"),
    ("eui 3c:22:fb:ff:fe:7a:90:1e", "fb:ff"), ("SSID - hexdump(len=3): 4a 61 6e", "4a 61"),
    ("SSID Match pattern=PatternMatcher{LITERAL: JaneNet}", "JaneNet"),
    ("joined network JaneNet on en0", "JaneNet"), ('no profile "JaneNet" assigned to', "JaneNet"),
    ('connected to "JaneNet"WPA_PSK', "JaneNet"), ("hotspot name: Jane", "Jane"),
    ("connection activation failed: 'JaneNet' not", "JaneNet"), ("ruf 09-7625400 an", "7625400"),
    # ids
    ("aabb00112233445566778899aabbccdd-0011223344556677889900aabbccddee", "001122334455"),
    ("MD5:3c:22:fb:7a:90:1e:3c:22:fb:7a:90:1e:3c:22:fb:7a", "fb:7a"),
    ("<01234567 89a23def 23234567 89ab1223>", "89a23def"),
    ("{length = 32, bytes = 0x0123456789a23def23234567 ... 89ab1223 }", "89a23def"),
    ("id GW/VMbPjTiyr5cSoblKBmQ==", "VMbPj"), ("Service Tag: 9T46D14", "9T46D14"),
    (r"USB\\VID_05AC&PID_12A8\\00008030001A2D3C", "001A2D"),
    ("/dev/disk/by-id/ata-Disk_860_S3Z8NB0K123456A", "S3Z8NB"),
    ("adb: device 'R58M123ABCD' not found", "R58M"), ("ExponentPushToken[abcDEF123ghi]", "abcDEF"),
    ("TeamViewer ID: 1 234 567 890", "234 567"), ("DUID 00:01:00:01:2a:3b:4c:5d:3c:22:fb", "3b:4c"),
    ("psm determination successful. Identifier JTFE/223PE", "223PE"),
    # places
    ("$GPGGA,123519,4807.038,N,01131.000,E,1,08", "4807"), ("at N50 44.246 E007 05.892", "44.246"),
    ("POINT Z (7.098206 50.737438 0)", "50.73"),
    ("LINESTRING(7.098206 50.737438, 7.1 50.8)", "50.8"),
    ("billing_address: 12 Rose Street, Bonn", "Rose"), ("postal_code: 90210", "90210"),
    # paths
    ("/volume1/homes/jane/x", "jane"), ("/snap/../home/jane/x", "jane"), ("./Users/jane/a", "jane"),
    ("$HOME/janes-thesis/x", "thesis"), ("Profiles/abcd1234.default-release", "abcd1234"),
]  # fmt: skip

KEPT = [
    "connect to server:3000", "connection refused: localhost:80", "connect to port:80",
    "NoRouteToHostException: No route to host", "ping (5 ms)", "ehlo", "valid for 3 days, not more",
    "DISPLAY=:0", "The machine GUID", "the computer is", "DC=corp,DC=local", "server=nginx;",
    "name = CBPeripheral", "bluetooth name", "core-js.modules.of", "10de:1c8d:1043:85ab",
    "connected to network socket", "joined network of", "build 02-1234567890", "09-76254",
    "deadbeef-cafe", "<01234567 89a23def>", "<key 5>", "{length = 4, bytes = 0x01020304}",
    "Service tag: none", "service tag v1", "by-id/usb-x", "USB\\ROOT_HUB30", "TeamViewer 15",
    "POINT (x y)", "address: 0x7fff5fbff8a0", "street: none", "zip code missing",
    "src/app/home/components/x.ts", "io/example/home/util/Cache.kt", "pages/home/hero/a.js",
    "$HOME/.config/x", "$HOME/Library/Logs/a", "$HOME/bin/x", "Profiles/x", "SSID Match pattern",
    "MD5:12:34", "-cp a.jar:/b", "x@y", "a==", "Foo::bar==",
]  # fmt: skip


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return load_scrubber()


@pytest.mark.parametrize(("text", "value"), HIDDEN, ids=[each[0] for each in HIDDEN])
def test_hosts_devices_and_places_are_hidden(scrubber: Scrubber, text: str, value: str) -> None:
    assert value in text
    assert value not in scrubber.scrub_text(text).text


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_alike_is_kept(scrubber: Scrubber, text: str) -> None:
    assert scrubber.scrub_text(text).text == text

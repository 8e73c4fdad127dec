"""Hosts, networks, devices and places by what stands around them, and what only looks alike.

All values are made up, or are the examples of their standards. The cases stand for rules: each is
the shortest text that one of them is for.
"""

import pytest

from transforms.scrub import Scrubber

HIDDEN = [
    # hosts
    ("CLIENTNAME=JANETAB", "JANETAB"), ("SQLServerName: PROD-DB", "PROD-DB"),
    ("Rechnername: janebox", "janebox"), ("'jane'@'janebox' (using", "janebox"),
    ("connect timed out: janebox:8443", "janebox"), ("Connect to janebox:9200 [x", "janebox"),
    ("NoRouteToHostException: janebox", "janebox"), ("ping janebox (10.1.2.3)", "janebox"),
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
    # as before beside what is kept
    ("from 192.168.1.0/24", "192.168"), ("(192.168.1.5)", "192.168"),
    ("on 10.1.2.3-worker", "10.1.2"),
    ("mobile: 9876543210", "9876543210"), ("ruf 02 64 62 52 37 an", "64 62"),
    ("is 1::8 up", "1::8"),
    ("cards 4012888888881881 4917300800000000", "49173008"),
    ("at 40 12 88 88 88 88 18 81", "88 88"),
    ("Host: janebox:8080", "janebox"), ("uid=jmiller", "jmiller"),
    # paths
    ("/volume1/homes/jane/x", "jane"), ("/snap/../home/jane/x", "jane"), ("./Users/jane/a", "jane"),
    ("$HOME/janes-thesis/x", "thesis"), ("Profiles/abcd1234.default-release", "abcd1234"),
    # between a key in quotes and its value
    ("added 'ssid' value 'JaneNet'", "JaneNet"), ('{"ssid":"JaneNet"}', "JaneNet"),
    ("{'ssid': b'JaneNet'}", "JaneNet"), (r'{\"ssid\":\"JaneNet\"}', "JaneNet"),
    ("(wifi) access point 'JaneNet' has security", "JaneNet"),
    ("(wifi) connection 'JaneNet' has security", "JaneNet"),
    # by more names, or at a sentence's end
    ("fqdn: janebox.acme.local", "janebox"), ("FQDN=janebox", "janebox"), ("-host janebox", "jane"),
    ("run --host janebox --port 1", "janebox"), ("--hostname janebox", "janebox"),
    ("POWER_SUPPLY_SERIAL_NUMBER=ABC123XYZ", "ABC123"), ("ID_SERIAL_SHORT=S3Z8NB0K1", "S3Z8"),
    ("ID_SERIAL=Acme_SSD_860_S3Z8NB0K1", "S3Z8"), ("deviceSerialNumber: R58M123ABCD", "R58M"),
    ("usbSerial=R58M123ABCD", "R58M"), ("Coordinates: 4.60971, -74.08175.", "74.08"),
    ("at 52.516275,13.377704. Then", "13.37"),
    ("denied for 10-0-129-220", "129-220"), ("node 192-168-17-4.compute", "192-168"),
    ("Meet at 123 Main St at noon", "123 Main"), ("221 N. Baker Street", "Baker"),
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
    # what reports of crashes are full of
    '"version": "6.19.9.1"', '"System.IO": "4.2.0.0"', '"Acme.Core": "0.0.1.0"', "2.0.2.1-signed",
    "libGL.dylib (12.0.40.6) <2A13E40A-BFA1-34FD-925A-C7023FEF254C> /S", "Version: EV031.26.06.00",
    "deflatePrime@@ZLIB_1.2.0.8", "Thread 7:: ThreadPoolForegroundWorker",
    "Thread 6::  Dispatch queue", '"base" : 8231239680,',
    '"usable": 16010616832', "MaxHeapSize     = 8363442176   {product}",
    "usage_in_bytes: 14057910272",
    "0x7ff0: 02 00 00 00 e9 13 fc ff", "41 55 49 89 cd 41 54 49 89 d4", "48 8b 05 12 34 56 78",
    "Host: Intel(R) Xeon(R) CPU, 4 cores", "Host: AMD EPYC 7R13", '"host": "localhost:3000"',
    "graphics.mapper@2.0-impl.so", "product@overlay@BarOverlay.apk@idmap", "jid1-x@jetpack.xpi",
    "2497744160758226285", "0000007fe0ef2168  4010040140100401", "x15 6573726150737473",
    "STACK WIN 4 9557 30 0 0 0 4 0 0 1 $T2", "6378 21 269 1343", '"cookie-signature": "1.0.6"',
    "DEDUP_TOKEN: 2484535967ef85e3", '"deviceID": "0x2e12"', "UID=1036 GID=1007",
    '"FullName": "System.Web.UI.Page.Process"', '"debug_id": "5f2b8c9d0e1f4a3b6c7d8e9f0a1b2c3d"',
    '"code_id": "5f2b8c9d0e1f4a3b6c7d8e9f0a1b2c3d0e1f4a3b"', "EHLO command sent",
    "image uuid: 7D9F2C51-3A4E-4F0B-9B1C-52D8E6A7F013", "MD5:12:34", "-cp a.jar:/b",
    "x@y", "a==", "Foo::bar==",
    "'ssid' value missing", "'ssid', 'bssid'", '"ssid": null', "SSID: <unknown ssid>",
    "wifi connection failed", '"wifi connection"', "--host is required",
    "unknown option --host given", "--host localhost", "the --host option", "is_serial=1",
    "serialVersionUID = 123456789L",
    "deserialized: 12345", "pair 1.23456, 5.67891.2",
    "build 10-0-129-2204", "[10-12-14-33] ERROR", "driver 10-18-10-42", "172-12-1-2",
    "2024-10-0-129-220", "192-168-17",
    "line 12 Main Streetwise", "12 Main thread", "8 Physical Lane errors",
    "15 Min Load Ave", "error 5 Strip failed",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), HIDDEN, ids=[each[0] for each in HIDDEN])
def test_hosts_devices_and_places_are_hidden(scrubber: Scrubber, text: str, value: str) -> None:
    assert value in text
    assert value not in scrubber.scrub_text(text).text


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_alike_is_kept(scrubber: Scrubber, text: str) -> None:
    assert scrubber.scrub_text(text).text == text

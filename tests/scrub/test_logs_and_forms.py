"""What logs of systems and forms of people hold beside crashes, and code that looks like it.

All values are made up, or are the examples of their standards. The cases stand for rules: each is
the shortest text that one of them is for.
"""

import pytest

from transforms.scrub import Scrubber, load_scrubber

HIDDEN = [
    # a number or an address at a sentence's end, before its port, after its key
    ("on my registered 0253 878 25 15. Could you", "0253"),
    ("my registered 4155550132 is", "4155550132"), ("messages to 445-6271 stop", "445-6271"),
    ("The phone number is: 3840901536", "3840901536"), ("mob 986.291.2294x751", "x751"),
    ("ask 745-9543181", "745-9543181"), ("02.64.62.52.37", "02.64"), ("053 734-8074", "8074"),
    ("to 2001:db8::1: refused", "2001"), ("ip:2001:db8::8a2e:1", "8a2e"), ("->fe80::1ff:1", "1ff"),
    ("aaa9:4b3:1f52:af33:bcde:a080:d174:d651:55122 up", "d651"), ("ip:::ffff:10.1.2.3", "ffff"),
    ("STA 3c:22:fb:7a:90:1e: gone", "3c:22"), ("bt_addr:3c:22:fb:7a:90:1e", "3c:22"),
    ("/org/bluez/hci0/dev_3C_22_FB_7A_90_1E", "3C_22"),
    ("MAC=ff:ff:ff:ff:ff:ff:3c:22:fb:7a:90:1e:08:00 SRC", "3c:22"),
    ("iban=DE89370400440532013000", "DE89"), ("social security number is 457555462", "457555462"),
    ("crash-7d9f2c51-3a4e-4f0b-9b1c-52d8e6a7f013.dmp", "7d9f2c51"),
    ("req_7d9f2c51-3a4e-4f0b-9b1c-52d8e6a7f013", "7d9f2c51"), ("cc 060466683640", "060466683640"),
    # mail, domains and hosts
    ("o'neil@example.ie", "o'neil"), ('"jane doe"@example.org', "jane"),
    ("jane [at] example [dot] org", "jane"), ("jane(at)example.org", "jane"),
    ("jane AT example DOT org", "jane"),
    ("write to jane.doe at mail dot example dot co dot uk", "jane"),
    ("janes-cakes.it is down", "janes"), ("janedoe.it/contact", "janedoe"),
    ("connection to janedoe.at refused", "janedoe"), ("visit janedoe.co", "janedoe"),
    ("from janedoe.in.th: error", "janedoe"), ("bei janedoe.\u0440\u0444", "janedoe"),
    ("my website is JaneDoe.is", "JaneDoe"), ("janes-cakes.cz", "janes"), ("doe.com.ar", "doe"),
    ("jane.github.io", "jane"), ("MSRA-39.fareast.example.com:8042", "MSRA-39"),
    ("UnknownHostException: janes-box: Name", "janes-box"), ("JANE-LAPTOP", "JANE"),
    ("connect to host janes-box port 22", "janes-box"), ("ENOTFOUND db1.doe.example", "doe"),
    ("Jan  5 10:00:01 janes-box sshd[12]: Connection closed", "janes-box"),
    ("Linux janes-box 6.8.0-45-generic", "janes-box"), ("<SSID>Doe-Net</SSID>", "Doe-Net"),
    ('Wi-Fi network "Doe-Net"', "Doe-Net"),
    ("see blog.janedoe.info", "janedoe"), ("mail.janedoe.info/x", "janedoe"),
    ("JANES-IMAC", "JANES"),
    ("JANES-IPHONE", "JANES"), ("janes-iphone", "janes"), ("janes-mac-mini", "janes"),
    ("janes-pc.Local went", "janes"), ("janed.Corp", "janed"), ("from ~192.168.3.4", "192"),
    # accounts
    ("Failed password for janed from 10.0.0.2 port 22 ssh2", "janed"),
    ("Accepted publickey for janed from 10.0.0.2", "janed"), ("sudo:   janed : TTY=pts/0", "janed"),
    ("session opened for user janed by (uid=0)", "janed"), ("(janed) CMD (run-parts)", "janed"),
    ("su: (to root) janed on pts/0", "janed"), ("running as user janed.", "janed"),
    ("no such object: CN=Jane Doe,OU=Users,DC=corp,DC=x", "Jane Doe"),
    ("bind failed for cn=jane doe, ou=people, dc=example", "jane doe"),
    ("CN=Doe\\, Jane,OU=Users,DC=corp", "Doe\\, Jane"),
    ("subject=/C=US/O=Acme/CN=Jane Doe/emailAddress=", "Jane Doe"),
    ("Subject: C = DE, O = Example GmbH, CN = Jane Doe", "Jane Doe"),
    ("'CN=José Núñez,OU=Users,DC=x'", "José Núñez"), ("(O=Acme, CN=jdoe42)", "jdoe42"),
    ("-rw-r--r-- 1 janed staff 120 Nov 26 a.txt", "janed"),
    ("drwxr-x---@ 12 janed janed 4096 Nov 26 src", "janed"),
    ("janed     1234  0.0  0.1 1166852 12345 ?  Sl 10:00 app", "janed"),
    ("janed    pts/0   2026-11-26 12:00 (:0)", "janed"),
    ("New session 4 of user janed.", "janed"), ("Account Name:\t\tjaned", "janed"),
    ("SubjectUserName: janed", "janed"), (r"User CORP\janed denied", "janed"),
    ('"user": "janed"', "janed"), ("SUDO_USER=janed", "janed"), (r"\\fs\users\janed\x", "janed"),
    ("/homes/janed/x", "janed"), ("/home/users/janed/x", "janed"),
    # secrets
    ("config [password=hunter2]", "hunter2"), ("user[password]=hunter2", "hunter2"),
    ("password=Swordfish, retry", "Swordfish"), ("password: a1:b2", "a1"),
    ('"password": ["hunter2"]', "hunter2"), ("<password>hunter2</password>", "hunter2"),
    ("password: &8q0)$RqYh", "8q0"), ("DB_PASS=hunter2", "hunter2"), ("psk=hunter2x", "hunter2x"),
    ("пароль: hunter2", "hunter2"), ("curl -u jane:hunter2 x", "hunter2"),
    ("license_key=AB-12", "AB-12"), ("key=3f9aB27cQ81xYz04LmN5pR6t", "3f9aB"),
    ("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,A\n\nMIIEpQ"
     "\n-----END RSA PRIVATE KEY-----", "MIIEpQ"),
    ("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nP2/56w\n---- END", "P2/56w"),
    ("ABIAQ3EGRIJKZ7ABCD2X", "ABIA"), ("glft-" + "aB3x" * 6, "aB3x"), ("glc_" + "aB3x" * 9, "aB3x"),
    ("t dKf8s9aXq:APA91b" + "Hun4" * 9, "Hun4"), ("xkeysib-" + "0f9a" * 16, "0f9a"),
    ("tskey-auth-" + "k9Xq" * 8, "k9Xq"), ("pul-" + "0f1e" * 10, "0f1e"),
    # devices and places
    ("[ro.serialno]: [R58M123ABCD]", "R58M"), ("S/N: C02XL0GZJGH5", "C02X"),
    ("udid 00008030-001A2D3C0E38802E", "001A2D"), ("POINT(13.404954 52.520008)", "13.40"),
    # secrets by more names, in headers, commands and sentences
    ('"pass":"hunter2x"', "hunter2x"), ("pass: 'hunter2x'", "hunter2x"),
    ("SMTP_PASS: hunter2", "hunter2"), ('keystorePass="hunter2x"', "hunter2x"),
    ("HTTP_AUTHORIZATION=Bearer abcdef12345", "abcdef"),
    ("Proxy-Authorization: NTLM TlRMhunter2", "TlRM"), ("Cookie: a=1; session=hunter2", "hunter2"),
    (r'{"Password":"hun\"ter2"}', "ter2"), ("password='a\"b hunter2'", "hunter2"),
    ("deviceToken=<a1b2c3d4 e5f6a7b8 a1b2c3d4 e5f6a7b8>", "e5f6a7b8"),
    ("SAMLResponse=hunter2x", "hunter2x"), ("IDENTIFIED BY 'hunter2'", "hunter2"),
    ("Invalid API key: 'hunter2x'", "hunter2x"), ("$2b$12$" + "Hun4" * 13 + "x", "Hun4"),
    ("xprv9" + "Hun4" * 26 + "xx", "Hun4"), ("mysql -ujane -phunter2", "hunter2"),
    ("Your verification code is 482913", "482913"), ("Authorization: HMAC hunter2x", "hunter2x"),
    ("Set-Cookie: a=1; b=hunter2", "hunter2"), ("activation code: 482913", "4829"),
    ("$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA", "c2F"),
    ("$6$rounds=5000$Hun4salt$Hun4hash", "Hun4"), ("password=\"it's hunter2\"", "hunter2"),
    # users in elements, databases, listings and prompts
    ('<Data Name="TargetUserName">janed</Data>', "janed"), ("<User>janed</User>", "janed"),
    ("<Computer>JANEBOX.doe.local</Computer>", "JANEBOX"),
    ("10.0.0.1 - janed [10/Oct/2000:13:55:36 -0700]", "janed"), ("-Duser.name=janed", "janed"),
    ('role "janed" does not exist', "janed"), ("Key (username)=(janed) already exists", "janed"),
    ('acct="janed"', "janed"), ('AUID="janed"', "janed"), ("loginuid=janed", "janed"),
    ("CRON[1]: (janed) CMD (x)", "janed"), ("groups=1000(janed)", "janed"),
    ("invalid user janed 10.0.0.1 port 22", "janed"), ("[janed@ws1 src]$ ls", "janed"),
    ("UserInfo{0:Jane Doe:c13}", "Jane"), ("Account {name=janed42, type=com.x}", "janed42"),
    (r"Security ID: ACME\janed", "janed"), (r"by ACME\janed", "janed"), ("full name: Jane", "Jane"),
    ("/home2/janed/x", "janed"), (r"C:\DOCUME~1\janed\x", "janed"),
    ("janed    1234     1  0 10:00 ?  00:00 app", "janed"), ("janed pts/0 10.0.0.9 Mon", "janed"),
    ("drwxr-xr-x janed/staff 0 2024-01-01 x", "janed"), ("user.name=janed", "janed"),
    ("<Author>janed</Author>", "janed"), ("janed   :0  2024-01-01", "janed"),
    # hosts in messages of resolvers and in logs
    ("2024-01-02T03:04:05Z janes-box systemd[1]: x", "janes-box"),
    ("<34>1 2024-01-02T03:04:05.003Z janes-box su - x", "janes-box"),
    ("Host name: janes-box", "janes-box"), ("Computer Name: janes-box", "janes-box"),
    ("rhost=janes-box", "janes-box"), ("lookup janesbox: no such host", "janesbox"),
    ("getaddrinfo ENOTFOUND janesbox", "janesbox"), ("UnknownHostException: janesbox", "janesbox"),
    ("Failed to connect to janesbox/10.0.0.1:80", "janesbox"),
    ("Hostname janedoe.app not verified", "janedoe"), ("server: vpn.janedoe.online", "janedoe"),
    ("jane-doe.tech", "jane"), ("getaddrinfo EAI_AGAIN janesbox", "janesbox"),
    ("lookup janesbox on 10.0.0.2:53", "janesbox"), ("DESKTOP-JANEDOE", "JANE"),
    # numbers by their keys' names
    ("incomingNumber=4155552671", "4155"), ("msisdn=491701234567", "4917"),
    ("enx001a2b3c4d5e", "001a"), ("HWaddr 001a2b3c4d5e", "001a"), ("mLatitude=52.516275", "516275"),
    ("GPSLatitude: 52.5162", "5162"), ("Location[fused 52,516275,13,377704", "516275"),
    ("subscriberId=310150123456789", "3101"), ("ECID: 0x1A2B3C4D5E6F", "1A2B"),
    ("VIN 1HGCM82633A004352", "1HGC"), ("Volume Serial Number is 1A2B-3C4D", "1A2B"),
    ("starting connection 'DoeHome'", "DoeHome"), ("destAddr=4155552671", "4155"),
    ("line1Number: 4155552671", "4155"), ("wlx001a2b3c4d5e", "001a"),
    ("activating connection 'DoeHome'", "DoeHome"),
]  # fmt: skip

KEPT = [
    # functions and files
    "github.com/gin-gonic/gin.(*Context).Next", "golang.org/x/net/http2.Foo", "go.uber.org/zap.New",
    "gopkg.in/a/b.v1/c/d.TestParse(0xc00)", "k8s.io/client-go/tools.run(0x1)",
    "github.com/a/b.run(0x1, 0x2)", "corp.example.com/pay/api.Charge", "github.com/a/b.init.0",
    "threading.local", "cross_sync.Local", "log.info", "spacy.lang.fr", "provider-mac.gz",
    "index.com.js", "view.at", "item.no", "my-item.Is", "a.b.at(0)", "main-loop.io::run",
    "main.rs", "x.pl", "run.sh", "Foo.is",
    "libapp.so (BuildId: 5f2b8c9d0e1f4a3b6c7d8e9f0a1b2c3d)", "a::1::b", "dead::beef:",
    "Package_for_KB1~31bf3856ad364e35~amd64~~6.1.1.0",
    # messages
    "No route to host: no further information", "Token: Token { kind: 1 }", "hotplug: PCI Hot",
    "[0701/114930:WARNING:dns.cc(306)] failed", "deny mach-lookup com.apple.networking.x",
    "Owner: com.apple.iokit.Family, Name: x", "Error Domain=com.apple.foo.error Code=1",
    "scale [1.00000, 0.00000], loss 0.693147, 0.500000", "for user interface",
    "CN=Users,DC=corp,DC=local", "cn=config,o=x", "CN=*.example,O=Example", "x = CN = y, o = z",
    "CN=Apple Root CA - G3, OU=Apple Certification Authority, O=Apple Inc., C=US",
    "CN=Microsoft Windows, O=Microsoft Corporation, L=Redmond", "icn=Jane,OU=x",
    "certificate verify failed: CN=Amazon RSA 2048 M02, O=Amazon, C=US",
    "running as user input", "failed at dot product", "request to self.id failed",
    "-rw-r--r-- 1 root root 120 Nov 26 a.txt", "drwxrwx--x u0_a123 u0_a123 4096 files",
    "epoch 12 0.5 0.3 done", "root      1  0.0  0.1 166852 12345 ?  Ss 10:00 init", "logname= uid=",
    "last call 2026-11-26 10:00", "called 1234567 times", "sn=12", "SSID unavailable",
    "password: String, token: Int32)", "cache key: users", "base64Data=GB82WEST12345698765432",
    # exceptions, signatures and symbols
    "android.view.WindowManager$BadTokenException: Unable to add window",
    "NoCredentialsError: Unable to locate", "TokenExpiredError: jwt expired",
    "JsonWebTokenError: jwt malformed", "CookieError: Illegal key",
    "App.Api.login(token: Foundation.Data) -> ()",
    "Network.NWConnection.init(host: Network.NWEndpoint.Host, port: x)",
    "f(username: inout Swift.String)", "f(email: __owned Swift.String)",
    "connect(host: str, port: int)", "f(token: Optional[str])", "token: kotlin.String)",
    "runtime.call16777216.abi0", "phone_1234567", "tel_7654321.js",
    "crypto/tls.(*certificateRequestMsgTLS13).marshal.func1.1.3.1", "time.Local", "DateTime.Local",
    "DateTimeKind.Local", "kotlin.internal", "go:itab.internal/poll.errNetClosing,error",
    "TokenProvider: started", "TokenManager: x", "CookieStoreHandler: flush", "f(token: __C.NSURL)",
    "f(token: __shared Swift.String)", "f(token: @escaping Swift.String)",
    # versions, counts, listings and words
    "const console = require('x')", "the console is closed", "error tty1 not found",
    "opening pts/2", "mode -rw-r--r-- expected but 0644", "drwxr-xr-x instead of 0700",
    "execute as user callback", "started as user request", "run as user namespace",
    "run as user interactive mode", "container as user specified", "looked at this dot it",
    "connection to System.IO", "connection to java.io", "plugins.flutter.io/shared_preferences",
    "networking.istio.io/v1beta1", "rbac.authorization.k8s.io/v1", "docker.io/library/nginx",
    "pre-commit.in", "bottommost caller's pc", "the frame's PC", "PC-ADDRESS", "PC-RELATIVE",
    "WIN-UNICODE", "DESKTOP-NOTIFICATION", "Next-PC", "Return-PC", "on-iPhone", "simulator-iPhone",
    "rect 10 20 30 40", "rgb 12 34 56 78", "error (404) 123 456", "Chrome/119.0.0.0",
    "Firefox/118.0.1.2", "FileVersion: 1.2.3.4", "loss 2.3456, 1.2345", "expected 1.2345, 6.7890",
    "user@1000.service: Failed", "getty@tty1.service", "max_tokens: 4096", "num_tokens = 128",
    "java.net.UnknownHostException: unable", "Newtonsoft.Json: 11.0.0.0", "auid=4294967295",
    "tcp/10.0.0.0:80", "call signal (11) 123 456", "bounds 10 20 30 40", "DesktopVersion 1.2.3.4",
    "password: expected bytes", "author: missing", "test-iPhone", "username: invalid",
    "the function's PC", "my compass: 'north'", 'bypass="true"', "pad_token_id: 50256",
    "cookies: 3", "token: not found", "author: unknown", "email: invalid format",
    "Vector2(12.3456, 7.8901)",
]  # fmt: skip


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return load_scrubber()


@pytest.mark.parametrize(("text", "value"), HIDDEN, ids=[each[0] for each in HIDDEN])
def test_what_logs_and_forms_hold_is_hidden(scrubber: Scrubber, text: str, value: str) -> None:
    assert value in text
    assert value not in scrubber.scrub_text(text).text


@pytest.mark.parametrize("text", KEPT)
def test_code_and_messages_that_look_like_it_are_kept(scrubber: Scrubber, text: str) -> None:
    assert scrubber.scrub_text(text).text == text


def test_many_keys_before_open_brackets_withhold_no_text(scrubber: Scrubber) -> None:
    assert scrubber.scrub_text("pw:A<" * 40_000).text != "<withheld>"

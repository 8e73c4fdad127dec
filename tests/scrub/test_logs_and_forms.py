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
    "running as user input", "failed at dot product", "request to self.id failed",
    "-rw-r--r-- 1 root root 120 Nov 26 a.txt", "drwxrwx--x u0_a123 u0_a123 4096 files",
    "epoch 12 0.5 0.3 done", "root      1  0.0  0.1 166852 12345 ?  Ss 10:00 init", "logname= uid=",
    "last call 2026-11-26 10:00", "called 1234567 times", "sn=12", "SSID unavailable",
    "password: String, token: Int32)", "cache key: users", "base64Data=GB82WEST12345698765432",
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

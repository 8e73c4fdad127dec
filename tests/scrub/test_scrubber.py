"""The scrubber around whatever finds entities: identities, paths, versions, failing closed."""

import re
from collections.abc import Sequence

import pytest

from schemas.records import CrashReport, Frame, Identity, IdentityKind
from transforms.scrub import Finding, Scrubber, ScrubError, load_scrubber
from transforms.scrub.analyzer import EntityFinder, load_analyzer
from transforms.scrub.recognizers.contact import MailAddressRecognizer

MAIL = re.compile(r"\w+@\w+\.org")
CALLS: list[str] = []


def find_mail(text: str) -> Sequence[Finding]:
    CALLS.append(text)
    return [Finding("EMAIL_ADDRESS", m.start(), m.end(), 0.9) for m in MAIL.finditer(text)]


def user(value: str) -> Identity:
    return Identity(IdentityKind.USER_NAME, value)


@pytest.fixture
def scrubber() -> Scrubber:
    return Scrubber(find_mail)


def test_a_finding_is_replaced_by_its_type_and_told_by_its_place(scrubber: Scrubber) -> None:
    scrubbed = scrubber.scrub_text("to jane@example.org now")
    assert scrubbed.text == "to <EMAIL_ADDRESS> now"
    assert scrubbed.findings == (Finding("EMAIL_ADDRESS", 3, 19, 0.9),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("saved by jane.q9x7", "saved by <USER_NAME>"),
        ("JANE.Q9X7 saved", "<USER_NAME> saved"),
        ("/srv/jane.q9x7/a", "/srv/<USER_NAME>/a"),
        ("xjane.q9x7x", "x<USER_NAME>x"),
        ("q=jane.q9x7&b", "q=<USER_NAME>&b"),
    ],
)
def test_an_identity_is_hidden_wherever_it_recurs(
    scrubber: Scrubber, text: str, expected: str
) -> None:
    assert scrubber.scrub_text(text, [user("jane.q9x7")]).text == expected
    assert scrubber.scrub_text(text).text == text


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("admin", "AdminPanel::admin()", "AdminPanel::admin()"),
        ("admin", "/srv/admin/x", "/srv/<USER_NAME>/x"),
        ("robert", "robertson_transform", "robertson_transform"),
        ("robert", "user robert gone", "user <USER_NAME> gone"),
        ("robert", "home_robert_x", "home_<USER_NAME>_x"),
        ("bo", "/srv/bo/x", "/srv/bo/x"),
        ("müller-q9", "user m%C3%BCller-q9", "user <USER_NAME>"),
        ("jürgen.müllerq", "by M%C3%BCllerq", "by <USER_NAME>"),
        ("Jürgen Müllerq", "by J%C3%BCrgen+M%C3%BCllerq", "by <USER_NAME>"),
        ("jürgen.müllerq", r"by M\u00fcllerq", "by <USER_NAME>"),
        ("jürgen.müllerq", "by M&#252;llerq", "by <USER_NAME>"),
        ("Jane's Mac.local", "on jane's mac", "on <USER_NAME>"),
        ("Tom", "no profile for Tom.", "no profile for <USER_NAME>."),
        ("tom", "tom::Reader tom.read() libtom-1", "tom::Reader tom.read() libtom-1"),
        ("tom", "tom: denied, user:tom", "<USER_NAME>: denied, user:<USER_NAME>"),
        ("mark", "Mark::sweep gc::mark", "Mark::sweep gc::mark"),
        ("mark", "by mark at mark_x", "by <USER_NAME> at <USER_NAME>_x"),
        ("jane.q.smithers", "Smithers, Jane and jane_smithers", "<USER_NAME> and <USER_NAME>"),
        ("müllerq", r"m\xfcllerq M%FCllerq m\303\274llerq", "<USER_NAME> <USER_NAME> <USER_NAME>"),
        (
            "müllerq",
            "m\u00c3\u00bcllerq, muellerq or Mullerq",
            "<USER_NAME>, <USER_NAME> or <USER_NAME>",
        ),
        ("jean o'hare", r"jean o\'hare and Jean O&#39;Hare", "<USER_NAME> and <USER_NAME>"),
        ("王伟", "用户王伟不存在", "用户<USER_NAME>不存在"),
        ("Özlem.Kaya", "k=%C3%96zlem.Kaya", "k=<USER_NAME>"),
        ("Özlem.Kaya", r"k=\u00d6zlem.Kaya", "k=<USER_NAME>"),
        ("İbrahim", "user İbrahim gone", "user <USER_NAME> gone"),
        ("Jose\u0301.Garci\u0301a", "by José.García", "by <USER_NAME>"),
        ("jane.quillsmith", "Jane Quillsmith and jane+quillsmith", "<USER_NAME> and <USER_NAME>"),
        ("Jane Quillsmith", "dear Quillsmith,", "dear <USER_NAME>,"),
    ],
)
def test_a_name_that_could_be_code_is_hidden_only_where_it_stands_alone(
    scrubber: Scrubber, name: str, text: str, expected: str
) -> None:
    assert scrubber.scrub_text(text, [user(name)]).text == expected


def test_overlapping_findings_become_one(scrubber: Scrubber) -> None:
    scrubbed = scrubber.scrub_text("to jane@example.org now", [user("jane@example")])
    assert scrubbed.text == "to <EMAIL_ADDRESS> now"


def test_control_characters_and_broken_unicode_become_a_space(scrubber: Scrubber) -> None:
    assert scrubber.scrub_text("a\r\nb\x00c\ud800d").text == "a b c d"


def test_a_placeholder_is_not_found_again() -> None:
    scrubber = Scrubber(lambda text: [Finding("PASSWORD", 3, len(text), 1.0)])
    assert scrubber.scrub_text("pw=<PASSWORD>").text == "pw=<PASSWORD>"
    assert scrubber.scrub_text("pw=secret").text == "pw=<PASSWORD>"


def test_all_text_of_a_report_is_scrubbed_and_paths_are_cut(scrubber: Scrubber) -> None:
    mail = "jane@example.org"
    report = CrashReport(
        "test",
        product=mail, version=mail, channel=mail, os_name=mail, os_version=mail, os_build=mail,
        arch=mail, process_type=mail, reason=mail, exception_type=mail, message=mail,
        frames=(
            Frame(f"/opt/{mail}/libfoo.so", f"lambda at {mail}", rf"C:\src\{mail}\foo.cpp", 3, 4),
            Frame(f"/opt/x/{mail}", None, f"https://h.example/{mail}/app.js?token={mail}#x"),
        ),
    )  # fmt: skip
    crash = scrubber.scrub_report(report)
    assert "jane" not in repr(crash)
    assert crash.frames[0].module == "libfoo.so"
    assert crash.frames[0].function == "lambda at <EMAIL_ADDRESS>"
    assert crash.frames[0].file == "foo.cpp"
    assert crash.frames[1].module == "<EMAIL_ADDRESS>"
    assert crash.frames[1].file == "app.js"
    assert crash.redactions == {"EMAIL_ADDRESS": 13}


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/home/wilhelmine", "/home/<USER_NAME>"),
        ("/Users/jane.miller/", "/Users/<USER_NAME>/"),
        (r"C:\Users\wilhelmine", r"C:\Users\<USER_NAME>"),
        (r"\\wilhelmine", None),
        (r"\\nas\wilhelmine", None),
        (r"\\nas\wilhelmine\app.exe", "app.exe"),
        ("https://app.example/profile/jane.miller", None),
        ("https://wilhelmine.photography/", None),
        ("http://wilhelmine:hunter2@millerbox/", None),
        ("https://app.example/static/app.min.js?user=jane", "app.min.js"),
        ("webpack:///./src/main.tsx", "main.tsx"),
        ("app:///index.android.bundle", "index.android.bundle"),
        ("/usr/lib/libc.so.6", "libc.so.6"),
        ("/System/Library/Foo", "Foo"),
        ("/data/app/com.example.app", "com.example.app"),
        ("src/a.c", "a.c"),
    ],
)
def test_of_a_path_only_the_name_of_code_is_kept(path: str, kept: str | None) -> None:
    report = CrashReport("test", frames=(Frame(path, "f", path),))
    (frame,) = load_scrubber().scrub_report(report).frames
    assert (frame.module, frame.file) == (kept, kept)


def test_a_version_is_kept_though_it_looks_like_an_address() -> None:
    everything = Scrubber(lambda text: [Finding("IP_ADDRESS", 0, len(text), 1.0)])
    crash = everything.scrub_report(
        CrashReport("test", version="10.0.0.1", os_version="10.0.22621", message="10.0.0.1")
    )
    assert (crash.version, crash.os_version) == ("10.0.0.1", "10.0.22621")
    assert crash.message == "<IP_ADDRESS>"


@pytest.mark.parametrize("version", ["jane@example.org", "1.0 jane", "415555010099", "1.0-jane"])
def test_a_version_that_holds_more_than_a_version_is_scrubbed(version: str) -> None:
    everything = Scrubber(lambda text: [Finding("X", 0, len(text), 1.0)])
    assert everything.scrub_report(CrashReport("test", version=version)).version == "<X>"


def test_a_text_on_which_the_finder_fails_is_withheld_and_counted() -> None:
    def fail_on_jane(text: str) -> Sequence[Finding]:
        if "jane" in text:
            raise KeyError(text)
        return []

    frames = (Frame(function="jane"), Frame(function="Parser::read"))
    report = CrashReport("test", product="jane", message="of jane", reason="fault", frames=frames)
    crash = Scrubber(fail_on_jane).scrub_report(report)
    assert (crash.product, crash.message, crash.reason) == ("<withheld>", "<withheld>", "fault")
    assert [frame.function for frame in crash.frames] == ["<withheld>", "Parser::read"]
    assert crash.redactions == {"WITHHELD": 3}
    assert Scrubber(fail_on_jane).scrub_text("jane").text == "<withheld>"


def test_several_texts_are_scrubbed_as_each_alone() -> None:
    ours = load_scrubber()
    texts = [
        "to jane@example.org", "Parser::read", "jane@example.org", "to jane@example.org", "",
        " 10.1.2.3\n", "\x1b[1mjane\x1b[0m@example.org", "jane\uff20example.org", "\x1c10.1.2.3",
        "q" * 400 + " jane@example.org", "/home/j\u00fcrgen/x", "10.1.2.\u200b3 of",
        "x" * 1_000_001,
    ]  # fmt: skip
    analyzer = load_analyzer()
    alone = [Scrubber(EntityFinder(analyzer), 0).scrub_text(text) for text in texts]
    assert ours.scrub_texts(texts) == alone
    assert not any("jane" in each.text or "10.1.2" in each.text for each in alone)
    assert (ours.scrub_texts([]), alone[-1].text) == ([], "<withheld>")


def test_of_several_texts_only_the_one_that_fails_is_withheld_and_tried_again() -> None:
    analyzer = load_analyzer()
    scrubber = Scrubber(EntityFinder(analyzer))
    texts = ["of 10.1.2.3", "jane@example.org", "fault"]
    plan = analyzer._plan("en", None)
    place, mail = next(
        (place, share)
        for place, share in enumerate(plan.shares)
        if type(share.recognizer) is MailAddressRecognizer
    )

    def fail(_: str) -> Sequence[Finding]:
        raise TimeoutError

    plan.shares = (*plan.shares[:place], mail._replace(find=fail), *plan.shares[place + 1 :])
    told = [each.text for each in scrubber.scrub_texts(texts)]
    assert told == ["of <IP_ADDRESS>", "<withheld>", "fault"]
    plan.shares = (*plan.shares[:place], mail, *plan.shares[place + 1 :])
    assert scrubber.scrub_texts(texts)[1].text == "<EMAIL_ADDRESS>"


def test_a_text_that_is_too_long_is_withheld(scrubber: Scrubber) -> None:
    assert scrubber.scrub_text("x" * 1_000_001).text == "<withheld>"
    with pytest.raises(ScrubError):
        scrubber.is_clean("x" * 1_000_001)


def test_a_report_that_cannot_be_read_fails_without_a_word_of_it(scrubber: Scrubber) -> None:
    broken = CrashReport("test", message="jane", frames=(None,))  # type: ignore[arg-type]
    with pytest.raises(ScrubError) as error:
        scrubber.scrub_report(broken)
    assert "jane" not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__


def test_a_text_without_identities_is_looked_at_once(scrubber: Scrubber) -> None:
    CALLS.clear()
    frame = Frame(function="Parser::read")
    for name in ("jane.q9x7", "john.z8y6"):
        scrubber.scrub_report(CrashReport("t", frames=(frame,) * 5, identities=(user(name),)))
    assert CALLS == ["Parser::read"]


@pytest.mark.parametrize(
    "address",
    [
        "192.168.17.44", "172.20.1.2", "10.44.3.2", "555.867.5309", "015123456789",
        "192.168.1.5-dev", "192.168.1.5.0", "4539.1488.0343.6467", "100.64.3.7",
    ],
)  # fmt: skip
def test_what_is_an_address_or_a_number_is_no_version(address: str) -> None:
    everything = Scrubber(lambda text: [Finding("X", 0, len(text), 1.0)])
    assert everything.scrub_report(CrashReport("test", version=address)).version == "<X>"
    assert not everything.is_clean(address)


@pytest.mark.parametrize(
    "version", ["10.0.19045.3803", "115.0.1", "1.2.3-rc1", "127.0.6533.100", "100.0.4896.127"]
)
def test_a_version_of_four_parts_or_with_a_suffix_is_one(version: str) -> None:
    everything = Scrubber(lambda text: [Finding("X", 0, len(text), 1.0)])
    assert everything.scrub_report(CrashReport("test", version=version)).version == version
    assert everything.is_clean(version)

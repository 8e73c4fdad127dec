import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.parse.normalise import (
    OperatingSystem,
    android_from_fingerprint,
    architecture,
    in_app_by_path,
    module_name,
    operating_system,
    without_query,
)


@pytest.mark.parametrize(
    ("name", "version", "build", "expected"),
    [
        ("iPhone OS 15.2.1 (19C63)", None, None, ("iOS", "15.2.1", "19C63")),
        ("iPhone OS", "17.0", "21A329", ("iOS", "17.0", "21A329")),
        ("macOS 26.3 (25D125)", None, None, ("macOS", "26.3", "25D125")),
        ("Mac OS X", "10.15.7", "19H2", ("macOS", "10.15.7", "19H2")),
        ("Mac OS X", "12.6.0", None, ("macOS", "12.6", None)),
        ("macOS", "14.2.0 (23C64)", None, ("macOS", "14.2", "23C64")),
        ("Mac OS X", "10.9.5 13F1134", None, ("macOS", "10.9.5", "13F1134")),
        ("macOS", "14.0 arm64", None, ("macOS", "14.0", None)),
        ("Bridge OS 7.5 (20P5058)", None, None, ("bridgeOS", "7.5", "20P5058")),
        ("xrOS 2.1 (22N840)", None, None, ("visionOS", "2.1", "22N840")),
        ("Windows", "10.0.22631", None, ("Windows", "11", "22631")),
        ("Windows", "10.0.22000", None, ("Windows", "11", "22000")),
        ("Windows", "10.0.21999", None, ("Windows", "10", "21999")),
        ("Windows", "10.0.19041 1234", None, ("Windows", "10", "19041.1234")),
        ("Windows", "10.0.26100.2605", None, ("Windows", "11", "26100.2605")),
        ("Windows", "10", "22631", ("Windows", "11", "22631")),
        ("Windows NT", "6.1.7601 Service Pack 1", None, ("Windows", "7", "7601")),
        ("Windows", "6.3.9600", None, ("Windows", "8.1", "9600")),
        ("Windows", "8.1", None, ("Windows", "8.1", None)),
        ("Windows 10 Pro", "10.0.22631", None, ("Windows", "11", "22631")),
        ("Microsoft Windows 10.0.17134 ", None, None, ("Windows", "10", "17134")),
        ("Windows Server 2022", None, None, ("Windows Server", "2022", None)),
        ("Microsoft Windows Server", "10.0.17763", None, ("Windows Server", "2019", "17763")),
        ("Windows Server", "10.0.20348.2700", None, ("Windows Server", "2022", "20348.2700")),
        ("Windows Server 2012 R2", None, "9600", ("Windows Server", "2012 R2", "9600")),
        ("Windows Server", "6.1.7601", None, ("Windows Server", "2008 R2", "7601")),
        ("Windows Server", "10.0.99999", None, ("Windows Server", "10", "99999")),
        ("Android", "14", "UP1A.231005.007", ("Android", "14", "UP1A.231005.007")),
        ("Android", "8.1.0", None, ("Android", "8.1.0", None)),
        ("Ubuntu", "24.04.1 LTS (Noble Numbat)", None, ("Ubuntu", "24.04", None)),
        ("ubuntu", "22.04", None, ("Ubuntu", "22.04", None)),
        ("Debian GNU/Linux", "12 (bookworm)", None, ("Debian", "12", None)),
        ("Fedora Linux 39 (Workstation)", None, None, ("Fedora", "39", None)),
        ("Linux", "5.15.0-91-generic #101 SMP", None, ("Linux", "5.15.0", "5.15.0-91-generic")),
        ("Linux", None, None, ("Linux", None, None)),
        ("Tizen 6.5", None, None, ("Tizen", "6.5", None)),
        ("Haiku", "R1", None, ("Haiku", "1", None)),
        (None, None, None, (None, None, None)),
    ],
)
def test_an_operating_system_has_one_name_and_its_public_version(name, version, build, expected):
    assert operating_system(name, version, build) == OperatingSystem(*expected)


@pytest.mark.parametrize(
    ("fingerprint", "expected"),
    [
        (
            "google/oriole/oriole:14/UP1A.231005.007/10754064:user/release-keys",
            ("Android", "14", "UP1A.231005.007"),
        ),
        ("'a/b/c:8.1.0/OPM1/1:user/release-keys'", ("Android", "8.1.0", "OPM1")),
        ("unknown", ("Android", None, None)),
    ],
)
def test_a_build_fingerprint_names_the_android_version(fingerprint, expected):
    assert android_from_fingerprint(fingerprint) == OperatingSystem(*expected)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("X86-64 (Native)", "x86_64"),
        ("amd64", "x86_64"),
        ("x64", "x86_64"),
        ("ARM-64", "arm64"),
        ("arm64e", "arm64"),
        ("aarch64", "arm64"),
        ("'arm64'", "arm64"),
        ("armeabi-v7a", "arm"),
        ("i686", "x86"),
        ("riscv64", "riscv64"),
        ("the machine of Jane", None),
        (None, None),
    ],
)
def test_an_architecture_has_one_name_or_none(raw, expected):
    assert architecture(raw) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (r"C:\Windows\System32\ntdll.dll", "ntdll.dll"),
        ("/usr/lib/libc.so.6", "libc.so.6"),
        ("/data/app/~~x==/base.apk!libgame.so", "libgame.so"),
        ("libc.so", "libc.so"),
        ("/", None),
        ("", None),
        (None, None),
    ],
)
def test_a_module_is_named_without_its_folders(path, expected):
    assert module_name(path) == expected


@settings(max_examples=100)
@given(st.text(), st.text(), st.text())
def test_no_text_breaks_the_vocabulary(name, version, build):
    assert isinstance(operating_system(name, version, build), OperatingSystem)
    android_from_fingerprint(name)
    module_name(version)
    assert architecture(build) is None or architecture(build).isascii()


@pytest.mark.parametrize(
    ("file", "kept"),
    [
        ("https://shop.example/a.js?user=jane#top", "https://shop.example/a.js"),
        ("webpack:///./src/a.ts#?x", "webpack:///./src/a.ts"),
        ("/srv/what?/a#b.js", "/srv/what?/a#b.js"),
    ],
)
def test_a_url_is_kept_without_its_query_and_a_path_as_it_is(file, kept):
    assert without_query(file) == kept


@pytest.mark.parametrize(
    "path",
    [
        "/System/Library/Frameworks/UIKit.framework/UIKit",
        "/System/iOSSupport/System/Library/PrivateFrameworks/UIKitCore.framework/UIKitCore",
        "/usr/lib/system/libsystem_c.dylib",
        "/usr/lib/dyld",
        "/private/preboot/Cryptexes/OS/System/Library/Frameworks/WebKit.framework/WebKit",
        "/Library/Developer/iOS.simruntime/RuntimeRoot/System/Library/Frameworks/A.framework/A",
        "/system/lib64/libhwui.so",
        "/apex/com.android.runtime/lib64/bionic/libc.so",
        "/vendor/lib64/egl/libGLESv2_adreno.so",
    ],
)
def test_a_module_in_a_folder_of_the_system_is_not_the_applications(path: str) -> None:
    assert in_app_by_path(path) is False


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "/private/var/containers/Bundle/Application/0A/Painter.app/Painter",
        "/Applications/Painter.app/Contents/Frameworks/libfoo.dylib",
        "/usr/lib/x86_64-linux-gnu/libpaint.so",
        "/usr/local/lib/libpaint.dylib",
        "/data/app/org.shop-1/lib/arm64/libshop.so",
        "/system/priv-app/SystemUI/SystemUI.apk",
        "/home/system/lib/libpaint.so",
    ],
)
def test_of_a_module_elsewhere_nobody_knows_whose_it_is(path: str | None) -> None:
    assert in_app_by_path(path) is None

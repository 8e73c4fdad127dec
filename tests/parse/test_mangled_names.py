"""Functions and classes by the names that programmers gave them."""

import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.records import CrashReport, Frame
from tests.parse.reading import read_one
from transforms.parse.mangled_names import (
    readable_class,
    readable_function,
    with_readable_names,
)

CPP = {
    "_ZSt9terminatev": "std::terminate",
    "_Znwm": "operator new",
    "_ZL4saveP4Cart": "save",
    "_ZN4shop4Cart3addERKNS_4ItemE": "shop::Cart::add",
    "_ZNK4shop4Cart5totalEv": "shop::Cart::total",
    "_ZN4shop4CartC1Ev": "shop::Cart::Cart",
    "_ZN4shop4ListINS_4ItemEED2Ev": "shop::List<shop::Item>::~List",
    "_ZN4shop4findINS_4ItemELi3EEEPT_S3_": "shop::find<shop::Item, 3>",
    "_ZN4shop5colorILNS_3RGBE2ELb1ELin1EEEvv": "shop::color<(shop::RGB)2, true, -1>",
    "_ZN4shop4callIJiPKcEEEvDpT_": "shop::call<int, char const*>",
    "_ZN4shop4callIJEEEvDpT_": "shop::call<>",
    "_ZN4shop4eachIXadL_ZNS_4Cart3runEvEEEEvv": "shop::each<&shop::Cart::run>",
    "_ZN4shop12_GLOBAL__N_14loadEv": "shop::(anonymous namespace)::load",
    "_ZN4shopL4saveEv": "shop::save",
    "_ZN4shoplsERSoRKNS_4CartE": "shop::operator<<",
    "_ZN4shop4CartixEm": "shop::Cart::operator[]",
    "_ZN4shop4CartclEv": "shop::Cart::operator()",
    "_ZNK4shop4CartcvbEv": "shop::Cart::operator bool",
    "_ZNSt6vectorIN4shop4ItemESaIS1_EE9push_backERKS1_": (
        "std::vector<shop::Item, std::allocator<shop::Item>>::push_back"
    ),
    "_ZNSt3__16vectorIiNS_9allocatorIiEEE4dataEv": (
        "std::__1::vector<int, std::__1::allocator<int>>::data"
    ),
    "_ZNSt8functionIFvN4shop4CartEEEaSEOS3_": "std::function<void (shop::Cart)>::operator=",
    "_ZZN4shop4Cart3runEvENKUlvE_clEv": "shop::Cart::run::{lambda#1}::operator()",
    "_ZZN4shop4Cart3runEvENKUliE0_clEi": "shop::Cart::run::{lambda#2}::operator()",
    "_ZZN4shop4loadEvE4once_0": "shop::load::once",
    "_ZThn16_N4shop4Cart3runEv": "non-virtual thunk to shop::Cart::run",
    "_ZTv0_n24_N4shop4Cart3runEv": "virtual thunk to shop::Cart::run",
    "_ZTVN4shop4CartE": "vtable for shop::Cart",
    "_ZN4shop3endB5cxx11Ev": "shop::end",
    "_Z14cart17h0123456789abcdefE": "cart17h0123456",
}
RUST = {
    "_ZN4core9panicking9panic_fmt17h0123456789abcdefE": "core::panicking::panic_fmt",
    "_ZN55_$LT$shop..Cart$LT$T$GT$$u20$as$u20$core..ops..Drop$GT$4drop17h0123456789abcdefE": (
        "<shop::Cart<T> as core::ops::Drop>::drop"
    ),
    "_ZN4shop4cart28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE": "shop::cart::{{closure}}",
    "_RNvNtCs1234_4shop4cart3add": "shop::cart::add",
    "_RNCNvNtCs1234_4shop4cart3adds0_0B5_": "shop::cart::add::{closure#2}",
    "_RINvNtC4core3ptr13drop_in_placeNtC4shop4CartEB_": "core::ptr::drop_in_place<shop::Cart>",
    "_RNvMC4shopNtB2_4Cart3add": "shop::Cart::add",
    "_RNvMC4shopSh3add": "<[u8]>::add",
    "_RNvXC4shopNtB2_4CartNtNtC4core3ops4Drop4drop": "<shop::Cart as core::ops::Drop>::drop",
    "_RINvC4shop4callTRhAjj3_FlEuEE": "shop::call<(&u8, [usize; 3], fn(i32))>",
    "_RINvC4shop4calltE": "shop::call<u16>",
}
SWIFT = {
    "$s4shop4CartC3addyyF": "shop.Cart.add",
    "_$s4shop4CartC6addAllyyF": "shop.Cart.addAll",
    "$S4shop4CartV5countSivg": "shop.Cart.count.getter",
    "_T04shop4CartC3addyyF": "shop.Cart.add",
    "$s4shop4CartC4ItemV4name5priceAESS_SdtcfC": "shop.Cart.Item.init",
    "$s4shop4CartCfD": "shop.Cart.deinit",
    "$s4shop4loadyyF": "shop.load",
    "$s4shop14CartControllerC05emptyB0yyF": "shop.CartController.emptyCart",
    "$s4shop4CartC3addyyFyycfU0_": "closure #2 in shop.Cart.add",
    "$s4shop4CartC3addyyFTf4d_n": "shop.Cart.add",
    "$sSa4shopE5firstyyF": "Swift.Array.first",
    "$sSo6UIViewC4shopE5shakeyyF": "__C.UIView.shake",
    "$ss17_assertionFailure__4file4line5flagss5NeverOs12StaticStringV_SSAHSus6UInt32VtF": (
        "Swift._assertionFailure"
    ),
}


@pytest.mark.parametrize(("symbol", "name"), [*CPP.items(), *RUST.items(), *SWIFT.items()])
def test_a_function_has_its_qualified_name_without_arguments(symbol, name):
    assert readable_function(symbol) == name


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        ("_ZN3fooEv.isra.0", "foo.isra.0"),
        ("_ZN3fooEi.cold", "foo.cold"),
        ("_ZN3foo3barERKS_.llvm.123", "foo::bar.llvm.123"),
        ("_ZN3fooEv$0123456789abcdef0123456789abcdef.cfi",
         "foo$0123456789abcdef0123456789abcdef.cfi"),
        ("_ZN3fooEv+0x14", "foo+0x14"),
        ("_ZN4core3fmt17h0123456789abcdefE.llvm.123", "core::fmt.llvm.123"),
        ("_RNvC4shop3add.llvm.123", "shop::add.llvm.123"),
        ("$s4shop4CartC3addyyF.resume.0", "shop.Cart.add.resume.0"),
        ("___ZN4shop4loadEv_block_invoke_2", "shop::load_block_invoke_2"),
        ("__ZN4shop4loadEv", "shop::load"),
    ],
)  # fmt: skip
def test_what_a_compiler_adds_stays_behind_the_name(symbol, name):
    assert readable_function(symbol) == name


@pytest.mark.parametrize(
    "name",
    [
        "", "main", "_start", "_ZN", "_Z", "_R", "$s", "_ZN4shop", "_ZN99shopE", "_ZNS5_3fooE",
        "_ZC1v", "_RTC_Initialize", "_RtlUserThreadStart", "_ReadFile", "$scope",
        "$string", "$s1", "$s4shopF", "$sAAAA", "$s4shop1poiyS2i_SitF", "$s4shop3fooyyF3barL_yyF",
        "$sSa4shops5UInt8VRszlE5_nullSayACGvg", "-[NSString length]", "shop::Cart::add(int)",
        "_ZN4shop4findIXsr4TypeE5valueEEEvv", "_RNvC4shopu5caf_dma", "_Z1fIi",
        "_Z1fI" + "P" * 99 + "iE",
    ],
)  # fmt: skip
def test_a_name_that_is_not_understood_stays_as_it_is(name):
    assert readable_function(name) == name


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("4Cart", "Cart"),
        ("N4shop5ErrorE", "shop::Error"),
        ("St9bad_alloc", "std::bad_alloc"),
        ("NSt3__18ios_base7failureE", "std::__1::ios_base::failure"),
        ("N4shop4wrapINS_5ErrorEEE", "shop::wrap<shop::Error>"),
        *((name, name) for name in (
            "NullPointerException", "NSInvalidArgumentException", "NaNError", "StopIteration",
            "SIGSEGV", "0xbaaaaaad", "404", "4Cart: no", "N4shop5ErrorEx", "java.lang.Error",
        )),
    ],
)  # fmt: skip
def test_a_class_of_cpp_has_its_name_and_any_other_stays(told, name):
    assert readable_class(told) == name


def test_each_format_tells_readable_names():
    frame = {"symbol_name": "_ZN4shop4Cart3addEv", "object_name": "Shop"}
    thread = {"crashed": True, "backtrace": {"contents": [frame, {"symbol_name": "main"}]}}
    error = {"type": "cpp_exception", "cpp_exception": {"name": "N4shop5ErrorE"}}
    report = read_one({
        "report": {"id": "1", "timestamp": "2026-01-05T10:00:00Z", "type": "standard"},
        "system": {"process_name": "Shop"},
        "crash": {"error": error, "threads": [thread]},
    })  # fmt: skip
    assert isinstance(report, CrashReport)
    assert report.exception_type == "shop::Error"
    assert [frame.function for frame in report.frames] == ["shop::Cart::add", "main"]


def doubled_in_what_is_left_out() -> str:
    """A name of Rust in which each type stands for four of the one before, and tells none."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    symbol, before = "_RINvC1f1gMC1au", 8
    for _ in range(9):
        number = before - 1
        back = f"B{digits[number // 62] if number >= 62 else ''}{digits[number % 62]}_"
        before = len(symbol) - len("_R")
        symbol += f"MIC1a{back * 4}Eu"
    return symbol + "E"


BACK = "".join(f"1bIS{n}_S{n}_E" for n in ("", *"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
HOSTILE = [
    "_Z1fI" + "P" * 4000 + "iE",
    "_Z1fI" + "S_" * 2000 + "E",
    "_Z1fI999" + "a" * 999 + "PS_" * 1000 + "EEv",
    "_Z1fI1aIiE" + BACK * 5 + "Ev",
    "_ZN" + "1aIiE" * 800 + "Ev",
    "_ZN999" + "a" * 999 + "C1" * 1500 + "Ev",
    "_Z" + "Z" * 4000,
    "_Z1f" + "_block_invoke" * 300 + "\n",
    "_ZN" + "3$LT" * 1000 + "17h0123456789abcdefE",
    "_RINvC1f1g" + "TBb_Bb_E" * 500 + "E",
    "_R" + "MB_" * 1300,
    doubled_in_what_is_left_out(),
    "$s" + "4shop" * 800,
    "$s999" + "a" * 999 + "0" + "a" * 3000,
    "$s4shop3addyyF" + "fU_" * 1300,
]


@pytest.mark.parametrize("symbol", HOSTILE)
def test_a_hostile_name_takes_little_time_and_space(symbol):
    started = time.process_time()
    assert len(readable_function(symbol)) <= 4_096
    assert time.process_time() - started < 0.5


PIECES = st.sampled_from(
    [*"NEIJLXZFPRKCDMTSBGYUVhsvimnuc0_.$", "1a", "3foo", "S_", "S0_", "St", "Sa", "Ul", "C1", "D0",
     "cv", "Th1_", "Dp", "T_", "17h0123456789abcdefE", "u20$", "Nv", "C1a", "B_", "s_", "yyF",
     "fU_", "fC", "AA", "0a", "So", "99", "\u00b2", "\ud800"]
)  # fmt: skip
SYMBOLS = st.builds(
    lambda start, pieces: start + "".join(pieces),
    st.sampled_from(["_Z", "_ZN", "_Z1fI", "_ZZ", "_R", "_RINvC1f1g", "$s", "$s4main", "N", "1"]),
    st.lists(PIECES, max_size=60),
)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("_$LT$shop..Cart$u20$as$u20$shop..Buy$GT$::buy", "<shop::Cart as shop::Buy>::buy"),
        ("core::_$LT$impl$u20$core..FnOnce$GT$::call", "core::<impl core::FnOnce>::call"),
        ("a..b", "a..b"),
    ],
)
def test_a_name_of_rust_that_a_tool_has_taken_apart_loses_its_escapes(function, expected):
    report = with_readable_names(CrashReport("test", frames=(Frame("m", function),)))
    assert report.frames[0].function == expected


@given(SYMBOLS | st.text())
@example("$s4main0\u0130")
@settings(max_examples=500, deadline=None)
def test_no_name_is_a_failure_and_none_becomes_empty(symbol):
    for name in (readable_function(symbol), readable_class(symbol)):
        assert bool(name) == bool(symbol)
        assert len(name) <= 2_048 + len(symbol)


def without_arguments(name: str) -> str:
    """What c++filt tells, less what is left out here: arguments, qualifiers of `this`, ABI tags."""
    name = name.replace("(anonymous namespace)", "{anonymous}").replace("operator()", "operator!")
    while (shorter := re.sub(r"\([^()]*\)( const)?(?=[^ *&]|$)", "", name)) != name:
        name = shorter
    name = re.sub(r"\[abi:\w+\]", "", name).replace("> >", ">>").replace("> >", ">>")
    return name.replace("{anonymous}", "(anonymous namespace)").replace("operator!", "operator()")


def cxxfilt(symbols: list[str]) -> list[str]:
    def run(*options: str) -> str:
        done = subprocess.run(
            ["c++filt", *options],
            input="\n".join(symbols),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    if shutil.which("c++filt") is None or "GNU" not in run("--version"):
        pytest.skip("GNU's c++filt, which binutils bring, is not here")
    return run("-p").splitlines()


def test_names_of_cpp_are_those_that_cxxfilt_tells():
    plain = [
        symbol for symbol, name in CPP.items() if "function<" not in name and "(shop" not in name
    ]
    assert [without_arguments(name) for name in cxxfilt(plain)] == [CPP[name] for name in plain]


@pytest.mark.corpus
def test_names_in_real_reports_are_those_that_cxxfilt_tells(corpus: Path):
    found: set[str] = set()
    for path in corpus.glob("android_tombstone/*.txt"):
        found.update(re.findall(r"\b_Z[A-Za-z0-9_]+\b", path.read_text("utf-8", "replace")))
    symbols = sorted(found)
    assert len(symbols) > 100
    bare = [re.sub(r"<.*>(?=$|::)", "", name) for name in map(readable_function, symbols)]
    told = [re.sub(r"<.*>(?=$|::)", "", without_arguments(name)) for name in cxxfilt(symbols)]
    assert bare == told

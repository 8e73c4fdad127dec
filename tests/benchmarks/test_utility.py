"""The benchmark behind the tables of docs/privacy-contract.md runs on the records as they are."""

from benchmarks.utility import COLUMNS, TOP, crashes_of_a_period, figures

INSTALLATIONS = 30


def test_a_policy_that_hides_nothing_releases_the_truth() -> None:
    line = [str(INSTALLATIONS), *figures("development", crashes_of_a_period(INSTALLATIONS))]
    told = dict(zip(COLUMNS, line, strict=True))
    assert told["policy"] == "development"
    assert told["crashes in released rows"] == "100%"
    assert told["error of install_count"] == told["error of crash_count"] == "0%"
    assert told["top 10 found"] == f"{TOP} of {TOP}"


def test_noise_releases_nothing_of_a_handful() -> None:
    covered, released, *_ = figures("dp", crashes_of_a_period(INSTALLATIONS))[1:]
    assert covered == "0%"
    assert released.startswith("0 of ")

"""The page in a browser: it plays, lights words, edits, and can be used by everybody."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, Route, expect, sync_playwright

from tests.support.places import ROOT
from tests.support.process import running
from tests.support.web import SERVING, UNHURRIED, http_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]

SIZES = {"desk": (1280, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    source, folder = UNHURRIED.format(more=""), tmp_path_factory.mktemp("data")
    with running(folder, *SERVING, program=source) as program:
        yield http_of(program)
        assert "Traceback" not in program.log


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    flags = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser, url: str, size: str = "desk", *, refuses: bool = False, **options: Any
) -> Iterator[Page]:
    """The page in a browser; nothing may go wrong in it unseen, but what the server `refuses`."""
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, **options)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    page.on("request", lambda asked: faults.append(asked.url) if _is_foreign(asked.url) else None)
    page.goto(url)
    expect(page.locator("#voices li").first).to_be_visible()
    yield page
    page.close()
    assert [fault for fault in faults if not (refuses and "400" in fault)] == []


def _is_foreign(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1", "blob:http://127.0.0.1", "data:"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_everybody_can_use_it(size: str, scheme: str, url: str, browser: Browser) -> None:
    with opened(browser, url, size, color_scheme=scheme) as page:
        page.select_option("#second", "bf_emma")
        page.click("#play")
        expect(page.locator(".words .said").first).to_be_visible()
        found = Axe().run(page)
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert found.violations_count == 0, found.generate_report()
    assert not wide, "it scrolls sideways"


def test_words_light_up_while_they_are_spoken_and_the_sound_is_shown(
    url: str, browser: Browser
) -> None:
    with opened(browser, url) as page:
        page.fill("#text", "One, **two** and 3 words.")
        page.click("#play")
        expect(page.locator(".words .now")).to_have_count(1)
        expect(page.locator("#stop")).to_be_enabled()
        expect(page.locator("#stop")).to_be_disabled(timeout=20_000)
        said = page.locator(".words .said").all_text_contents()
        text = page.locator(".words").text_content()
        colours = [
            page.evaluate(
                "id => new Set(document.getElementById(id).getContext('2d')"
                ".getImageData(0, 0, 300, 50).data).size",
                canvas,
            )
            for canvas in ("wave", "spectrum")
        ]
        figures = page.locator("#figures").text_content()
    assert said == ["One,", "**two**", "and", "3", "words."]
    assert text == "One, **two** and 3 words."
    assert min(colours) > 2, "nothing is drawn"
    assert re.search(r"\d\.\d s of speech; first sound after \d+ ms", figures or "")


def test_playing_can_be_stopped_and_begun_again(url: str, browser: Browser) -> None:
    with opened(browser, url) as page:
        page.fill("#text", "A long sentence that goes on and on. " * 40)
        for _ in range(2):
            page.click("#play")
            expect(page.locator(".words .now")).to_have_count(1)
            page.click("#stop")
            expect(page.locator("#stop")).to_be_disabled()


def test_every_voice_has_a_button_and_plays(url: str, browser: Browser) -> None:
    with opened(browser, url) as page:
        buttons = page.locator("#voices button")
        assert buttons.count() == 54
        expect(page.locator("#voices h3")).to_have_count(9)
        hear = page.get_by_role("button", name="Hear Siwis")
        hear.focus()
        with page.expect_response("**/dev/captioned_speech") as answered:
            page.keyboard.press("Enter")
        assert answered.value.ok
        expect(hear).to_have_class(re.compile("playing"))
        page.keyboard.press("Enter")
        expect(hear).not_to_have_class(re.compile("playing"))


@pytest.mark.parametrize("kind", ["mp3", "flac", "srt"])
def test_the_speech_is_downloaded(kind: str, url: str, browser: Browser, tmp_path: Path) -> None:
    with opened(browser, url) as page:
        page.fill("#text", "Hello there.")
        page.select_option("#format", kind)
        with page.expect_download() as started:
            page.click("#download")
        file = tmp_path / "file"
        download = started.value
        download.save_as(file)
        assert download.suggested_filename == f"speech.{kind}"
    begins = {"mp3": b"\xff\xf3", "flac": b"fLaC", "srt": b"1\n00:00:00"}[kind]
    assert file.read_bytes().startswith(begins)


def test_blend_and_speed_are_what_is_asked_for(url: str, browser: Browser) -> None:
    with opened(browser, url) as page:
        page.select_option("#voice", "af_heart")
        page.select_option("#second", "bf_emma")
        page.fill("#share", "30")
        page.fill("#speed", "1.5")
        with page.expect_request("**/dev/captioned_speech") as sent:
            page.click("#play")
        asked: Any = sent.value.post_data_json
    assert asked["voice"] == "af_heart(7)+bf_emma(3)"
    assert asked["speed"] == 1.5


def test_words_are_taught_and_mistakes_told(url: str, browser: Browser) -> None:
    with opened(browser, url, refuses=True) as page:
        page.fill("#lexicon", "Niamh Neev")
        with page.expect_response("**/lexicon") as refused:
            page.click("#lexicon-save")
        assert refused.value.status == 400
        expect(page.locator("#lexicon-message")).to_contain_text("line 1")
        page.fill("#lexicon", "Niamh = Neev")
        page.click("#lexicon-hear")
        expect(page.locator("#lexicon-message")).to_have_text("")
        expect(page.locator("#stop")).to_be_enabled()


def test_a_lexicon_is_edited_only_once_it_is_here(url: str, browser: Browser) -> None:
    held: list[Route] = []
    page = browser.new_page()
    page.route("**/lexicon", lambda route: held.append(route))
    with page.expect_request("**/lexicon"):
        page.goto(url)
    for part in ("#lexicon", "#lexicon-save", "#lexicon-hear"):
        expect(page.locator(part)).to_be_disabled()
    held[0].fulfill(body="Niamh = Neev")
    expect(page.locator("#lexicon")).to_be_editable()
    expect(page.locator("#lexicon")).to_have_value("Niamh = Neev")
    expect(page.locator("#lexicon-save")).to_be_enabled()
    page.close()


def test_a_voice_of_ones_own_is_added_heard_and_removed(url: str, browser: Browser) -> None:
    pack = np.random.default_rng(0).normal(0, 0.1, (510, 1, 256)).astype("<f4")
    file: FilePayload = {"name": "mine.bin", "mimeType": "x/y", "buffer": pack.tobytes()}
    with opened(browser, url) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.fill("#own-name", "af_mine")
        page.set_input_files("#own-file", files=[file])
        page.click("#own-form button")
        expect(page.locator("#own li")).to_have_count(1)
        with page.expect_response("**/dev/captioned_speech") as answered:
            page.locator("#own").get_by_role("button", name="Hear Mine").click()
        assert answered.value.ok
        page.get_by_role("button", name="Remove af_mine").click()
        expect(page.locator("#own li")).to_have_count(0)


def test_it_works_behind_a_proxy_that_puts_it_somewhere_else(url: str, browser: Browser) -> None:
    """As Home Assistant's ingress does: in a frame, below a path, under another name."""

    def pass_on(route: Route) -> None:
        path = route.request.url.partition("/in/gress/")[2]
        route.fulfill(response=route.fetch(url=f"{url}/{path}", headers={"Host": "127.0.0.1"}))

    page = browser.new_page()
    page.route("http://home.example/in/gress/**", pass_on)
    frame = '<iframe src="/in/gress/" width=900 height=900></iframe>'
    page.route(
        "http://home.example/", lambda route: route.fulfill(body=frame, content_type="text/html")
    )
    page.goto("http://home.example/")
    inside = page.frame_locator("iframe")
    expect(inside.locator("#voices li").first).to_be_visible()
    inside.locator("#play").click()
    expect(inside.locator(".words .said").first).to_be_visible()
    page.close()


def test_a_key_that_is_wanted_is_asked_for(browser: Browser, tmp_path: Path) -> None:
    with running(tmp_path, *SERVING, "--http-api-key", "sesame") as program:
        page = browser.new_page()
        page.goto(http_of(program))
        page.fill("#key", "sesame")
        page.click("#key-form button")
        expect(page.locator("#voices li").first).to_be_visible()
        expect(page.locator("#key-needed")).to_be_hidden()
        page.close()


def test_the_page_names_no_other_host() -> None:
    for file in (ROOT / "wyoming_kokoro/web/page").iterdir():
        text = file.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"(https?:)?//\w+\.\w+", text), file.name
        assert not re.search(r'(src|href)="/', text), f"{file.name} has an absolute address"

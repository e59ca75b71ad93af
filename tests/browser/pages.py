"""A report in a headless browser: how it is opened, what it asked for, what went wrong, and what axe-core says."""

import io
import json
from importlib.resources import files

from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

SWITCHES = (
    "--headless=new",
    "--no-sandbox",  # with it Chromium starts neither as root nor in most containers
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing beyond this machine can be reached
)
PATIENCE = 30
"""Seconds that a condition may take before a test fails."""

READY = """
const there = (selector) => document.querySelector(selector);
return document.readyState === "complete" && !there("#filter[hidden]") && (!there("#map") || there("#map.drawn"));
"""
OVERFLOWING = """
const scrolls = (element) => {
  for (let box = element.parentElement; box; box = box.parentElement)
    if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(box).overflowX)) return box !== document.body;
  return false;
};
const width = document.documentElement.clientWidth;
return [...document.body.querySelectorAll("*")]
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > width + 1)
  .filter((element) => !scrolls(element))
  .map((element) => `${element.tagName} ${element.id} ${element.className?.baseVal ?? element.className}`);
"""
AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"]}).then((found) => done(found.violations.map((rule) =>
  [rule.impact, rule.id, rule.nodes.map((node) => node.target.join(" ") + ": " + node.failureSummary).join("\\n")])));
"""


def start_browser(chromium, driver):
    """Start a headless browser that logs its console and its requests; the paths are given, so nothing is fetched."""
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for switch in SWITCHES:
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(driver))
    browser.set_script_timeout(4 * PATIENCE)
    return browser


class Page:
    """One report in the browser."""

    def __init__(self, browser):
        self.browser = browser

    def open(self, report, *, width=1280, height=900, dark=False, script=True, media="", still=True, at=""):
        """Load a file afresh, at a fragment, with the preferences and the medium of its reader, until it is ready."""
        self.browser.get("about:blank")
        self.emulate(width=width, height=height, dark=dark, media=media, still=still)
        self.devtools("Emulation.setScriptExecutionDisabled", value=not script)
        for log in ("browser", "performance"):
            self.browser.get_log(log)
        self.browser.get(report.as_uri() + at)
        if script:
            self.wait(lambda: self.run(READY), "the page's script did not end its work")
        return self

    def emulate(self, *, width=1280, height=900, dark=False, media="", still=True):
        """Set the size of the window in CSS pixels, the medium, and what the reader prefers."""
        self.devtools(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )
        preferences = {
            "prefers-color-scheme": "dark" if dark else "light",
            "prefers-reduced-motion": "reduce" if still else "no-preference",
        }
        features = [{"name": name, "value": value} for name, value in preferences.items()]
        self.devtools("Emulation.setEmulatedMedia", media=media, features=features)

    def devtools(self, command, **arguments):
        return self.browser.execute_cdp_cmd(command, arguments)

    def forget(self):
        """Forget what the page remembered."""
        if self.browser.current_url.startswith("file:"):
            self.run("localStorage.clear()")

    def run(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def shown(self, selector):
        """The elements that are seen."""
        return [element for element in self.all(selector) if element.is_displayed()]

    def wait(self, condition, message=""):
        """Wait until a function of no arguments returns something true, and return that."""
        return WebDriverWait(self.browser, PATIENCE, poll_frequency=0.05).until(lambda _: condition(), message)

    def fill(self, selector, text):
        """Write into a field in place of what it held."""
        self.find(selector).send_keys(Keys.CONTROL, "a", Keys.NULL, text or Keys.DELETE)

    def choose(self, selector, label):
        """Choose what a list shows as a label, by keys: chromedriver's click on an option sends no input event."""
        field = self.find(selector)
        labels = [option.text for option in field.find_elements(By.TAG_NAME, "option")]
        field.send_keys(Keys.HOME, Keys.DOWN * labels.index(label))

    def texts(self, selector):
        """What the elements of a selector hold as text, spaces folded, whether they are seen or not."""
        found = self.run("return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent)", selector)
        return [" ".join(text.split()) for text in found]

    def downloads(self, folder):
        """Let links that download write into a folder."""
        self.devtools("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))

    def press(self, *keys):
        ActionChains(self.browser).send_keys(*keys).perform()

    def point_at(self, element, x=0.5, y=0.5):
        """Move the pointer to a place inside an element, given as shares of its width and height."""
        self.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        width, height = element.size["width"], element.size["height"]
        right, down = round(x * width) - width // 2, round(y * height) - height // 2
        return ActionChains(self.browser, duration=0).move_to_element_with_offset(element, right, down)

    @property
    def focused(self):
        return self.browser.switch_to.active_element

    def style(self, selector, name):
        """A computed style of the first element of a selector."""
        return self.run("return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]", selector, name)

    def picture(self):
        """What the window shows, as an RGB image of one pixel a CSS pixel."""
        return Image.open(io.BytesIO(self.browser.get_screenshot_as_png())).convert("RGB")

    def is_dark(self):
        """Tell whether the corner of the window is darker than grey."""
        return max(self.picture().getpixel((1, 1))) < 128

    def errors(self):
        """The errors and warnings in the console since the page was opened, uncaught errors among them."""
        entries = self.browser.get_log("browser")
        return [entry["message"] for entry in entries if entry["level"] in ("SEVERE", "WARNING")]

    def requests(self):
        """The addresses asked for since the page was opened."""
        events = (json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance"))
        return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]

    def overflowing(self):
        """The elements that reach beyond the window's right edge without a box of their own to scroll in."""
        return self.run(OVERFLOWING)

    def violations(self):
        """The serious and critical violations that axe-core finds: impact, rule, and where."""
        self.devtools("Emulation.setScriptExecutionDisabled", value=False)
        self.run(axe_core())
        return [found for found in self.browser.execute_async_script(AXE) if found[0] in ("serious", "critical")]


def axe_core():
    """axe-core's source, as the package axe-playwright-python ships it."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")

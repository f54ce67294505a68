# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Opens pages in headless Chromium, as people do: on a desktop, on a phone, in the dark, on paper."""
import base64
import contextlib
import pathlib
import sys

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By


class Browser(webdriver.Chrome):
    def __init__(self):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1200,900"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        super().__init__(options=options, service=Service("/usr/bin/chromedriver"))

    def open(self, page):
        self.get(pathlib.Path(page).absolute().as_uri())

    def find(self, selector):
        return self.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.find_elements(By.CSS_SELECTOR, selector)

    def table(self, label):
        return self.find(f'.table:has([aria-label="{label}"])')

    def cells(self, label, column):
        """The texts of one column (from 1) of the rows that are shown; of all of them, also those that a reader has to scroll to."""
        return self.execute_script("return [...arguments[0].querySelectorAll(`tbody tr > :nth-child(${arguments[1]})`)].map(cell => cell.textContent)", self.table(label), column)

    def head(self, label, title):
        return next(head for head in self.table(label).find_elements(By.CSS_SELECTOR, "thead th") if head.find_element(By.TAG_NAME, "button").text.split()[0] == title)

    def chart(self, label, get):
        """What JavaScript says of a chart: `get` may use `chart`."""
        return self.execute_script(f"const chart = Chart.getChart(arguments[0]); return {get};", self.find(f'canvas[aria-label="{label}"]'))

    def blank_charts(self):
        """The labels of charts of which no pixel is drawn."""
        return self.execute_script("""return [...document.querySelectorAll("canvas")].filter(canvas =>
            !canvas.width || !canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(byte => byte)).map(canvas => canvas.ariaLabel)""")

    def beyond(self, width):
        """What goes beyond the right border."""
        return self.execute_script("""return [...document.querySelectorAll("main *")].filter(element => !element.closest(".scroll") &&
            element.getBoundingClientRect().right > arguments[0]).map(element => `${element.tagName} ${element.className} ${element.ariaLabel}`)""", width)

    def emulate(self, width, dark):
        self.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600})
        self.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
        self.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")  # charts take their new size

    def paper(self):
        """The page as PDF."""
        return base64.b64decode(self.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"])

    def complaints(self):
        """Errors of scripts, what the policy refused, and what was fetched beside the page."""
        return [entry["message"] for entry in self.get_log("browser") if entry["level"] == "SEVERE"] + self.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)")


@contextlib.contextmanager
def looking_at(page):
    browser = Browser()
    try:
        browser.open(page)
        yield browser
    finally:
        browser.quit()


def require(holds, what):
    if not holds:
        sys.exit(f"not so: {what}")


def require_looks(browser):
    """What holds of every page, in each way of looking at it."""
    grounds = set()
    for width, dark in ((1200, False), (1200, True), (390, False), (390, True)):
        browser.emulate(width, dark)
        ways = f"{width} pixels, {'dark' if dark else 'light'}"
        wide = browser.execute_script("return document.documentElement.scrollWidth")
        require(wide <= width, f"the page is as wide as the window ({ways}: {wide}; {browser.beyond(width)})")
        require(not browser.blank_charts(), f"all charts are drawn ({ways}: blank are {browser.blank_charts()})")
        grounds.add((dark, browser.execute_script("return getComputedStyle(document.body).backgroundColor")))
    require(len(grounds) == 2, f"dark and light have one ground each: {grounds}")
    require(len({ground for _, ground in grounds}) == 2, f"dark is another ground than light: {grounds}")
    browser.emulate(1200, True)
    require(browser.paper().startswith(b"%PDF"), "the page can be printed")
    complaints = browser.complaints()
    require(not complaints, f"nothing failed, and nothing was fetched: {complaints}")

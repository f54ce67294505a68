# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks that a page asks for nothing from elsewhere, and prints its title and the data within it: check_page.py PAGE.html [DATA.json]"""
import html.parser
import json
import re
import sys


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.texts, self.loads = [], {}, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag not in ("meta", "link"):
            self.open.append((tag, dict(attributes).get("id")))
        # What a browser fetches by itself.
        self.loads += [value for name, value in attributes if name in ("src", "href", "srcset", "data", "action", "poster") and not value.startswith(("#", "data:"))]

    def handle_endtag(self, tag):
        if (found := self.open.pop())[0] != tag:
            sys.exit(f"<{found[0]}> is closed by </{tag}>")

    def handle_data(self, text):
        if self.open:
            self.texts[self.open[-1]] = self.texts.get(self.open[-1], "") + text


text = open(sys.argv[1], encoding="utf-8").read()
page = Page(text)
loads = page.loads + re.findall(r"@import[^;]*|url\([^)]*\)", page.texts[("style", None)])
if loads:
    sys.exit(f"loads from elsewhere: {loads}")
if "default-src 'none'" not in text:
    sys.exit("has no policy that forbids loading")
data = json.loads(page.texts[("script", "data")])
print("title:", page.texts[("title", None)])
if "Chart.js v" not in page.texts[("script", None)]:
    sys.exit("is without Chart.js")
if len(sys.argv) > 2:  # DATA.json
    json.dump(data, open(sys.argv[2], "w"))

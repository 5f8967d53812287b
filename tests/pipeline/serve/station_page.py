"""A person's page of the station in a browser: keys, texts, and what a person without sight, mouse or good eyes would miss."""
import base64
import time

KEYS = {"Enter": ("\r", 13), "Tab": ("", 9), " ": (" ", 32), "ArrowRight": ("", 39), "ArrowDown": ("", 40)}

# What a person without sight, mouse or good eyes would miss.
LOOK = r"""(() => {
  const faults = [];
  const seen = (node) => { const box = node.getBoundingClientRect(); return box.width > 0 && box.height > 0; };
  if (document.documentElement.scrollWidth > innerWidth) faults.push(`${document.documentElement.scrollWidth} px wide`);
  for (const node of document.querySelectorAll("button, a, input, select, textarea")) {
    if (!seen(node) || node.closest(".leaflet-control")) continue;
    const name = node.textContent.trim() || node.getAttribute("aria-label") || (node.labels && node.labels.length) || node.title;
    if (!name) faults.push(`without a name: ${node.outerHTML.slice(0, 80)}`);
  }
  for (const node of document.querySelectorAll("img")) if (!node.hasAttribute("alt")) faults.push("picture without alt");
  const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const rgb = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const back = (node) => { for (; node; node = node.parentElement) { const c = rgb(getComputedStyle(node).backgroundColor);
    if (c.length === 3 || c[3] > 0.85) return c; } return [255, 255, 255]; };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    const node = text.parentElement;
    if (!text.data.trim() || !seen(node) || node.disabled || node.closest("option, .skip, .leaflet-container, [disabled]")) continue;
    const a = light(rgb(getComputedStyle(node).color)), b = light(back(node));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faults.push(`contrast ${ratio.toFixed(1)}: ${text.data.trim().slice(0, 40)}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  for (const id of new Set(ids)) if (ids.filter((one) => one === id).length > 1) faults.push(`two elements are called ${id}`);
  for (const kind of ["aria-labelledby", "aria-activedescendant"]) for (const node of document.querySelectorAll(`[${kind}]`))
    if (!document.getElementById(node.getAttribute(kind))) faults.push(`${kind} names nothing: ${node.getAttribute(kind)}`);
  let level = 0;
  for (const node of document.querySelectorAll("h1, h2, h3, h4")) {
    if (!seen(node)) continue;
    if (Number(node.tagName[1]) > level + 1) faults.push(`heading ${node.textContent} skips a level`);
    level = Number(node.tagName[1]);
  }
  if (!document.documentElement.lang || !document.title || document.querySelectorAll("main").length !== 1) faults.push("no language, title or main part");
  for (const node of document.querySelectorAll("th")) if (!node.scope) faults.push(`a head without its scope: ${node.textContent}`);
  const active = document.activeElement;
  for (const node of document.querySelectorAll("main button:enabled, main a[href], main select:enabled, main input:enabled")) {
    if (!seen(node) || node.closest(".leaflet-container")) continue;
    node.focus({ preventScroll: true });
    const style = getComputedStyle(node);
    if (document.activeElement === node && style.outlineStyle === "none") faults.push(`focus is not seen: ${node.outerHTML.slice(0, 60)}`);
  }
  if (active && active !== document.body) active.focus({ preventScroll: true });
  const said = document.body.innerText.split("For Research Use Only. Not for use in diagnostic procedures.").length - 1;
  if (said < 2) faults.push("the sentence on research use is not there twice");
  if (window.violations.length) faults.push(`against the policy: ${window.violations}`);
  const far = performance.getEntriesByType("resource").filter((one) => !one.name.startsWith(location.origin) && !one.name.startsWith("data:"));
  if (far.length) faults.push(`asked another host: ${far[0].name}`);
  return faults;
})()"""


class Page:
    def __init__(self, browser, address, pictures):
        self.browser, self.address, self.pictures, self.faults = browser, address, pictures, []
        browser.call("Page.addScriptToEvaluateOnNewDocument", source="window.violations = []; document.addEventListener("
                     "'securitypolicyviolation', (e) => violations.push(`${e.violatedDirective} ${e.blockedURI}`));")

    def wait(self, expression, what=None):
        """For at most 10 s; raises AssertionError naming what did not come."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                if self.browser.evaluate(f"Boolean({expression})"):
                    return
            except RuntimeError:  # the page is on its way
                pass
            time.sleep(0.03)
        raise AssertionError(f"waited in vain for: {what or expression}; the station says: "
                             f"{self.browser.evaluate('document.getElementById(`status`).textContent')}")

    def open(self, place):
        self.browser.call("Page.navigate", url=self.address + "#" + place)
        self.wait(f"document.getElementById('main').dataset.ready === '#{place}'")

    def key(self, key, modifiers=0):
        text, code = KEYS.get(key, (key, ord(key.upper()) if len(key) == 1 else 0))
        for kind in ("keyDown", "keyUp"):
            self.browser.call("Input.dispatchKeyEvent", type=kind, key=key, modifiers=modifiers, windowsVirtualKeyCode=code,
                              **({"text": text} if text and kind == "keyDown" and not modifiers else {}))

    def type(self, text):
        self.browser.call("Input.insertText", text=text)

    def press(self, words):
        """The button of these words, by keyboard."""
        self.wait(f"[...document.querySelectorAll('button')].some((b) => b.textContent.startsWith({words!r}) && !b.disabled)",
                  f"button {words}")
        self.browser.evaluate(f"[...document.querySelectorAll('button')].find((b) => b.textContent.startsWith({words!r})).focus()")
        self.key("Enter")

    def log_in(self, name, password, look=False):
        self.browser.call("Page.navigate", url=self.address)
        self.wait("document.activeElement.name === 'name'")
        if look:
            self.look("login")
        self.type(name)
        self.key("Tab")
        self.type(password)
        self.key("Enter")
        self.wait("document.querySelector('table.worklist tbody a')")
        if look:
            self.look("worklist")

    def look(self, name):
        for width, height in ((1280, 800), (390, 800)):
            self.browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                              mobile=width < 500)
            for scheme in ("light", "dark"):
                self.browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
                time.sleep(0.05)
                self.faults += [f"{name}, {width} px, {scheme}: {fault}" for fault in self.browser.evaluate(LOOK)]
                if self.pictures:
                    data = self.browser.call("Page.captureScreenshot")["data"]
                    (self.pictures / f"{name}-{width}-{scheme}.png").write_bytes(base64.b64decode(data))
        self.browser.call("Emulation.setDeviceMetricsOverride", width=1280, height=800, deviceScaleFactor=1, mobile=False)


class Tab:
    """A browser's tab with cookies of its own, for a second person. Has the methods of Browser that a page needs."""

    def __init__(self, browser):
        self.browser, own = browser, browser.session
        browser.session = None
        context = browser.call("Target.createBrowserContext")["browserContextId"]
        target = browser.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        browser.session = own
        self.call("Page.enable")

    def call(self, method, **parameters):
        return self._as(lambda: self.browser.call(method, **parameters))

    def evaluate(self, expression):
        return self._as(lambda: self.browser.evaluate(expression))

    def _as(self, ask):
        own, self.browser.session = self.browser.session, self.session
        try:
            return ask()
        finally:
            self.browser.session = own

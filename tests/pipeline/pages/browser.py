"""One headless Chromium, told by its DevTools protocol over a pipe what to open, evaluate and print."""
import base64
import json
import os
import shutil
import subprocess


class Browser:
    """`with Browser() as browser`: started once, since a start costs more than a page. Not for several threads."""

    def __init__(self):
        self.read_end, its_output = os.pipe()
        its_input, self.write_end = os.pipe()
        # The protocol wants its pipes at 3 and 4. A shell puts them there; the browser runs as root in
        # containers, and shared memory is small there.
        command = [shutil.which("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                   "--hide-scrollbars", "--remote-debugging-pipe", "--window-size=1400,900", "about:blank"]
        self.process = subprocess.Popen(
            ["sh", "-c", f'exec "$@" 3<&{its_input} 4>&{its_output}', "sh", *command],
            pass_fds=(its_input, its_output), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(its_input)
        os.close(its_output)
        self.buffer = b""
        self.calls = 0
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")

    session = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.write_end)
        os.close(self.read_end)
        self.process.terminate()
        self.process.wait()

    def message(self):
        while b"\0" not in self.buffer:
            more = os.read(self.read_end, 1 << 20)
            if not more:
                raise RuntimeError("the browser ended")
            self.buffer += more
        one, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(one)

    def call(self, method, **parameters):
        """The result of a method of the protocol; raises RuntimeError with what the browser says of a failure."""
        self.calls += 1
        request = {"id": self.calls, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        text = json.dumps(request).encode() + b"\0"
        while text:
            text = text[os.write(self.write_end, text):]
        while (answer := self.message()).get("id") != self.calls:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def open(self, path):
        """Shows a file and returns when all of it is laid out."""
        self.call("Page.navigate", url=path.as_uri())
        while self.message().get("method") != "Page.loadEventFired":
            pass

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"]["exception"]["description"])
        return result["result"].get("value")

    def first_sheet(self):
        """The first sheet on paper, as PDF."""
        return base64.b64decode(self.call("Page.printToPDF", pageRanges="1", preferCSSPageSize=True)["data"])

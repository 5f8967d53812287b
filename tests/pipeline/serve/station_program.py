"""The station as a program: started on a drawn night, asked as a browser would ask, ended by its process id."""
import contextlib
import http.client
import json
import subprocess
import time

PASSWORD = "a long password"


class Program:
    """`with Program(cytocape, out) as station`: a station for the demonstration's account, logged in; or for accounts, a
    role by name, whose password is PASSWORD: then nobody is."""

    def __init__(self, cytocape, out, accounts=None):
        for name, role in (accounts or {}).items():
            subprocess.run([cytocape, "review", "add-user", str(out), "--name", name, "--role", role], check=True, text=True,
                           input=PASSWORD + "\r\n", stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen([cytocape, "serve", str(out), *([] if accounts else ["--demo-user"]), "--port", "0", "--json"],
                                        stdout=subprocess.PIPE, text=True)
        text = ""
        while (line := self.process.stdout.readline()):
            text += line
            if line == "}\n":
                break
        told = json.loads(text)
        self.port, self.password, self.address = told["port"], told["password"], told["address"]
        self.cookie = self.csrf = ""
        self.records = {}  # what a page would name of each slide
        if not accounts:
            self.log_in("demo", self.password)

    def log_in(self, name, password):
        answer, headers = self.ask("/api/login", {"name": name, "password": password})
        self.cookie, self.csrf = headers["Set-Cookie"].split(";")[0], answer["csrf"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self, by="terminate"):
        getattr(self.process, by)()
        self.process.wait(timeout=20)
        self.process.stdout.close()

    def ask(self, path, body=None):
        """The answer's JSON and headers; raises OSError or HTTPException where none came, ValueError for a refusal."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            headers = {"Cookie": self.cookie, "X-CSRF-Token": self.csrf}
            if body is not None and path.startswith("/api/slide/") and "record" not in body:
                slide = path.rsplit("/", 1)[0]
                if slide not in self.records:
                    self.records[slide] = self.ask(slide)[0]["record_sha256"]
                body = {**body, "record": self.records[slide]}
            if body is None:
                connection.request("GET", path, headers=headers)
            else:
                connection.request("POST", path, json.dumps(body), {**headers, "Content-Type": "application/json"})
            response = connection.getresponse()
            text = response.read()
            if response.status != 200:
                raise ValueError(f"{path}: {response.status} {text.decode(errors='replace')}")
            kind = response.headers["Content-Type"]
            return json.loads(text) if kind == "application/json" else text, response.headers


def timed(call, times):
    """Milliseconds of each call, sorted."""
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - begin))
    return sorted(taken)

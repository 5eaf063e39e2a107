"""What cells of notebooks use that is no Python: IPython's display, lines with ! and %, cells that begin with %%."""

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import re
import subprocess
import sys
import textwrap
import time
import types


class UsageError(Exception):
    """A magic that there is not, or that is used in another way."""


def bundle_class(name, kind, wraps=None):
    """One of IPython's classes that hold text of one kind."""

    def __init__(self, data=None, url=None, filename=None, metadata=None, **_):
        if url is not None:
            raise UsageError(f"{name}(url=…) is not fetched here: give the data, or a file")
        if filename is not None:
            with open(filename, encoding="utf-8") as file:
                data = file.read()
        self.data, self.filename, self.metadata = data, filename, metadata or {}

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {kind: wraps(self.data) if wraps else self.data}

    return type(name, (object,), {"__init__": __init__, "_repr_mimebundle_": _repr_mimebundle_, "__module__": "IPython.core.display"})


pictures = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"%PDF": "application/pdf"}


class Image:
    def __init__(self, data=None, url=None, filename=None, format=None, **_):
        if url is None and isinstance(data, str) and re.match(r"https?:", data):
            url, data = data, None
        if isinstance(data, (str, os.PathLike)) and filename is None:
            filename, data = data, None
        if filename is not None:
            with open(filename, "rb") as file:
                data = file.read()
        self.data, self.url, self.filename = data, url, filename
        self.kind = next((kind for mark, kind in pictures.items() if (data or b"").startswith(mark)), f"image/{format or 'png'}")

    def _repr_mimebundle_(self, include=None, exclude=None):
        if self.data is None:
            import html

            return {"text/html": f'<img src="{html.escape(str(self.url))}"/>'}
        return {self.kind: self.data}


class Handle:
    """What `display(…, display_id=True)` gives: an update is shown as a result of its own."""

    def __init__(self, display, display_id):
        self.show, self.display_id = display, display_id

    def display(self, value, **options):
        self.show(value, **options)

    update = display


kinds = {
    "HTML": ("text/html", None),
    "Markdown": ("text/markdown", None),
    "Latex": ("text/latex", None),
    "Math": ("text/latex", lambda text: f"$\\displaystyle {text.strip('$')}$"),
    "SVG": ("image/svg+xml", None),
    "JSON": ("application/json", None),
    "Javascript": ("application/javascript", None),
    "Pretty": ("text/plain", None),
}


def make_display_module(display):
    module = types.ModuleType("IPython.display", "The part of IPython that shows things; IPython itself is not installed.")
    for name, (kind, wraps) in kinds.items():
        setattr(module, name, bundle_class(name, kind, wraps))

    def clear_output(wait=False):
        raise UsageError("clear_output: what was printed has been sent already")

    def __getattr__(name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise ImportError(f"IPython.display.{name} is not here, for IPython is not installed on this machine. There are: {', '.join(there)}")

    module.Image, module.display, module.clear_output = Image, display, clear_output
    there = sorted(name for name in vars(module) if not name.startswith("_"))
    module.__all__, module.__getattr__ = there, __getattr__
    return module


class IPythonHere(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """`IPython` where it is not installed."""

    def __init__(self, display):
        self.display = display

    def find_spec(self, name, path=None, target=None):
        if name not in ("IPython", "IPython.display"):
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=name == "IPython")

    def create_module(self, spec):
        return make_display_module(self.display) if spec.name == "IPython.display" else None

    def exec_module(self, module):
        if module.__name__ == "IPython":
            module.__path__ = []
            # Libraries ask here whether a kernel of IPython runs them. None does; cells have a `get_ipython` of their own.
            module.get_ipython = lambda: None
            module.version_info = (0,)
            from IPython.display import display

            module.display = display


class IPythonInstalled(importlib.abc.MetaPathFinder):
    """Outside a kernel of its own IPython prints what it is to display: what it has is replaced when it is loaded."""

    def __init__(self, display):
        self.display, self.looking = display, False

    def find_spec(self, name, path=None, target=None):
        if name != "IPython.display" or self.looking:
            return None
        self.looking = True
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self.looking = False
        if spec is None or isinstance(spec.loader, IPythonHere):
            return spec
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            module.display = self.display

        spec.loader.exec_module = exec_module
        return spec


class Shell:
    """What `get_ipython()` gives to cells."""

    def __init__(self, main, display, run, pip):
        self.user_ns, self.display, self.run, self.pip = main.__dict__, display, run, pip
        self.main = main

    def expand(self, command):
        """`{expression}` and `$name`, where they are something here; a shell's own are left to it."""

        def value(match):
            try:
                return str(eval(match[1], self.user_ns))
            except Exception:
                return match[0]

        command = re.sub(r"(?<!\$)\{([^{}]+)\}", value, command)
        return re.sub(r"\$([A-Za-z_]\w*)", lambda match: str(self.user_ns[match[1]]) if match[1] in self.user_ns else match[0], command)

    def system(self, command):
        self.main._exit_code = subprocess.run(["/bin/bash", "-c", self.expand(command)]).returncode

    def getoutput(self, command):
        made = subprocess.run(["/bin/bash", "-c", self.expand(command)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.main._exit_code = made.returncode
        return made.stdout.decode("utf-8", "replace").splitlines()

    def run_line_magic(self, name, line, _depth=None):
        return self.find("line", name)(self.expand(line) if name not in ("time", "timeit") else line)

    def run_cell_magic(self, name, line, cell):
        return self.find("cell", name)(line, cell)

    def find(self, kind, name):
        found = getattr(self, f"{kind}_{name}", None)
        if found is None:
            mark = "%" if kind == "line" else "%%"
            there = sorted(f"{mark}{each[5:]}" for each in dir(self) if each.startswith(f"{kind}_"))
            raise UsageError(f"there is no magic {mark}{name} here. There are: {' '.join(there)}")
        return found

    def line_pip(self, line):
        self.system(f"{self.pip} -m pip {line}")

    def line_cd(self, line):
        os.chdir(os.path.expanduser(line.strip() or "~"))
        print(os.getcwd())

    def line_pwd(self, line):
        return os.getcwd()

    def line_ls(self, line):
        self.system(f"ls -C {line}")

    def line_env(self, line):
        name, given, value = line.partition("=") if "=" in line else line.partition(" ")
        if not name.strip():
            return dict(os.environ)
        if not given:
            return os.environ.get(name.strip())
        os.environ[name.strip()] = value.strip()
        print(f"env: {name.strip()}={value.strip()}")

    def line_time(self, line):
        start = time.perf_counter()
        value = self.run(textwrap.dedent(line))
        print(f"Wall time: {time.perf_counter() - start:.3g} s")
        return value

    def line_timeit(self, line):
        import timeit

        count, took = timeit.Timer(line, globals=self.user_ns).autorange()
        print(f"{took / count:.3g} s per loop ({count} loops)")

    def line_matplotlib(self, line):
        if line.strip() not in ("", "inline"):
            raise UsageError(f"%matplotlib {line.strip()}: figures are shown inline, and in no other way")

    def line_load_ext(self, line):
        raise UsageError(f"%load_ext {line}: extensions of IPython are not loaded here")

    def cell_bash(self, line, cell):
        ended = subprocess.run(["/bin/bash", "-s", *line.split()], input=cell.encode())
        self.main._exit_code = ended.returncode
        if ended.returncode:
            raise subprocess.CalledProcessError(ended.returncode, "bash")

    cell_sh = cell_bash

    def cell_time(self, line, cell):
        return self.line_time(cell)

    def cell_writefile(self, line, cell):
        words = line.split()
        appends = "-a" in words
        [name] = [word for word in words if word != "-a"] or [""]
        with open(os.path.expanduser(name), "a" if appends else "w", encoding="utf-8") as file:
            file.write(cell)
        print(f"{'Appending to' if appends else 'Writing'} {name}")

    def shown(self, name, cell):
        self.display(bundle_class(name, *kinds[name])(cell))

    def cell_html(self, line, cell):
        self.shown("HTML", cell)

    def cell_markdown(self, line, cell):
        self.shown("Markdown", cell)

    def cell_latex(self, line, cell):
        self.shown("Latex", cell)

    def cell_svg(self, line, cell):
        self.shown("SVG", cell)

    def cell_javascript(self, line, cell):
        self.shown("Javascript", cell)

    cell_js = cell_javascript


def without_indent(code):
    """Code that is indented as a whole, as it comes from the middle of a text: the first line says by how much."""
    lines = code.split("\n")
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    if not indent:
        return code
    return "\n".join(line[len(indent) :] if line.startswith(indent) else line for line in lines)


cell_magic = re.compile(r"\s*%%(\w+)[ \t]*([^\n]*)(?:\n|$)")
line_magic = re.compile(r"(?P<indent>\s*)(?:(?P<name>[\w.,\[\]'\" ]*[\w\]'\"])\s*=\s*)?(?P<mark>[!%])(?P<rest>.*)")


def as_python(line):
    found = line_magic.fullmatch(line)
    if not found or found["rest"].startswith("="):
        return None
    rest, start = found["rest"].strip(), found["indent"] + (f"{found['name']} = " if found["name"] else "")
    if found["mark"] == "!":
        return f"{start}get_ipython().{'getoutput' if found['name'] else 'system'}({rest.lstrip('!')!r})"
    name, _, words = rest.partition(" ")
    return f"{start}get_ipython().run_line_magic({name!r}, {words.strip()!r})" if re.fullmatch(r"\w+", name) else None


def parse(code, name):
    """The tree of a cell. A line of a notebook is understood where it is no Python; what is Python stays as it is."""
    found = cell_magic.match(code)
    if found:
        code = f"get_ipython().run_cell_magic({found[1]!r}, {found[2].strip()!r}, {code[found.end():]!r})"
    lines = without_indent(code).split("\n")
    for _ in range(len(lines) + 1):
        try:
            return ast.parse("\n".join(lines), name)
        except SyntaxError as wrong:
            at = (wrong.lineno or 0) - 1
            line = as_python(lines[at]) if 0 <= at < len(lines) else None
            if line is None:
                raise
            lines[at] = line
    return ast.parse("\n".join(lines), name)

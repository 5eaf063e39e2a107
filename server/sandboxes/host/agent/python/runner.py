"""Runs cells of Python for the agent, in the standard library alone.

Descriptor 3 brings one JSON object a line: {"id", "code", "env"}. Descriptor 4 takes events, one JSON object a line:
stdout, stderr, result, error, sync, end. What children print on descriptors 1 and 2 is closed, at the end of each cell,
with the mark of the sync event, so that the reader knows that it has all of it. The argument is an object of JSON: by the
name of a module, the Debian package that has it.
"""

import ast
import asyncio
import base64
import builtins
import importlib.abc
import importlib.machinery
import inspect
import io
import json
import linecache
import os
import signal
import sys
import threading
import time
import traceback
import types

import atrium_charts
import atrium_notebook

flush_every = 0.02
flush_bytes = 16384
max_text = 1_000_000
packages = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}

commands = os.fdopen(3, "r", encoding="utf-8", errors="replace", newline="\n")
events = os.fdopen(4, "wb", buffering=0)
for descriptor in (3, 4):
    os.set_inheritable(descriptor, False)

sending = threading.RLock()


def send(event):
    try:
        text = json.dumps(event, ensure_ascii=False, default=str, allow_nan=False)
    except (ValueError, TypeError):
        text = json.dumps(atrium_charts.plain(event), ensure_ascii=False)
    data = (text + "\n").encode("utf-8", "surrogatepass")
    with sending:
        at = 0
        while at < len(data):
            at += events.write(data[at:])


class Output:
    """Text that waits a moment for more of its kind."""

    def __init__(self):
        self.kind = None
        self.parts = []
        self.size = 0
        self.last = 0.0
        self.waiting = threading.Event()
        threading.Thread(target=self.keep_flushing, daemon=True).start()

    def add(self, kind, text):
        with sending:
            if self.kind != kind:
                self.flush()
                self.kind = kind
            self.parts.append(text)
            self.size += len(text)
            if self.size > flush_bytes or time.monotonic() - self.last > flush_every:
                self.flush()
            else:
                self.waiting.set()

    def flush(self):
        with sending:
            if self.size:
                text = "".join(self.parts)
                self.parts, self.size = [], 0
                for at in range(0, len(text), 65536):
                    send({"type": self.kind, "text": text[at : at + 65536]})
            self.last = time.monotonic()

    def keep_flushing(self):
        while True:
            self.waiting.wait()
            self.waiting.clear()
            time.sleep(flush_every)
            self.flush()


output = Output()


class Stream(io.TextIOBase):
    encoding = "utf-8"
    errors = "replace"

    def __init__(self, kind, descriptor):
        self.kind = kind
        self.descriptor = descriptor

    def writable(self):
        return True

    def fileno(self):
        return self.descriptor

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if text:
            output.add(self.kind, text)
        return len(text)

    def flush(self):
        output.flush()

    @property
    def buffer(self):
        return BytesOf(self)


class BytesOf(io.RawIOBase):
    def __init__(self, stream):
        self.stream = stream

    def writable(self):
        return True

    def write(self, data):
        self.stream.write(bytes(data).decode("utf-8", "replace"))
        return len(data)


methods = {
    "html": "_repr_html_",
    "markdown": "_repr_markdown_",
    "svg": "_repr_svg_",
    "png": "_repr_png_",
    "jpeg": "_repr_jpeg_",
    "pdf": "_repr_pdf_",
    "latex": "_repr_latex_",
    "json": "_repr_json_",
    "javascript": "_repr_javascript_",
}
names = {
    "text/plain": "text",
    "text/html": "html",
    "text/markdown": "markdown",
    "image/svg+xml": "svg",
    "image/png": "png",
    "image/jpeg": "jpeg",
    "application/pdf": "pdf",
    "text/latex": "latex",
    "application/json": "json",
    "application/javascript": "javascript",
}


def as_text(value):
    return base64.b64encode(value).decode("ascii") if isinstance(value, (bytes, bytearray)) else value


def describe(value):
    """The forms of a value. A form that fails is left out; the rest are shown."""
    forms = {}
    if not isinstance(value, type):
        bundle = getattr(value, "_repr_mimebundle_", None)
        if callable(bundle):
            try:
                made = bundle()
                made = made[0] if isinstance(made, tuple) else made
                # A kind that has no name of its own is passed on under its own.
                forms.update({names.get(kind, kind): as_text(item) for kind, item in (made or {}).items()})
            except Exception:
                pass
        for name, method in methods.items():
            if name in forms:
                continue
            make = getattr(value, method, None)
            if not callable(make):
                continue
            try:
                made = make()
            except Exception:
                continue
            made = made[0] if isinstance(made, tuple) else made
            if made is not None:
                forms[name] = as_text(made)
    if "png" not in forms and type(value).__module__.startswith("matplotlib.") and hasattr(value, "savefig"):
        forms["png"] = picture_of(value)
        forms.update(chart_form(value))
    try:
        data = atrium_charts.data_of(value)
    except Exception:
        data = None
    if data is not None:
        forms["data"] = data
    if "text" not in forms:
        text = repr(value)
        forms["text"] = text if len(text) <= max_text else text[:max_text] + "…"
    forms["text"] = without_quotes(forms["text"])
    return forms


def without_quotes(text):
    """As E2B shows a text: what is between the quotes of its repr."""
    return text[1:-1] if len(text) > 1 and text[0] in "'\"" and text[0] == text[-1] else text


def chart_form(figure):
    try:
        chart = atrium_charts.chart_of(figure)
    except Exception:
        return {}
    return {} if chart is None else {"chart": chart}


def display(*values, raw=False, include=None, exclude=None, display_id=None, **_):
    for value in values:
        output.flush()
        if raw and isinstance(value, dict):
            forms = {names.get(kind, kind): as_text(item) for kind, item in value.items()}
        else:
            forms = describe(value)
        for name, wanted in ((kind, names.get(kind, kind)) for kind in list(names)):
            if (include and name not in include) or (exclude and name in exclude):
                forms.pop(wanted, None)
        send({"type": "result", "is_main_result": False, **forms})
        forget_figure(value)
    return atrium_notebook.Handle(display, display_id) if display_id else None


def picture_of(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight")
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def forget_figure(value):
    plot = sys.modules.get("matplotlib.pyplot")
    if plot is not None and type(value).__name__ == "Figure":
        plot.close(value)


def show_figures(*_, **__):
    plot = sys.modules.get("matplotlib.pyplot")
    if plot is None:
        return
    for number in plot.get_fignums():
        figure = plot.figure(number)
        if figure.get_axes() or figure.texts:
            output.flush()
            send({"type": "result", "is_main_result": False, "png": picture_of(figure), **chart_form(figure), "text": repr(figure)})
    plot.close("all")


class Backend(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """What matplotlib draws with, made when it asks: its own bitmap canvas, and a `show` that sends pictures."""

    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self) if name == "atrium_figures" else None

    def exec_module(self, module):
        from matplotlib.backend_bases import FigureManagerBase
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        atrium_charts.remember_boxes()
        module.FigureCanvas = FigureCanvasAgg
        module.FigureManager = FigureManagerBase
        module.show = show_figures


sys.meta_path.append(Backend())
os.environ["MPLBACKEND"] = "module://atrium_figures"

main = types.ModuleType("__main__")
main.__builtins__ = builtins
main.display = display
sys.modules["__main__"] = main
sys.path[0] = ""
sys.argv = [""]
sys.stdout = Stream("stdout", 1)
sys.stderr = Stream("stderr", 2)
sys.stdin = open(os.devnull)

notebook = atrium_notebook.Shell(main, display, lambda code: run_code(code, "<timed>"), sys.executable)
builtins.get_ipython = lambda: notebook
sys.meta_path.insert(0, atrium_notebook.IPythonInstalled(display))
sys.meta_path.append(atrium_notebook.IPythonHere(display))
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
running = False


def interrupt(*_):
    if running:
        raise KeyboardInterrupt()


signal.signal(signal.SIGINT, interrupt)


def run_code(code, name):
    tree = atrium_notebook.parse(code, name)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not code.rstrip().endswith(";"):
        last = ast.Expression(tree.body.pop().value)
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    value = None
    if tree.body:
        evaluate(compile(tree, name, "exec", flags=flags))
    if last is not None:
        value = evaluate(compile(last, name, "eval", flags=flags))
    return value


def evaluate(compiled):
    made = eval(compiled, main.__dict__)
    if not compiled.co_flags & inspect.CO_COROUTINE:
        return made
    task = loop.create_task(made)
    try:
        return loop.run_until_complete(task)
    except KeyboardInterrupt:
        task.cancel()
        try:
            loop.run_until_complete(task)
        except BaseException:
            pass
        raise


own_files = {__file__, atrium_notebook.__file__, ast.__file__}


def error_of(thrown):
    """Without the frames of this file."""
    frame = thrown.__traceback__
    while frame is not None and frame.tb_frame.f_code.co_filename in own_files:
        frame = frame.tb_next
    try:
        value = str(thrown)
    except Exception:
        value = "<unprintable>"
    lines = traceback.format_exception(type(thrown), thrown, frame)
    package = packages.get(thrown.name) if isinstance(thrown, ModuleNotFoundError) else None
    if package:
        lines.append(f"It is not installed on this machine (Debian, Ubuntu: apt install {package}).\n")
    return {"type": "error", "name": type(thrown).__name__, "value": value, "traceback": "".join(lines)}


def run_cell(count, code, env):
    global running
    name = f"<cell {count}>"
    linecache.cache[name] = (len(code), None, code.splitlines(True), name)
    before = {key: os.environ.get(key) for key in env}
    os.environ.update(env)
    failure = None
    try:
        try:
            running = True
            value = run_code(code, name)
            if value is not None:
                main._ = value
                forms = describe(value)
                output.flush()
                send({"type": "result", "is_main_result": True, **forms})
                forget_figure(value)
            show_figures()
        finally:
            running = False
    except SystemExit as ended:
        if ended.code not in (None, 0):
            failure = error_of(ended)
    except BaseException as thrown:
        failure = error_of(thrown)
    running = False
    output.flush()
    if failure:
        send(failure)
    for key, old in before.items():
        if old is None:
            os.environ.pop(key, None)
        else:
            os.environ[key] = old


def serve():
    count = 0
    send({"type": "ready"})
    for line in commands:
        cell = json.loads(line)
        count += 1
        run_cell(count, cell["code"], cell.get("env") or {})
        mark = cell["id"].encode()
        for descriptor in (1, 2):
            os.write(descriptor, mark)
        send({"type": "end", "id": cell["id"], "execution_count": count})


serve()

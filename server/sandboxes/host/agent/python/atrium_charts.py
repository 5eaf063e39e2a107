"""What is in a figure of matplotlib, as E2B's `chart`: its type, title, axes and elements. Nothing here loads matplotlib."""

import datetime
import math
import re
import sys

max_points = 50_000
max_cells = 100_000


def plain(value):
    """As JSON has it: dates as ISO text, what is no number as null."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return None if value != value else value.isoformat()
    if hasattr(value, "item") and hasattr(value, "dtype") and getattr(value, "ndim", 1) == 0:
        return plain(value.item())
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return str(value)


def data_of(value):
    """The columns of a data frame of pandas; None for anything else, and for a frame that is too large to send."""
    pandas = sys.modules.get("pandas")
    if pandas is None or not isinstance(value, pandas.DataFrame) or value.size > max_cells:
        return None
    return {str(name): plain(value.iloc[:, at].tolist()) for at, name in enumerate(value.columns)}


def remember_boxes():
    """The drawing of a box plot does not say which line is what: its numbers are kept with the axes."""
    from matplotlib.axes import Axes

    if hasattr(Axes.bxp, "atrium"):
        return
    draw = Axes.bxp

    def bxp(self, bxpstats, *args, **options):
        before = list(self._children)
        drawn = draw(self, bxpstats, *args, **options)
        self.atrium_boxes = list(bxpstats)
        self.atrium_drawn = [child for child in self._children if child not in before]
        self.atrium_is_flat = options.get("vert") is False or options.get("orientation") == "horizontal"
        return drawn

    bxp.atrium = True
    bxp.__doc__ = draw.__doc__
    Axes.bxp = bxp


def chart_of(figure):
    """None for a figure without axes."""
    charts = [chart_of_axes(axes) for axes in figure.axes if axes.get_visible() and not hasattr(axes, "_colorbar")]
    if not charts:
        return None
    if len(charts) == 1:
        return charts[0]
    title = figure._suptitle.get_text() if getattr(figure, "_suptitle", None) else ""
    return {"type": "superchart", "title": title, "elements": charts}


def chart_of_axes(axes):
    kind = kind_of(axes)
    chart = {"type": kind, "title": axes.get_title()}
    if kind not in ("pie", "unknown"):
        for name, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
            label = axis.get_label_text()
            chart[f"{name}_label"] = label or None
            chart[f"{name}_unit"] = unit_in(label)
    if kind in ("line", "scatter"):
        for name, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
            chart[f"{name}_ticks"] = [value_on(axis, tick) for tick in axis.get_ticklocs()]
            chart[f"{name}_tick_labels"] = [label.get_text() for label in axis.get_ticklabels()]
            chart[f"{name}_scale"] = scale_of(axis)
    chart["elements"] = elements[kind](axes)
    return plain(chart)


def kind_of(axes):
    from matplotlib.collections import PathCollection
    from matplotlib.container import BarContainer
    from matplotlib.patches import Wedge

    if getattr(axes, "atrium_boxes", None) and any(child in axes._children for child in axes.atrium_drawn):
        return "box_and_whisker"
    if any(isinstance(patch, Wedge) for patch in axes.patches):
        return "pie"
    if any(isinstance(container, BarContainer) and len(container) for container in axes.containers):
        return "bar"
    if any(isinstance(collection, PathCollection) for collection in axes.collections):
        return "scatter"
    return "line" if axes.lines else "unknown"


def unit_in(label):
    found = re.search(r"\(([^()]*)\)|\[([^\[\]]*)\]", label or "")
    return (found.group(1) or found.group(2)) if found else None


def converter_of(axis):
    converter = getattr(axis, "get_converter", lambda: getattr(axis, "converter", None))()
    return type(converter).__name__ if converter is not None else ""


def frequency_of(axis):
    """Of an axis that pandas has drawn for a series in time: it counts days, or months, and not the days of matplotlib."""
    return getattr(axis.axes, "freq", None) if axis is axis.axes.xaxis else None


def scale_of(axis):
    converter = converter_of(axis)
    if axis.get_scale() != "linear":
        return axis.get_scale()
    if frequency_of(axis) is not None:
        return "datetime"
    return "categorical" if "Category" in converter else "datetime" if "Date" in converter else "linear"


def value_on(axis, value):
    """A position as what it stands for."""
    if isinstance(value, (str, datetime.date)):
        return value
    if frequency_of(axis) is not None:
        period = sys.modules["pandas"].Period
        made = value if isinstance(value, period) else period(ordinal=int(value), freq=frequency_of(axis))
        return made.to_timestamp().isoformat()
    if scale_of(axis) == "datetime":
        if type(value).__name__ == "datetime64":
            return plain(value.astype("datetime64[us]").item())
        from matplotlib.dates import num2date

        return num2date(float(value)).isoformat() if isinstance(value, (int, float)) or hasattr(value, "dtype") else str(value)
    return value


def named(label, number, word):
    return label if label and not label.startswith("_") else f"{word} {number}"


def lines_of(axes):
    return [
        {
            "label": named(str(line.get_label()), at, "Line"),
            "points": [
                [value_on(axes.xaxis, x), value_on(axes.yaxis, y)]
                for x, y in list(zip(line.get_xdata(orig=True), line.get_ydata(orig=True)))[:max_points]
            ],
        }
        for at, line in enumerate(axes.lines)
    ]


def dots_of(axes):
    from matplotlib.collections import PathCollection

    groups = [collection for collection in axes.collections if isinstance(collection, PathCollection)]
    return [
        {
            "label": named(str(group.get_label()), at, "Group"),
            "points": [[on(axes.xaxis, x), on(axes.yaxis, y)] for x, y in group.get_offsets()[:max_points]],
        }
        for at, group in enumerate(groups)
    ]


def on(axis, value):
    """Of a drawing only positions are kept: a category is looked up."""
    return category_at(axis, value) if scale_of(axis) == "categorical" else value_on(axis, value)


def category_at(axis, place):
    for name, number in getattr(axis.units, "_mapping", {}).items():
        if abs(number - place) < 0.5:
            return str(name)
    return None


def bars_of(axes):
    from matplotlib.container import BarContainer

    made = []
    for at, container in enumerate(each for each in axes.containers if isinstance(each, BarContainer)):
        flat = container.orientation == "horizontal"
        axis = axes.yaxis if flat else axes.xaxis
        ticks = list(zip(axis.get_ticklocs(), axis.get_ticklabels()))
        for bar in container.patches[:max_points]:
            start, size = (bar.get_y(), bar.get_height()) if flat else (bar.get_x(), bar.get_width())
            inside = [label.get_text() for tick, label in ticks if start - abs(size) / 2 <= tick <= start + size * 1.5 and label.get_text()]
            label = category_at(axis, start + size / 2) or (inside[0] if len(inside) == 1 else str(value_on(axis, start + size / 2)))
            made.append(
                {
                    "label": label,
                    "group": named(str(container.get_label()), at, "Group"),
                    "value": bar.get_width() if flat else bar.get_height(),
                }
            )
    return made


def slices_of(axes):
    from matplotlib.patches import Wedge

    return [
        {"label": wedge.get_label(), "angle": abs(wedge.theta2 - wedge.theta1), "radius": wedge.r}
        for wedge in axes.patches
        if isinstance(wedge, Wedge)
    ]


def boxes_of(axes):
    labels = [label.get_text() for label in (axes.yaxis if axes.atrium_is_flat else axes.xaxis).get_ticklabels()]
    return [
        {
            "label": str(labels[at] if at < len(labels) else box.get("label", "")),
            "min": box["whislo"],
            "first_quartile": box["q1"],
            "median": box["med"],
            "third_quartile": box["q3"],
            "max": box["whishi"],
            "outliers": list(box.get("fliers", [])),
        }
        for at, box in enumerate(axes.atrium_boxes)
    ]


elements = {
    "line": lines_of,
    "scatter": dots_of,
    "bar": bars_of,
    "pie": slices_of,
    "box_and_whisker": boxes_of,
    "unknown": lambda axes: [],
}

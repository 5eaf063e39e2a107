/** Cells that draw with the standard library alone: what they make shows in any sandbox. */

const text = (value: unknown) => JSON.stringify(value)
/** The first line says what the cell is for, where only that line is shown. */
const comment = (title: string) => `# ${title.replace(/\s+/g, ' ')}`

/** The picture is the value of the cell; its description stands where no picture can. */
const figure = (title: string, body: string, width: number, height: number) => `class Figure:
    def __repr__(self):
        return ${text(title)}
    def _repr_svg_(self):
${body.replace(/^(?=.)/gm, '        ')}
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><rect width="${width}" height="${height}" fill="white"/>{inside}</svg>'

Figure()`

/** The graph of a function of x. @param expression Python, checked by whoever read it */
export const curve = (title: string, expression: string, from: number, to: number) => `${comment(title)}
from math import *

points = []
for i in range(401):
    x = ${from} + (${to} - ${from}) * i / 400
    try:
        y = float(${expression})
        points.append((x, y) if isfinite(y) and abs(y) < 1e6 else None)
    except (ValueError, ZeroDivisionError, OverflowError):
        points.append(None)
found = sorted(p[1] for p in points if p) or [0.0]
# Where a function runs away the middle of it is shown.
low, high = found[len(found) // 50], found[-1 - len(found) // 50]
if found[-1] - found[0] < 3 * (high - low):
    low, high = found[0], found[-1]
low, high = (low - 1, high + 1) if low == high else (low, high)


def steps(start, end):
    """Round numbers between the two: 1, 2, 2.5 or 5 times a power of ten apart."""
    rough = (end - start) / 6
    power = 10.0 ** floor(log10(rough))
    step = next(power * f for f in (1, 2, 2.5, 5, 10) if power * f >= rough * 0.99)
    return [round(i * step, 9) for i in range(ceil(start / step - 0.05), floor(end / step + 0.05) + 1)]


print("y from", f"{low:.3g}", "to", f"{high:.3g}")

${figure(
  title,
  `across = lambda x: 60 + (x - ${from}) / (${to} - ${from}) * 510
up = lambda y: 260 - (min(max(y, low), high) - low) / (high - low) * 215
parts, line = [], []
for p in points + [None]:
    # Where it leaves the picture the line is interrupted.
    if p and -0.05 <= (p[1] - low) / (high - low) <= 1.05:
        line.append(f"{across(p[0]):.1f},{up(p[1]):.1f}")
    elif line:
        parts.append(f'<polyline points="{" ".join(line)}" fill="none" stroke="#2f6fb7" stroke-width="2.5"/>')
        line = []
label = lambda t: f"{t:g}".replace("-", "−")
grid = "".join(f'<path d="M60 {up(t):.1f}H570" stroke="#e6e6e6"/>' for t in steps(low, high))
axis = f'<path d="M60 {up(0) if low <= 0 <= high else 260:.1f}H570M{across(0) if ${from} <= 0 <= ${to} else 60:.1f} 40V265" stroke="#999"/>'
ticks = "".join(f'<text x="{across(t):.0f}" y="284" font-size="12" text-anchor="middle" fill="#444">{label(t)}</text>' for t in steps(${from}, ${to}))
ticks += "".join(f'<text x="52" y="{up(t) + 4:.0f}" font-size="12" text-anchor="end" fill="#444">{label(t)}</text>' for t in steps(low, high))
inside = f'<text x="315" y="22" font-size="14" text-anchor="middle" fill="#222">' + ${text(title.replace(/[<&>]/g, ''))} + '</text>' + grid + axis + "".join(parts) + ticks`,
  600,
  300,
)}`

type Bars = { title: string; labels: readonly string[]; values: readonly number[]; inAll: string }

export const bars = ({ title, labels, values, inAll }: Bars) => `${comment(title)}
values = dict(zip(${text(labels)}, ${text(values)}))
print(sum(values.values()), ${text(inAll)})

${figure(
  title,
  `scale = 170 / max(values.values())
inside = '<text x="240" y="20" font-size="14" text-anchor="middle" fill="#222">' + ${text(title.replace(/[<&>]/g, ''))} + '</text>'
inside += "".join(
    f'<rect x="{30 + i * 72}" y="{220 - v * scale:.1f}" width="48" height="{v * scale:.1f}" rx="3" fill="#2f6fb7"/>'
    f'<text x="{54 + i * 72}" y="{214 - v * scale:.1f}" font-size="12" text-anchor="middle" fill="#222">{v}</text>'
    f'<text x="{54 + i * 72}" y="238" font-size="12" text-anchor="middle" fill="#444">{k}</text>'
    for i, (k, v) in enumerate(values.items()))`,
  480,
  250,
)}`

export const line = ({ title, labels, values, inAll }: Bars) => `${comment(title)}
values = dict(zip(${text(labels)}, ${text(values)}))
print(sum(values.values()), ${text(inAll)})

${figure(
  title,
  `scale = 170 / max(values.values())
spots = [(54 + i * 72, 220 - v * scale) for i, v in enumerate(values.values())]
inside = '<text x="240" y="20" font-size="14" text-anchor="middle" fill="#222">' + ${text(title.replace(/[<&>]/g, ''))} + '</text>'
inside += '<polyline points="' + " ".join(f"{x},{y:.1f}" for x, y in spots) + '" fill="none" stroke="#2f6fb7" stroke-width="2.5"/>'
inside += "".join(f'<circle cx="{x}" cy="{y:.1f}" r="4" fill="#2f6fb7"/><text x="{x}" y="238" font-size="12" text-anchor="middle" fill="#444">{k}</text>'
    for k, (x, y) in zip(values, spots))`,
  480,
  250,
)}`

export const pie = ({ title, labels, values, inAll }: Bars) => `${comment(title)}
from math import cos, pi, sin

values = dict(zip(${text(labels)}, ${text(values)}))
print(sum(values.values()), ${text(inAll)})

${figure(
  title,
  `colours = ["#2f6fb7", "#e08a2e", "#4a9d5b", "#b5485d", "#7a5fa8", "#888"]
whole, turn = sum(values.values()), -pi / 2
inside = '<text x="240" y="20" font-size="14" text-anchor="middle" fill="#222">' + ${text(title.replace(/[<&>]/g, ''))} + '</text>'
for i, (k, v) in enumerate(values.items()):
    end = turn + 2 * pi * v / whole
    inside += f'<path d="M150 140L{150 + 95 * cos(turn):.1f} {140 + 95 * sin(turn):.1f}A95 95 0 {int(v * 2 > whole)} 1 {150 + 95 * cos(end):.1f} {140 + 95 * sin(end):.1f}Z" fill="{colours[i % 6]}"/>'
    inside += f'<rect x="290" y="{70 + i * 26}" width="14" height="14" fill="{colours[i % 6]}"/><text x="312" y="{82 + i * 26}" font-size="13" fill="#222">{k}: {v}</text>'
    turn = end`,
  480,
  250,
)}`

export const primes = (count: number) => `primes = []
candidate = 2
while len(primes) < ${count}:
    if all(candidate % prime for prime in primes if prime * prime <= candidate):
        primes.append(candidate)
    candidate += 1
print(primes)`

export const fibonacci = (limit: { count: number } | { upTo: number }) => `a, b, numbers = 0, 1, []
while ${'count' in limit ? `len(numbers) < ${limit.count}` : `a <= ${limit.upTo}`}:
    numbers.append(a)
    a, b = b, a + b
print(numbers)`

export const factorial = (of: number) => `from math import factorial

print(factorial(${of}))`

export const average = (numbers: readonly number[]) => `numbers = ${text(numbers)}
print(sum(numbers) / len(numbers))`

export const squareRoot = (of: number) => `from math import sqrt

print(sqrt(${of}))`

export const sum = (expression: string) => `print(${expression})`

export const table = (head: readonly [string, string], count: number) => `class Table:
    rows = [(n, n * n) for n in range(1, ${count + 1})]
    def __repr__(self):
        return "\\n".join(f"{n:>4} {square:>6}" for n, square in self.rows)
    def _repr_html_(self):
        body = "".join(f"<tr><td>{n}</td><td>{square}</td></tr>" for n, square in self.rows)
        return ${text(`<table><thead><tr><th>${head[0]}</th><th>${head[1]}</th></tr></thead><tbody>`)} + body + "</tbody></table>"

Table()`

const rows = Array.from({ length: 240 }, (_, at) => {
  const region = ['North', 'South', 'East', 'West', ''][at % 5]
  return `${10_000 + at},2025-${String((at % 12) + 1).padStart(2, '0')}-${String((at % 28) + 1).padStart(2, '0')},${region},${['S. Okoye', 'P. Novak'][at % 2]},Desk lamp,${(at % 9) + 1},${(19.5 + (at % 7)).toFixed(2)}`
})

/** What lies in the workspace of the story. */
export const files: Record<string, string> = {
  'data/orders_2025.csv': `order_id,date,region,rep,product,units,unit_price\n${rows.join('\n')}\n`,
  'scripts/clean.py':
    'import pandas as pd\n\ndf = pd.read_csv("data/orders_2025.csv")\ndf = df.drop_duplicates()\ndf.to_csv("data/orders_clean.csv", index=False)\n',
  'src/app.tsx': "import { Chart } from './chart'\n\nexport const App = () => <Chart />\n",
  'src/orders.ts': 'export type Order = { id: string; date: Date; region: string; rep: string; units: number; unitPrice: number }\n',
  'src/regions.ts': `import type { Order } from "./orders";

export const REGIONS = [
  "North", "South", "East", "West", "Direct",
] as const;
export type Region = (typeof REGIONS)[number];

export type Filter = { region?: Region; rep?: string };

const revenue = (o: Order) => o.units * o.unitPrice;

/** Orders that pass every filter that is set. */
export function pick(orders: Order[], f: Filter) {
  return orders.filter(
    (o) =>
      (!f.region || o.region === f.region) &&
      (!f.rep || o.rep === f.rep),
  );
}

export function byMonth(orders: Order[], f: Filter = {}) {
  const months = new Array<number>(12).fill(0);
  for (const o of pick(orders, f)) {
    months[o.date.getMonth()] += revenue(o);
  }
  return months;
}
`,
  'src/theme.css': ':root {\n  --accent: #1f62b5;\n}\n',
  'tests/test_clean.py': 'def test_latest_copy_is_kept():\n    assert True\n',
  'index.html': `<!doctype html>
<html lang="en">
<meta name="viewport" content="width=device-width">
<title>Sales 2025</title>
<body style="margin: 32px; font: 15px system-ui; color: #22241f">
<h1 style="font-size: 24px">Sales 2025</h1>
<p>Revenue by month, in thousands of euros.</p>
<svg viewBox="0 0 560 180" width="560" style="max-width: 100%" role="img" aria-label="Revenue by month">
${[92, 104, 118, 111, 135, 140, 128, 120, 146, 158, 149, 160].map((v, i) => `<rect x="${10 + i * 45}" y="${176 - v}" width="32" height="${v}" fill="#1f62b5"/>`).join('\n')}
</svg>
</body>
</html>
`,
  'package.json': '{ "name": "sales-dashboard", "private": true }\n',
  'README.md':
    '# Sales dashboard\n\nRevenue by month, with filters for *region* and *rep*.\n\n- [x] Clean the export\n- [ ] Publish\n\n```sh\nnpm start\n```\n',
}

/** What Mei has run in Python: a table and a chart. */
export const cells: readonly string[] = [
  `import csv
rows = list(csv.DictReader(open("data/orders_2025.csv")))
print(f"{len(rows):,} rows")

class Table:
    def _repr_html_(self):
        head = "".join(f"<th>{name}</th>" for name in rows[0])
        body = "".join("<tr>" + "".join(f"<td>{value}</td>" for value in row.values()) + "</tr>" for row in rows[:4])
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

Table()`,
  `months = [sum(float(r["units"]) * float(r["unit_price"]) for r in rows if r["date"][5:7] == f"{m:02d}") for m in range(1, 13)]

class Chart:
    def _repr_svg_(self):
        top = max(months)
        bars = "".join(f'<rect x="{10 + i * 45}" y="{170 - m / top * 150:.0f}" width="32" height="{m / top * 150:.0f}" fill="#4f81bd"/>' for i, m in enumerate(months))
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 180" width="560" height="180">{bars}</svg>'

Chart()`,
]

import { expect, test } from 'vitest'
import { riskOf } from './risk.ts'

type Case = readonly [risk: 'low' | 'medium' | 'high', code: string, text: string]

const python: readonly Case[] = [
  ['low', 'computes', 'print(2 + 2)'],
  ['low', 'computes', 'import numpy as np\nimport matplotlib.pyplot as plt\nplt.plot(np.sin(np.linspace(0, 6)))\nplt.show()'],
  ['low', 'computes', 'import pandas as pd\ndf = pd.read_csv("sales.csv")\ndf.groupby("region").sum()'],
  ['low', 'computes', 'import os\nprint(os.listdir("."), os.path.join("a", "b"))'],
  ['low', 'computes', 'with open("notes.md") as file:\n    print(file.read())'],
  ['low', 'computes', 'text = "import subprocess; os.system(1)"  # eval(x)\nprint(text)'],
  ['low', 'computes', 'from collections import Counter\nprint(Counter("tides").most_common())'],
  ['low', 'reads', '!ls -la'],
  ['medium', 'writes_files', 'open("notes.md", "w").write("tides")'],
  ['medium', 'writes_files', 'with open("a", mode="ab") as f: f.write(b"x")'],
  ['medium', 'writes_files', 'from pathlib import Path\nPath("a.txt").write_text("x")'],
  ['medium', 'writes_files', 'from pathlib import Path\nPath("a.txt").open("w").write("x")'],
  ['medium', 'writes_files', 'df.to_csv("out.csv")'],
  ['medium', 'writes_files', 'plt.savefig("plot.png")'],
  ['medium', 'writes_files', 'import os\nos.makedirs("data")'],
  ['medium', 'writes_files', 'mode = input()\nopen("a", mode)'],
  ['medium', 'runs_code', 'import somebody_elses_module'],
  ['medium', 'installs', '%pip install duckdb'],
  ['medium', 'installs', '!pip install duckdb\nimport duckdb'],
  ['high', 'outside_workspace', 'open("/etc/hosts", "a").write("x")'],
  ['high', 'outside_workspace', 'p = "/etc/hosts"\nopen(p, "a").write("x")'],
  ['high', 'runs_program', 'import subprocess\nsubprocess.run(["ls"])'],
  ['high', 'runs_program', 'import os as o\no.system("rm -rf x")'],
  ['high', 'runs_program', 'from os import system as print\nprint("rm -rf x")'],
  ['high', 'unreadable', 'from os import *\nsystem("x")'],
  ['high', 'unreadable', 'import os\nrun = os\nrun.system("x")'],
  ['high', 'unreadable', 'import os\ngetattr(os, "sys" + "tem")("x")'],
  ['high', 'unreadable', 'eval(text)'],
  ['high', 'unreadable', 'e = eval\ne("x")'],
  ['high', 'unreadable', '__import__("os").system("x")'],
  ['high', 'unreadable', 'import importlib\nimportlib.import_module("os")'],
  ['high', 'unreadable', '().__class__.__base__.__subclasses__()'],
  ['high', 'unreadable', 'import sys\nsys.modules["os"].system("x")'],
  ['high', 'unreadable', 'print(f"{eval(x)}")'],
  ['high', 'unreadable', 'print("unfinished'],
  ['high', 'deletes_files', 'import shutil\nshutil.rmtree("build")'],
  ['high', 'deletes_files', 'import os; os.remove("notes.md")'],
  ['high', 'deletes_files', 'from pathlib import Path\nPath("a").unlink()'],
  ['high', 'leaves_room', 'import requests\nrequests.get("https://example.org")'],
  ['high', 'leaves_room', 'from urllib.request import urlopen'],
  ['high', 'leaves_room', 'import pandas as pd\npd.read_csv("https://example.org/a.csv")'],
  ['high', 'secrets', 'print(open(".env").read())'],
  ['high', 'deletes_files', 'x = 1\n!rm -rf build'],
  ['high', 'deletes_files', '%%bash\nls\nrm -rf build'],
  ['high', 'runs_code', 'get_ipython().system("ls")'],
]

test.each(python)('Python, %s, %s: %s', (risk, code, text) => {
  const judged = riskOf({ tool: 'run_python', args: { code: text } })
  expect({ risk: judged.risk, codes: judged.reasons.map((reason) => reason.code) }).toMatchObject({
    risk,
    codes: expect.arrayContaining([code]) as string[],
  })
})

test('a line of Python is quoted as it stands, and found in the code', () => {
  const code = 'import os\nfor name in names:\n    os.remove(name)\n'
  const reason = riskOf({ tool: 'run_python', args: { code } }).reasons.find(({ code: why }) => why === 'deletes_files')
  expect(reason?.text).toBe('os.remove(name)')
  expect(code.slice(reason?.at?.from, reason?.at?.to)).toBe('os.remove(name)')
})

test.each([
  ['list_files', {}, 'low'],
  ['read_file', { path: 'notes.md' }, 'low'],
  ['search_files', { pattern: 'tides' }, 'low'],
  ['read_terminal', {}, 'low'],
  ['update_todos', { todos: [] }, 'low'],
  ['ask_people', { questions: [] }, 'low'],
  ['start_preview', { port: 5173 }, 'low'],
  ['write_file', { path: 'notes.md', content: 'x' }, 'low'],
  ['edit_file', { path: 'src/a.ts', old: 'a', new: 'b' }, 'low'],
  ['edit_file', { path: '/etc/hosts', old: 'a', new: 'b' }, 'high'],
  ['write_file', { path: '.env', content: 'x' }, 'high'],
  ['open_terminal', {}, 'low'],
  ['open_terminal', { command: 'npm run dev' }, 'medium'],
  ['open_terminal', { command: 'rm -rf /' }, 'high'],
  ['computer', { action: 'screenshot' }, 'low'],
  ['computer', { action: 'move', x: 1, y: 1 }, 'low'],
  ['computer', { action: 'click', x: 1, y: 1 }, 'medium'],
  ['computer', { actions: [{ action: 'screenshot' }, { action: 'type', text: 'hello' }] }, 'medium'],
  ['computer', { action: 'open', target: 'https://example.org' }, 'medium'],
] as const)('%s %j is of %s risk', (tool, args, risk) => {
  expect(riskOf({ tool, args }).risk).toBe(risk)
})

test('a tool that is not known here keeps the risk it declares; broken arguments are no reason to fail', () => {
  expect(riskOf({ tool: 'send_fax', args: {} }, 'medium')).toEqual({ risk: 'medium', reasons: [] })
  expect(riskOf({ tool: 'constructor', args: {} }).risk).toBe('high')
  for (const args of [undefined, null, 'text', [], { command: 7 }]) expect(riskOf({ tool: 'run_command', args }).risk).toBe('low')
})

import { cutAfter } from '../base/cut.ts'
import { placeOf, isSecret } from './places.ts'
import type { Reason, ReasonCode, Risk } from './reason.ts'
import { reasonLimits } from './reason.ts'
import { readPythonText } from './python-text.ts'
import type { PythonText } from './python-text.ts'

/*
 * What a piece of Python may do, by a look at its words: it is not run, and not understood. What it hides is taken for bad;
 * what only computes, reads and draws is low.
 */

/** Modules that neither write, start anything, nor reach anywhere by themselves. */
const pure = new Set(
  'math cmath random statistics decimal fractions numbers numpy pandas polars matplotlib mpl_toolkits seaborn plotly altair bokeh sympy scipy sklearn statsmodels networkx json re datetime time calendar zoneinfo collections itertools functools operator csv string textwrap typing dataclasses enum copy pprint bisect heapq array hashlib base64 uuid secrets unicodedata warnings contextlib abc io sys glob pathlib os shutil tempfile IPython PIL skimage cv2 tabulate rich tqdm __future__ difflib colorsys struct zlib locale timeit traceback pyarrow openpyxl graphlib types inspect keyword argparse logging platform cycler dateutil pytz'.split(
    ' ',
  ),
)
const starting = new Set(
  'subprocess pty pexpect sh plumbum multiprocessing ctypes cffi signal resource psutil webbrowser code codeop runpy'.split(' '),
)
const reaching = new Set(
  'socket requests urllib urllib2 urllib3 http httpx aiohttp ftplib smtplib imaplib poplib telnetlib paramiko fabric websocket websockets asyncssh ssl socketserver xmlrpc boto3 botocore google openai anthropic psycopg psycopg2 pymysql redis pymongo sqlalchemy selenium playwright scrapy mechanize yfinance huggingface_hub kaggle'.split(
    ' ',
  ),
)

/** Of `os`: what only asks, and what writes; the rest is high. */
const osReads = new Set(
  'path listdir getcwd walk scandir sep stat lstat cpu_count linesep name curdir fspath environ getenv getpid access extsep pathsep uname fsencode fsdecode DirEntry PathLike get_terminal_size getlogin times'.split(
    ' ',
  ),
)
const osWrites = new Set('makedirs mkdir rename replace chdir utime'.split(' '))
const shutilWrites = new Set('copy copy2 copyfile copytree move make_archive unpack_archive copyfileobj'.split(' '))
const shutilReads = new Set('which disk_usage get_terminal_size'.split(' '))

type Found = { code: ReasonCode; risk: Risk; from: number; to: number }

/** @param folder in which relative paths are meant; undefined when nobody knows */
export function judgePython(code: string, folder: string | undefined): Reason[] {
  const text = readPythonText(code)
  const found = [...imports(text), ...calls(text), ...files(text, folder), ...addresses(text)]
  if (text.open) found.push({ code: 'unreadable', risk: 'high', from: 0, to: code.length })
  if (found.length === 0) return code.trim() === '' ? [] : [{ code: 'computes', risk: 'low' }]
  return found.map(({ code: why, risk, from, to }) => {
    const line = lineAround(code, from, to)
    return { code: why, risk, text: line.text, at: { from: line.from, to: line.to } }
  })
}

/** The whole line: what people look for in the code. */
function lineAround(code: string, from: number, to: number): { text: string; from: number; to: number } {
  const begin = code.lastIndexOf('\n', from) + 1
  const next = code.indexOf('\n', Math.max(from, to - 1))
  const whole = code.slice(begin, next < 0 ? code.length : next)
  const text = cutAfter(whole.trim(), reasonLimits.text)
  const start = begin + whole.length - whole.trimStart().length
  return { text, from: start, to: start + text.length }
}

const at = (match: RegExpMatchArray): { from: number; to: number } => ({ from: match.index ?? 0, to: (match.index ?? 0) + match[0].length })

function imports({ code }: PythonText): Found[] {
  const found: Found[] = []
  const names = new Map<string, string>()
  const judge = (module: string, place: { from: number; to: number }) => {
    const root = module.split('.')[0] ?? ''
    if (starting.has(root)) found.push({ code: 'runs_program', risk: 'high', ...place })
    else if (reaching.has(root)) found.push({ code: 'leaves_room', risk: 'high', ...place })
    else if (/^(importlib|builtins|pickle|marshal|dill|joblib|gc)$/.test(root))
      found.push({ code: 'unreadable', risk: root === 'pickle' || root === 'joblib' ? 'medium' : 'high', ...place })
    else if (!pure.has(root)) found.push({ code: 'runs_code', risk: 'medium', ...place })
  }
  for (const match of code.matchAll(/(?:^|[;:\n])[ \t]*import[ \t]+([^\n;]+)/g)) {
    for (const one of (match[1] ?? '').split(',')) {
      const [module = '', as] = one.trim().split(/\s+as\s+/)
      judge(module, at(match))
      if (/^(os|shutil)$/.test(module)) names.set((as ?? module).trim(), module)
    }
  }
  for (const match of code.matchAll(/(?:^|[;:\n])[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]*(\([^)]*\)|[^\n;]+)/g)) {
    const module = match[1] ?? ''
    judge(module.startsWith('.') ? 'local' : module, at(match))
    const members = (match[2] ?? '').replace(/[()\s]+/g, ' ').split(',')
    if (module === 'os' || module === 'shutil')
      for (const one of members) found.push(...member(module, (one.trim().split(' ')[0] ?? '').trim(), at(match)))
  }
  for (const [name, module] of names) found.push(...uses(code, name, module))
  return found
}

/** Every use of `os` or `shutil` under the name it has here; handed on as a whole it can be anything. */
function uses(code: string, name: string, module: string): Found[] {
  const found: Found[] = []
  for (const match of code.matchAll(new RegExp(String.raw`(?<![\w.])${name}\b(?!\s*=[^=])\s*(\.\s*(\w+))?`, 'g'))) {
    const before = code.slice(code.lastIndexOf('\n', match.index) + 1, match.index)
    if (/\b(import|from|as)\b[^;]*$/.test(before)) continue
    if (match[2] === undefined) found.push({ code: 'unreadable', risk: 'high', ...at(match) })
    else found.push(...member(module, match[2], at(match)))
  }
  return found
}

function member(module: string, name: string, place: { from: number; to: number }): Found[] {
  if (name === '') return []
  const [reads, writes] = module === 'os' ? [osReads, osWrites] : [shutilReads, shutilWrites]
  if (reads.has(name)) return []
  if (writes.has(name)) return [{ code: 'writes_files', risk: 'medium', ...place }]
  if (/^(remove|unlink|rmdir|removedirs|rmtree|truncate)$/.test(name)) return [{ code: 'deletes_files', risk: 'high', ...place }]
  if (/^(kill|killpg|abort|_exit)$/.test(name)) return [{ code: 'stops_programs', risk: 'high', ...place }]
  if (/^(chmod|chown|lchown|fchmod)$/.test(name)) return [{ code: 'changes_permissions', risk: 'high', ...place }]
  return [{ code: name === '*' ? 'unreadable' : 'runs_program', risk: 'high', ...place }]
}

const callRules: readonly [RegExp, ReasonCode, Risk][] = [
  [/(?<![\w.])(eval|exec|compile|__import__|getattr|setattr|globals|locals|vars|breakpoint)\s*\(/g, 'unreadable', 'high'],
  [/\b__(builtins|subclasses|globals|class|dict|loader|import|code|getattribute)__\b/g, 'unreadable', 'high'],
  [/(?<![\w.])(eval|exec|compile|__import__|getattr|open)\b(?!\s*\()/g, 'unreadable', 'high'],
  [/\bsys\s*\.\s*modules\b/g, 'unreadable', 'high'],
  [/\.\s*(unlink|rmdir|rmtree)\s*\(/g, 'deletes_files', 'high'],
  [/\.\s*chmod\s*\(/g, 'changes_permissions', 'high'],
  [/\.\s*(eval|query)\s*\(\s*[^"'\s)]/g, 'runs_code', 'medium'],
  [/\bget_ipython\s*\(/g, 'runs_code', 'high'],
  [
    /\.\s*(write_text|write_bytes|to_csv|to_json|to_excel|to_parquet|to_pickle|to_html|to_markdown|to_latex|to_feather|to_hdf|to_sql|savefig|save|savetxt|savez|dump|mkdir|touch|rename|symlink_to|hardlink_to|tofile|write_html|write_image|imsave|imwrite)\s*\(/g,
    'writes_files',
    'medium',
  ],
  [/\b(extractall|make_archive|NamedTemporaryFile|mkdtemp|mkstemp|FileHandler)\s*\(/g, 'writes_files', 'medium'],
  [/\bos\s*\.\s*environ\b|\bgetenv\s*\(/g, 'secrets', 'medium'],
]

function calls({ code }: PythonText): Found[] {
  return callRules.flatMap(([pattern, why, risk]) => [...code.matchAll(pattern)].map((match) => ({ code: why, risk, ...at(match) })))
}

/** Files that are opened or named: how, and where they are. */
function files(text: PythonText, folder: string | undefined): Found[] {
  const found: Found[] = []
  for (const match of text.code.matchAll(/\bopen\s*\(/g)) {
    const call = text.argumentsAt((match.index ?? 0) + match[0].length)
    const mode =
      call.find(({ name }) => name === 'mode') ?? (/\.\s*$/.test(text.code.slice(Math.max(0, match.index - 20), match.index)) ? call[0] : call[1])
    const writes = mode && (mode.text === undefined || /[wax+]/.test(mode.text))
    if (writes) found.push({ code: 'writes_files', risk: 'medium', ...at(match) })
    const path = call[0]?.text
    if (writes && path !== undefined && placeOf(path, folder) === 'outside') found.push({ code: 'outside_workspace', risk: 'high', ...at(match) })
  }
  const mayWrite = found.length > 0 || callRules.some(([pattern, why]) => why === 'writes_files' && text.code.search(pattern) >= 0)
  for (const one of text.strings) {
    if (isSecret(one.text)) found.push({ code: 'secrets', risk: 'high', from: one.from, to: one.to })
    const outside = /^(\/|~\w|\.\.\/)[\w./-]+$/.test(one.text) && placeOf(one.text, folder) === 'outside'
    if (outside && mayWrite) found.push({ code: 'outside_workspace', risk: 'high', from: one.from, to: one.to })
  }
  return found
}

/** An address that something reads from: `pd.read_csv("https://…")`. */
function addresses({ code, strings }: PythonText): Found[] {
  if (!/\b(read_\w+|load\w*|open|imread|Image|from_\w+|scan_\w+|get|post)\s*\(/.test(code)) return []
  return strings
    .filter(({ text }) => /^(https?|ftp|s3|gs):\/\//.test(text) && !/^https?:\/\/(localhost|127\.)/.test(text))
    .map(({ from, to }) => ({ code: 'leaves_room' as const, risk: 'high' as const, from, to }))
}

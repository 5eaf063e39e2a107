import { storeScript } from './store-script.ts'

/**
 * Programs for a sandbox: each is run once with a JSON object on its standard input and prints lines of JSON. They look at
 * many files, which must happen inside. All paths are relative to the workspace.
 */
const common = String.raw`
import hashlib, json, os, re, sys, zlib
HEAVY = {'node_modules', '.git', '.venv', 'venv', '__pycache__', '.cache', '.npm', '.pnpm-store', '.next', 'target'}
${storeScript}
STORE = store_of(os.path.realpath(os.getcwd()))
def say(value): sys.stdout.write(json.dumps(value) + '\n')
def walk(top='', heavy=False):
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        try: entries = sorted(os.scandir(folder or '.'), key=lambda e: e.name)
        except OSError: continue
        for e in entries:
            if e.name.startswith('.atrium-unfinished-'): continue
            path = (folder + '/' if folder else '') + e.name
            try:
                if e.is_dir(follow_symlinks=False):
                    if heavy or e.name not in HEAVY: waiting.append(path)
                elif e.is_file(follow_symlinks=False): yield path, e.stat(follow_symlinks=False)
            except OSError: pass
q = json.loads(sys.stdin.readline())
`

/** {top, most, heavy} → {path, size} of each file, and {ignore: path, text} of each .gitignore. At the end {more: true} when there are more. */
export const walkProgram = `${common}${String.raw`
count = 0
for path, info in walk(q['top'], q['heavy']):
    if count >= q['most']: say({'more': True}); break
    count += 1
    if os.path.basename(path) == '.gitignore' and info.st_size < 65536:
        try: say({'ignore': path, 'text': open(path, encoding='utf-8', errors='replace').read()})
        except OSError: pass
    say({'path': path, 'size': info.st_size})
`}`

/** {paths, query, regex, matchCase, most, length} → {path, line, text, column, at, length}; {error} for a pattern that is none. Units are UTF-16. */
export const searchProgram = `${common}${String.raw`
units = lambda text: len(text.encode('utf-16-le', 'surrogatepass')) // 2
try: pattern = re.compile(q['query'] if q['regex'] else re.escape(q['query']), 0 if q['matchCase'] else re.IGNORECASE)
except re.error as e: say({'error': str(e)}); sys.exit(0)
found = 0
for path in q['paths']:
    try:
        with open(path, 'rb') as f: data = f.read()
    except OSError: continue
    if b'\0' in data[:8192]: continue
    for number, line in enumerate(data.decode('utf-8', 'replace').split('\n'), 1):
        m = pattern.search(line[:20000])
        if not m: continue
        found += 1
        if found > q['most']: say({'more': True}); sys.exit(0)
        start = max(0, m.start() - 100) if m.end() > q['length'] else 0
        text = line[start:start + q['length']]
        say({'path': path, 'line': number, 'text': text, 'column': units(line[start:m.start()]), 'length': min(units(line[m.start():m.end()]), units(text) - units(line[start:m.start()]))})
`}`

/**
 * {op: 'note', run} notes how all files are; {op: 'compare', run, texts} → {path, status, before?, after?} of what differs, with texts up to
 * so many bytes in all; {op: 'one', run, path} of one. {missing: true}: there is no such note. Texts are kept once, by their hash.
 */
export const changesProgram = `${common}${String.raw`
OBJECTS = os.path.join(STORE, 'objects'); NOTES = os.path.join(STORE, 'notes')
LARGE = 1 << 20
def load(run):
    try:
        with open(os.path.join(NOTES, run + '.json')) as f: return json.load(f)
    except (OSError, ValueError): return None
def newest():
    try: names = sorted(os.listdir(NOTES), key=lambda n: os.stat(os.path.join(NOTES, n)).st_mtime)
    except OSError: return {}, []
    return (load(names[-1][:-5]) or {}) if names else {}, names
def mark(path, info, known):
    old = known.get(path)
    if old and old[0] == info.st_size and old[1] == info.st_mtime_ns: return old[2], None
    if info.st_size > LARGE: return 'large-%d-%d' % (info.st_size, info.st_mtime_ns), None
    with open(path, 'rb') as f: data = f.read()
    return hashlib.sha1(data).hexdigest(), data
def text(sha):
    try:
        with open(os.path.join(OBJECTS, sha), 'rb') as f: data = zlib.decompress(f.read())
    except (OSError, zlib.error): return None
    return plain(data)
def plain(data):
    if data is None or b'\0' in data[:8192]: return None
    try: return data.decode('utf-8')
    except UnicodeDecodeError: return None
def here(path):
    try:
        with open(path, 'rb') as f: return plain(f.read(LARGE + 1)) if os.path.getsize(path) <= LARGE else None
    except OSError: return None
if q['op'] == 'note':
    os.makedirs(OBJECTS, exist_ok=True); os.makedirs(NOTES, exist_ok=True)
    known, names = newest(); note = {}
    for path, info in walk():
        if len(note) >= 20000: break
        try: sha, data = mark(path, info, known)
        except OSError: continue
        note[path] = [info.st_size, info.st_mtime_ns, sha]
        if data is not None and not os.path.exists(os.path.join(OBJECTS, sha)):
            with open(os.path.join(OBJECTS, sha + '.new'), 'wb') as f: f.write(zlib.compress(data, 1))
            os.rename(os.path.join(OBJECTS, sha + '.new'), os.path.join(OBJECTS, sha))
    with open(os.path.join(NOTES, q['run'] + '.new'), 'w') as f: json.dump(note, f)
    os.rename(os.path.join(NOTES, q['run'] + '.new'), os.path.join(NOTES, q['run'] + '.json'))
    old = [n for n in names if n != q['run'] + '.json'][:-9]
    if old:
        for name in old: os.unlink(os.path.join(NOTES, name))
        kept = set(); _, names = newest()
        for name in names: kept.update(entry[2] for entry in (load(name[:-5]) or {}).values())
        for name in os.listdir(OBJECTS):
            if name not in kept: os.unlink(os.path.join(OBJECTS, name))
    say({'noted': len(note)})
else:
    note = load(q['run'])
    if note is None: say({'missing': True}); sys.exit(0)
    room = q.get('texts', 4 << 20)
    seen = set()
    def tell(path, status, old):
        global room
        answer = {'path': path, 'status': status}
        before = text(old) if old else None; after = here(path) if status != 'D' else None
        size = len(before or '') + len(after or '')
        if size <= room:
            room -= size
            if before is not None: answer['before'] = before
            if after is not None: answer['after'] = after
        say(answer)
    for path, info in walk():
        if q['op'] == 'one' and path != q['path']: continue
        seen.add(path)
        old = note.get(path)
        try: sha, _ = mark(path, info, note)
        except OSError: continue
        if not old: tell(path, 'A', None)
        elif old[2] != sha: tell(path, 'M', old[2])
        elif q['op'] == 'one': tell(path, 'same', sha)
    for path, old in note.items():
        if path not in seen and (q['op'] != 'one' or path == q['path']): tell(path, 'D', old[2])
`}`

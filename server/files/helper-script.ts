import { heavyFolders } from '../sandboxes/paths.ts'

/**
 * What runs inside the sandbox while files are open: one JSON object a line in, one out. Only a program inside can compare
 * and replace without a gap in which another one's write would be lost: the new text takes the file's place in exchange
 * (RENAME_EXCHANGE), and when what came out is not what was expected, they are exchanged back.
 *
 * Where it keeps replaced files is in `ATRIUM_STORE` (`store-script.ts`).
 *
 *   {id, op: 'look', path, known, max} → {id, status: 'same' | 'missing' | 'folder' | 'large' | 'bytes'} or {id, status: 'text', hash, text, ageMs}
 *   {id, op: 'swap', path, expected, text} → {id, status: 'done', hash} or {id, status: 'changed'}
 *   {id, op: 'trace', path, hash, size} → {id, to}: where the file went that was there: the one other file that holds what `hash` is of and came to
 *     its place in the last seconds, of several the one that is the same file on the disk; null when there is none
 *   {late: path, text, was}: a program that had the file open went on writing to what was replaced. What a helper that was killed
 *     had not looked at yet is told when the file is looked at next: a journal beside the replaced files names them
 *
 * Hashes are SHA-1 in hex of the bytes; `expected: null`, there must be no file. A path must stay in the workspace when its
 * links are followed; names are written as the agent's `names.ts` has it. `{id, error, code}` is errno's.
 */
export const helperScript = String.raw`
import ctypes, errno, hashlib, json, os, re, select, stat, sys, time, uuid
HOME = os.path.realpath(os.getcwd())
SPARE = os.environ['ATRIUM_STORE']
libc = ctypes.CDLL(None, use_errno=True)
JOURNAL = os.path.join(SPARE, 'journal')
late = []
left = {}
inodes = {}
def exchange(a, b):
    try:
        if libc.renameat2(-100, os.fsencode(a), -100, os.fsencode(b), 2) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    except AttributeError:
        raise OSError(errno.ENOSYS, 'no exchange')
def digest(data): return hashlib.sha1(data).hexdigest()
def read(path):
    with open(path, 'rb') as f: return f.read()
ESCAPE = r'\\x(5c|[89a-f][0-9a-f])'
def shown(path):
    text = re.sub(r'\\(?=x(?:5c|[89a-f][0-9a-f]))', r'\\x5c', os.fsencode(path).decode('utf-8', 'surrogateescape'))
    return re.sub('[\udc80-\udcff]', lambda sign: '\\x%02x' % (ord(sign[0]) - 0xdc00), text)
def on_disk(text):
    data = re.sub(ESCAPE.encode(), lambda sign: bytes([int(sign[1], 16)]), text.encode('utf-8', 'replace'))
    path = os.fsdecode(data)
    if shown(path) != text: raise OSError(errno.EINVAL, 'the path escapes what needs no escape')
    return path
def place(path):
    real = os.path.realpath(os.path.join(HOME, on_disk(path)))
    if not real.startswith(HOME + '/'): raise OSError(errno.EACCES, 'the path leads out of the workspace')
    return real
def look(q):
    real = place(q['path'])
    try: info = os.stat(real)
    except (FileNotFoundError, NotADirectoryError): return {'status': 'missing'}
    if stat.S_ISDIR(info.st_mode): return {'status': 'folder'}
    if not stat.S_ISREG(info.st_mode): return {'status': 'bytes'}
    if info.st_size > 4 * q['max']: return {'status': 'large'}
    data = read(real)
    inodes[q['path']] = info.st_ino
    if digest(data) == q.get('known'): return {'status': 'same'}
    if len(data) > q['max']: return {'status': 'large'}
    if b'\0' in data[:8192]: return {'status': 'bytes'}
    try: text = data.decode('utf-8')
    except UnicodeDecodeError: return {'status': 'bytes'}
    return {'status': 'text', 'hash': digest(data), 'text': text, 'ageMs': (time.time() - info.st_ctime) * 1000}
def note(spare, path, was, mine):
    with open(JOURNAL, 'a') as f: f.write(json.dumps([spare, path, was, mine]) + '\n')
def take_over():
    try: lines = read(JOURNAL).decode().split('\n')
    except OSError: return
    for line in lines:
        try: spare, path, was, mine = json.loads(line)
        except ValueError: continue
        # What the sandbox says of itself is not followed out of this folder.
        if os.path.basename(spare) == spare: left.setdefault(path, []).append((os.path.join(SPARE, spare), was, mine))
def look_left(path):
    for spare, was, mine in left.pop(path, []):
        try:
            data = read(spare); os.unlink(spare)
            if digest(data) not in (was, mine): say({'late': path, 'was': was, 'text': data.decode('utf-8')})
        except (OSError, UnicodeDecodeError): pass
def forget():
    if late or left: return
    try: os.unlink(JOURNAL)
    except OSError: pass
def now(real):
    try: return digest(read(real))
    except FileNotFoundError: return None
def swap(q):
    real = place(q['path']); expected = q['expected']
    if now(real) != expected: return {'status': 'changed'}
    os.makedirs(SPARE, exist_ok=True); os.makedirs(os.path.dirname(real), exist_ok=True)
    data = q['text'].encode('utf-8', 'replace')
    name = uuid.uuid4().hex; spare = os.path.join(SPARE, name)
    try:
        with open(spare, 'wb') as f: f.write(data)
        if expected is not None: note(name, q['path'], expected, digest(data))
        if expected is None:
            try: os.link(spare, real)
            except FileExistsError: return {'status': 'changed'}
            return {'status': 'done', 'hash': digest(data)}
        os.chmod(spare, stat.S_IMODE(os.stat(real).st_mode))
        try: exchange(spare, real)
        except OSError as e:
            if e.errno not in (errno.ENOSYS, errno.EINVAL, errno.EXDEV): raise
            if now(real) != expected: return {'status': 'changed'}
            os.replace(spare, real)
            return {'status': 'done', 'hash': digest(data)}
        mine = digest(data)
        out = read(spare)
        if digest(out) != expected:
            exchange(spare, real)
            if now(spare) == mine: return {'status': 'changed'}
            # A third one came meanwhile: it is the newer one, and what it replaced is told by itself.
            exchange(spare, real)
            say({'late': q['path'], 'was': expected, 'text': out.decode('utf-8', 'replace')})
            return {'status': 'changed'}
        inodes[q['path']] = os.stat(real).st_ino
        late.append((time.monotonic() + 1.0, spare, q['path'], expected)); spare = None
        return {'status': 'done', 'hash': mine}
    finally:
        if spare:
            try: os.unlink(spare)
            except FileNotFoundError: pass
HEAVY = {${[...heavyFolders].map((name) => `'${name}'`).join(', ')}, os.path.basename(SPARE)}
def trace(q):
    same, alike, seen, size = [], [], 0, q['size']
    recent = time.time() - 8
    ends = time.monotonic() + 2
    for top, folders, names in os.walk(HOME):
        folders[:] = [name for name in folders if name not in HEAVY]
        for name in names:
            seen += 1
            if seen > 20000 or time.monotonic() > ends: return {'to': None}
            path = os.path.join(top, name)
            try:
                info = os.lstat(path)
                if not stat.S_ISREG(info.st_mode) or info.st_size != size or info.st_ctime < recent: continue
                if digest(read(path)) != q['hash']: continue
            except OSError: continue
            found = shown(os.path.relpath(path, HOME))
            alike.append(found)
            if info.st_ino == inodes.get(q['path']): same.append(found)
    found = same if len(same) == 1 else alike if len(alike) == 1 else [None]
    return {'to': found[0]}
def say(value): sys.stdout.write(json.dumps(value) + '\n'); sys.stdout.flush()
def look_back(everything=False):
    while late and (everything or late[0][0] <= time.monotonic()):
        _, spare, path, was = late.pop(0)
        try:
            data = read(spare); os.unlink(spare)
            if digest(data) != was: say({'late': path, 'was': was, 'text': data.decode('utf-8')})
        except (OSError, UnicodeDecodeError): pass
        forget()
take_over()
say({'ready': True})
idle = time.monotonic()
buffer = b''
while True:
    ready, _, _ = select.select([0], [], [], 0.5)
    look_back()
    if not ready:
        if time.monotonic() - idle > 900: break
        continue
    chunk = os.read(0, 1 << 20)
    if not chunk: break
    idle = time.monotonic(); buffer += chunk
    while b'\n' in buffer:
        line, buffer = buffer.split(b'\n', 1)
        q = json.loads(line)
        try: answer = {'look': look, 'swap': swap, 'trace': trace}[q['op']](q)
        except OSError as e: answer = {'error': e.strerror or str(e), 'code': errno.errorcode.get(e.errno or 0, 'EIO')}
        answer['id'] = q['id']; say(answer)
        if q['path'] in left: look_left(q['path']); forget()
look_back(True)
`

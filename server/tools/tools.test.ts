import { readFile as readDisk, utimes, writeFile as writeDisk } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openFolderSandbox } from '../testing/folder-sandbox.ts'
import { createToolContext } from '../testing/tool-context.ts'
import { askPeople } from './ask-people.ts'
import { describeTool } from './define.ts'
import type { ToolResult } from './define.ts'
import { editFile } from './edit-file.ts'
import { listFiles } from './list-files.ts'
import { findTool, parseToolCall } from './parse.ts'
import { readFile } from './read-file.ts'
import { builtInTools } from './registry.ts'
import { runCommand } from './run-command.ts'
import { searchFiles } from './search-files.ts'
import { updateTodos } from './update-todos.ts'
import { writeFile } from './write-file.ts'

let room: Awaited<ReturnType<typeof openFolderSandbox>>
let tools: ReturnType<typeof createToolContext>

beforeEach(async () => {
  room = await openFolderSandbox()
  tools = createToolContext(async () => room.sandbox)
})
afterEach(() => room.close())

const disk = (path: string) => readDisk(join(room.folder, path), 'utf8')
const valueOf = <T = Record<string, unknown>>(result: ToolResult): T => {
  expect(result).toMatchObject({ status: 'ok' })
  return (result as { value: T }).value
}

describe('every tool', () => {
  test('is described to models with a JSON schema of named, explained arguments', () => {
    expect(builtInTools.map(describeTool).map((tool) => [tool.name, Object.keys(tool.parameters.properties as object)])).toEqual([
      ['list_files', ['path']],
      ['read_file', ['path']],
      ['write_file', ['path', 'content']],
      ['edit_file', ['path', 'old', 'new']],
      ['search_files', ['pattern', 'path']],
      ['run_command', ['command', 'cwd', 'timeoutMs']],
      ['run_python', ['code']],
      ['open_terminal', ['title', 'command']],
      ['read_terminal', ['terminal', 'lines']],
      ['start_preview', ['port', 'timeoutMs']],
      ['computer', ['action', 'x', 'y', 'toX', 'toY', 'button', 'direction', 'amount', 'text', 'key', 'seconds', 'target', 'actions', 'maxSteps']],
      ['update_todos', ['todos']],
      ['ask_people', ['questions']],
      ['ui_open_tab', ['tab']],
      ['ui_notify', ['level', 'message']],
    ])
  })

  test.each(['{"path":', '[]', '"x"', '{"path":42}', '{"path":"../../etc/passwd"}', '{"path":"/etc/passwd"}', '{"path":"a\\u0000b"}', 'null', ''])(
    'refuses the arguments %s with words for the model',
    async (args) => {
      const result = parseToolCall(readFile, args)
      expect(result).toMatchObject({ ok: false, code: 'invalid_arguments' })
      expect(result.ok ? '' : result.message).toMatch(/read_file.*\{path\}/)
    },
  )

  test('takes arguments again that it has already parsed', () => {
    const once = parseToolCall(askPeople, '{"questions":[{"text":"Blue?"}]}')
    expect(once).toMatchObject({ ok: true, args: { questions: [{ id: 'q1', text: 'Blue?' }] } })
    expect(parseToolCall(askPeople, once.ok ? once.args : undefined)).toEqual(once)
    const path = parseToolCall(readFile, { path: './src//app.ts' })
    expect(path.ok).toBe(false)
    expect(parseToolCall(readFile, { path: ' notes .txt ' })).toMatchObject({ ok: true, args: { path: ' notes .txt ' } })
    expect(parseToolCall(listFiles, { path: ' ' })).toMatchObject({ ok: true, args: { path: ' ' } })
    expect(parseToolCall(readFile, { path: './src/app.ts' })).toMatchObject({ ok: true, args: { path: 'src/app.ts' }, title: 'Read src/app.ts' })
  })

  test('is found by its name, and only so', () => {
    expect(findTool(builtInTools, 'read_file')).toMatchObject({ ok: true })
    expect(findTool(builtInTools, 'rm_rf')).toMatchObject({ ok: false, code: 'unknown_tool', message: expect.stringMatching(/list_files/) })
  })
})

describe('files', () => {
  test('are written, listed, read and changed', async () => {
    expect(valueOf(await tools.call(writeFile, { path: 'src/tide.txt', content: 'low\nhigh\n' }))).toEqual({
      path: 'src/tide.txt',
      size: 9,
      created: true,
      added: 2,
      removed: 0,
    })
    expect(valueOf(await tools.call(listFiles, '{"path":"src/"}'))).toEqual({
      path: 'src',
      entries: [{ name: 'tide.txt', type: 'file', size: 9 }],
      omitted: 0,
    })
    expect(valueOf(await tools.call(listFiles, ''))).toMatchObject({ path: '', entries: [{ name: 'src', type: 'folder' }] })
    expect(valueOf(await tools.call(readFile, { path: 'src/tide.txt' }))).toEqual({
      path: 'src/tide.txt',
      content: 'low\nhigh\n',
      lines: 2,
      truncated: false,
    })
    const edited = valueOf(await tools.call(editFile, { path: 'src/tide.txt', old: 'high', new: 'flood\nebb' }))
    expect(edited).toMatchObject({ path: 'src/tide.txt', added: 2, removed: 1, diff: expect.stringContaining('-high\n+flood\n+ebb') })
    expect(await disk('src/tide.txt')).toBe('low\nflood\nebb\n')
    expect(valueOf(await tools.call(writeFile, { path: 'src/tide.txt', content: 'low\n' }))).toMatchObject({ created: false, added: 0, removed: 2 })
  })

  test('that are not there, are folders, or hold no text are refused in words', async () => {
    await room.sandbox.files.write('a/b.bin' as never, new Uint8Array([1, 0, 2]))
    await room.sandbox.files.write('latin.txt' as never, new Uint8Array([0xe9, 0x41]))
    expect(await tools.call(readFile, { path: 'none.txt' })).toMatchObject({ status: 'failed', code: 'not_found' })
    expect(await tools.call(readFile, { path: 'a' })).toMatchObject({ status: 'failed', message: expect.stringMatching(/list_files/) })
    expect(await tools.call(readFile, { path: 'a/b.bin' })).toMatchObject({ status: 'failed', message: expect.stringMatching(/not a text file/) })
    expect(await tools.call(readFile, { path: 'latin.txt' })).toMatchObject({ status: 'failed', message: expect.stringMatching(/UTF-8/) })
    expect(valueOf(await tools.call(writeFile, { path: 'a/b.bin', content: 'now text' }))).toMatchObject({ created: false })
    expect(await tools.call(editFile, { path: 'none.txt', old: 'a', new: 'b' })).toMatchObject({ status: 'failed', code: 'not_found' })
  })

  test('that are long are cut, and say so', async () => {
    await writeDisk(join(room.folder, 'long.txt'), 'line\n'.repeat(3000))
    const read = valueOf<{ content: string; note: string }>(await tools.call(readFile, { path: 'long.txt' }))
    expect(read).toMatchObject({ lines: 3000, truncated: true, note: expect.stringMatching(/2000 of 3000/) })
    expect(read.content.split('\n')).toHaveLength(2001)
    await writeDisk(join(room.folder, 'huge.txt'), 'x'.repeat(1024 * 1024 + 1))
    expect(await tools.call(readFile, { path: 'huge.txt' })).toMatchObject({ status: 'failed', code: 'too_large' })
  })

  test('are edited only where the passage stands once', async () => {
    await writeDisk(join(room.folder, 'a.txt'), 'one two\none  three\n$&')
    expect(await tools.call(editFile, { path: 'a.txt', old: 'one', new: 'x' })).toMatchObject({
      code: 'many_matches',
      message: expect.stringMatching(/2 times/),
    })
    expect(await tools.call(editFile, { path: 'a.txt', old: 'four', new: 'x' })).toMatchObject({ code: 'no_match' })
    expect(await tools.call(editFile, { path: 'a.txt', old: 'one three', new: 'x' })).toMatchObject({
      code: 'no_match',
      message: expect.stringMatching(/other spaces/),
    })
    expect(await tools.call(editFile, { path: 'a.txt', old: 'one two', new: 'one two' })).toMatchObject({ code: 'no_change' })
    valueOf(await tools.call(editFile, { path: 'a.txt', old: 'one two', new: '$& $1 $$' }))
    expect(await disk('a.txt')).toBe('$& $1 $$\none  three\n$&')
  })

  test('with CRLF keep it', async () => {
    await writeDisk(join(room.folder, 'dos.txt'), 'one\r\ntwo\r\nthree\r\n')
    valueOf(await tools.call(editFile, { path: 'dos.txt', old: 'one\ntwo', new: 'one\n2' }))
    expect(await disk('dos.txt')).toBe('one\r\n2\r\nthree\r\n')
  })

  test('are left alone after a stop', async () => {
    tools.abort.abort(new Error('stopped'))
    await expect(tools.call(writeFile, { path: 'late.txt', content: 'x' })).rejects.toThrow('stopped')
    await expect(disk('late.txt')).rejects.toThrow('ENOENT')
  })
})

describe('a search', () => {
  beforeEach(async () => {
    await tools.call(writeFile, { path: 'notes/tide.md', content: 'High tide at noon\nlow tide\n' })
    await tools.call(writeFile, { path: 'a file: odd.md', content: 'tide: 1\n' })
    await tools.call(writeFile, { path: 'node_modules/x/tide.js', content: 'tide\n' })
    await room.sandbox.files.write('bin.dat' as never, new Uint8Array([0, 116, 105, 100, 101]))
  })

  test('finds lines by a pattern, in text files, with their places', async () => {
    const value = valueOf<{ matches: unknown[] }>(await tools.call(searchFiles, { pattern: 'ti(d|m)e' }))
    expect(value.matches).toHaveLength(3)
    expect(value.matches).toContainEqual({ path: 'notes/tide.md', line: 2, text: 'low tide' })
    expect(value.matches).toContainEqual({ path: 'a file: odd.md', line: 1, text: 'tide: 1' })
    expect(valueOf(await tools.call(searchFiles, { pattern: '^High', path: 'notes' }))).toMatchObject({
      matches: [{ path: 'notes/tide.md', line: 1 }],
      truncated: false,
    })
    expect(valueOf(await tools.call(searchFiles, { pattern: 'nothing here' }))).toMatchObject({ matches: [] })
    expect(valueOf(await tools.call(searchFiles, { pattern: 'tide', path: 'notes/tide.md' }))).toMatchObject({
      matches: [{ path: 'notes/tide.md' }, {}],
    })
  })

  test('says what is wrong with a pattern or a place', async () => {
    expect(await tools.call(searchFiles, { pattern: '(' })).toMatchObject({ status: 'failed', code: 'invalid_pattern' })
    expect(await tools.call(searchFiles, { pattern: 'x', path: 'nowhere' })).toMatchObject({ status: 'failed', code: 'not_found' })
    expect(await tools.call(searchFiles, { pattern: 'a\nb' })).toMatchObject({ status: 'failed', code: 'invalid_arguments' })
  })

  test('never runs what it is given', async () => {
    for (const pattern of ['$(touch pwned)', '`touch pwned`', '"; touch pwned; "', '-f/etc/passwd', '--include=*', "'; touch pwned #"]) {
      await tools.call(searchFiles, { pattern })
      await tools.call(searchFiles, { pattern: 'x', path: pattern.replaceAll('/', '') })
    }
    await expect(disk('pwned')).rejects.toThrow('ENOENT')
  })

  test('is bounded', async () => {
    for (let file = 0; file < 5; file++) await tools.call(writeFile, { path: `many/${file}.txt`, content: `${'tide '.repeat(200)}\n`.repeat(120) })
    const value = valueOf<{ matches: { text: string }[] }>(await tools.call(searchFiles, { pattern: 'tide', path: 'many' }))
    expect(value).toMatchObject({ truncated: true })
    expect(value.matches).toHaveLength(200)
    expect(value.matches[0]?.text).toHaveLength(400)
  })
})

describe('a command', () => {
  test('tells which files it made or changed, hidden ones and those that programs fill left out', async () => {
    const long = (...paths: string[]) => Promise.all(paths.map((path) => utimes(join(room.folder, path), 1, 1)))
    await tools.call(writeFile, { path: 'before.txt', content: 'x' })
    await long('before.txt')
    const command = `mkdir -p plots node_modules/a .cache && echo 1 | tee 'plots/two words.svg' node_modules/a/b .cache/c .env page.html > /dev/null`
    expect(valueOf<{ files: string[] }>(await tools.call(runCommand, { command })).files).toEqual(['page.html', 'plots/two words.svg'])
    await long('page.html', 'plots/two words.svg')
    expect(valueOf(await tools.call(runCommand, { command: 'cat page.html' }))).not.toHaveProperty('files')
  })

  test('prints as it goes, and ends with its exit code', async () => {
    const value = valueOf(await tools.call(runCommand, { command: 'echo out; echo err >&2; exit 3' }))
    expect(value).toMatchObject({ exitCode: 3, output: expect.stringMatching(/out\n/), truncated: false })
    expect(tools.printed.join('')).toBe(value.output)
    expect(value.output).toMatch(/err\n/)
  })

  test('runs where it is told', async () => {
    await tools.call(writeFile, { path: 'sub/x.txt', content: '' })
    expect(valueOf(await tools.call(runCommand, { command: 'ls', cwd: './sub' }))).toMatchObject({ output: 'x.txt\n' })
    expect(await tools.call(runCommand, { command: 'ls', cwd: '../..' })).toMatchObject({ status: 'failed', code: 'invalid_arguments' })
  })

  test('of much output shows the beginning and the end, and keeps the whole aside', async () => {
    const result = await tools.call(runCommand, { command: 'echo first; head -c 200000 /dev/zero | tr "\\0" x; echo; echo last' })
    const value = valueOf<{ output: string }>(result)
    expect(value).toMatchObject({ truncated: true, exitCode: 0 })
    expect(value.output.length).toBeLessThan(34_000)
    expect(value.output).toMatch(/^first\n[\s\S]*characters left out[\s\S]*last\n$/)
    expect(tools.printed.join('')).toBe(value.output)
    const artifactId = (result as { artifactId?: string }).artifactId
    expect([...tools.kept.entries()].map(([id, data]) => [id, data.length])).toEqual([[artifactId, 200_012]])
  })

  test('a command that was ended for memory says so, and what it printed', async () => {
    const { run } = room.sandbox
    room.sandbox.run = async (...asked) => {
      const running = await run(...asked)
      return { ...running, exit: running.exit.then((exit) => ({ ...exit, exitCode: 137, reason: 'the memory limit of 320 MB was reached' })) }
    }
    expect(await tools.call(runCommand, { command: 'echo begun' })).toMatchObject({
      status: 'failed',
      code: 'killed',
      message: 'The command was ended: the memory limit of 320 MB was reached.',
      value: { output: 'begun\n', exitCode: 137 },
    })
  })

  test('is ended when its time is up', async () => {
    const result = await tools.call(runCommand, { command: 'echo begun; sleep 30', timeoutMs: 200 })
    expect(result).toMatchObject({ status: 'failed', code: 'timeout', value: { output: 'begun\n' } })
  })

  test('is killed with what it started when the run is stopped', async () => {
    const running = tools.call(runCommand, { command: 'echo $$; sleep 30 & wait' })
    await vi.waitFor(() => expect(tools.printed.join('')).toMatch(/\d+\n/))
    tools.abort.abort(new Error('Mei stopped it'))
    await expect(running).rejects.toThrow('Mei stopped it')
    const pid = Number(tools.printed.join('').trim())
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})

describe('people', () => {
  test('are asked, and the run waits', async () => {
    expect(await tools.call(askPeople, { questions: [{ text: 'Which colour?', options: ['blue', 'red'] }, { text: 'Why?' }] })).toEqual({
      status: 'wait',
      questions: [
        { id: 'q1', text: 'Which colour?', options: ['blue', 'red'] },
        { id: 'q2', text: 'Why?' },
      ],
    })
    expect(await tools.call(askPeople, { questions: [] })).toMatchObject({ status: 'failed' })
    expect(
      await tools.call(askPeople, {
        questions: [
          { id: 'a', text: 'x' },
          { id: 'a', text: 'y' },
        ],
      }),
    ).toMatchObject({ status: 'failed', message: expect.stringMatching(/id of its own/) })
  })

  test('keep their own todos when the agent updates the plan', async () => {
    const first = valueOf<{ todos: { id: string }[] }>(
      await tools.call(updateTodos, {
        todos: [
          { text: 'Draw', status: 'in_progress' },
          { text: 'Write', status: 'pending' },
        ],
      }),
    )
    expect(first.todos).toMatchObject([{ text: 'Draw' }, { text: 'Write' }])
    const again = valueOf(await tools.call(updateTodos, { todos: [{ id: first.todos[0]?.id, text: 'Draw well', status: 'completed' }] }))
    expect(again.todos).toEqual([
      { id: first.todos[0]?.id, text: 'Draw well', status: 'completed' },
      { id: first.todos[1]?.id, text: 'Write', status: 'pending' },
    ])
    expect(await tools.call(updateTodos, { todos: [{ text: 'x', status: 'doing' }] })).toMatchObject({ status: 'failed', code: 'invalid_arguments' })
  })
})

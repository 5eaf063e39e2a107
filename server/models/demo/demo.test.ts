import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readTodos } from '#shared/board/doc.ts'
import { demoExamples } from '#shared/models/demo-examples.ts'
import { openDemoRoom } from '../../testing/demo-room.ts'
import { answer, intentFor } from './answer.ts'
import type { Reply } from './intent.ts'
import { en } from './words/en.ts'
import { zh } from './words/zh.ts'
import { demoIntents } from './intents/all.ts'

let room: Awaited<ReturnType<typeof openDemoRoom>>
beforeEach(async () => {
  room = await openDemoRoom()
})
afterEach(() => room.close())

const disk = (path: string) => readFile(join(room.folder, path), 'utf8')
const last = (replies: Reply[]) => replies.at(-1)?.text ?? ''
const toolsOf = (replies: Reply[]) => replies.flatMap((reply) => (reply.calls ?? []).map((call) => call.name))
const plan = () => readTodos(room.board).map((todo) => todo.status)

describe('what it understands', () => {
  test.each(demoIntents.flatMap((intent) => [intent.example, intent.exampleInChinese].map((example) => [example, intent.id])))(
    '“%s” triggers %s',
    (example, id) => {
      expect(intentFor(example).id).toBe(id)
      expect(intentFor(`${example} `).id).toBe(id)
    },
  )

  test.each(Object.entries(demoExamples))('holds for every example shown to people in %s', (_language, examples) => {
    const ids = examples.map((example) => intentFor(example).id)
    expect(ids).not.toContain('unknown')
    expect(new Set(ids).size).toBe(examples.length)
  })

  test('what it does not understand it says, with three things that it does', async () => {
    const text = last(await room.say('Ada: Fold me a paper boat'))
    expect(text).toMatch(/^Sorry, Ada, I didn’t understand that\. I am a demo model/)
    const offered = [...text.matchAll(/^- \[(.+)\]\(say:\)$/gm)].map(([, request]) => request ?? '')
    expect(offered).toHaveLength(3)
    for (const request of offered) expect(intentFor(request).id).not.toBe('unknown')
  })

  test('what it offers next it understands, in both languages', () => {
    for (const say of [en, zh]) {
      const offered = [
        say.helloNext,
        say.helpNext,
        say.aboutNext,
        say.unknownNext,
        say.unknownAfterPage,
        say.unknownAfterFile('notes.md'),
        say.page.next,
        say.page.noneNext,
        say.files.writtenNext('notes.md'),
        say.desktop.noBrowserNext,
      ].flat()
      expect(offered.filter((request) => intentFor(request).id === 'unknown')).toEqual([])
      expect(offered.filter((request) => /[[\]*`<>\\]/.test(request))).toEqual([])
    }
  })

  test('is the same every time', () => {
    const request = {
      model: 'atrium-demo',
      messages: [{ role: 'user' as const, content: 'Ada: Build a small web page about tides' }],
      tools: [{ function: { name: 'update_todos' } }],
    }
    expect(answer(request)).toEqual(answer(request))
  })
})

describe('a page from end to end', () => {
  const ask = 'Ada: @agent Build a small web page about tides'

  test('has a plan, files, a check and a summary', async () => {
    const replies = await room.say(ask)
    expect(toolsOf(replies)).toEqual(['update_todos', 'write_file', 'write_file', 'write_file', 'update_todos', 'run_command', 'update_todos'])
    expect((await readdir(join(room.folder, 'tides'))).sort()).toEqual(['index.html', 'style.css', 'wave.js'])
    expect(await disk('tides/index.html')).toContain('<h1>Tides</h1>')
    expect(plan()).toEqual(['completed', 'completed', 'completed', 'completed'])
    expect(last(replies)).toMatch(/ready, Ada: `tides\/index.html`, in teal\. All its files are in place/)
    const ids = room.messages.flatMap((message) => (message.tool_calls ?? []).map((call) => call.id))
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('takes another colour before the style is written', async () => {
    const replies = await room.say(ask, { meanwhile: (turn) => (turn === 2 ? 'Mei: use blue instead' : undefined) })
    expect(replies[2]?.text).toMatch(/^Noted, Mei: “use blue instead”/)
    expect(await disk('tides/style.css')).toContain('--accent: blue;')
    expect(toolsOf(replies)).not.toContain('edit_file')
    expect(last(replies)).toMatch(/in blue/)
  })

  test('takes another colour after it, and again when all is done', async () => {
    const replies = await room.say(ask, { meanwhile: (turn) => (turn === 4 ? 'Mei: make it green please' : undefined) })
    expect(toolsOf(replies)).toContain('edit_file')
    expect(await disk('tides/style.css')).toContain('--accent: green;')
    expect(toolsOf(await room.say('Tomás: Use red instead'))).toEqual(['edit_file'])
    expect(await disk('tides/style.css')).toContain('--accent: red;')
    expect(last(await room.say('Tomás: Use purple'))).toMatch(/now in purple, Tomás/)
  })

  test('goes on after an interruption', async () => {
    room.messages.push({ role: 'user', content: ask })
    room.messages.push({ role: 'assistant', content: 'I’ll build a small [interrupted here]' })
    const replies = await room.say('Mei: use gold instead')
    expect(await disk('tides/style.css')).toContain('--accent: gold;')
    expect(last(replies)).toMatch(/ready, Mei/)
  })

  test('goes on without a command that people deny, and says why', async () => {
    const replies = await room.say(ask, { deny: (tool) => (tool === 'run_command' ? 'not on Fridays' : undefined) })
    expect(last(replies)).toMatch(/not on Fridays/)
    expect(plan()).toEqual(['completed', 'completed', 'completed', 'cancelled'])
  })

  test('stops with a reason when it cannot write', async () => {
    const replies = await room.say(ask, { fail: (tool) => (tool === 'write_file' ? 'sandbox_failed: the disk is full' : undefined) })
    expect(toolsOf(replies)).toEqual(['update_todos', 'write_file'])
    expect(last(replies)).toMatch(/did not work: the disk is full[\s\S]*I’ll stop here/)
  })

  test('ignores what people say to each other', async () => {
    const replies = await room.say(ask, { meanwhile: (turn) => (turn === 1 ? 'Mei (to the people here): use blue instead, ha' : undefined) })
    expect(replies.some((reply) => reply.text?.includes('Noted'))).toBe(false)
    expect(await disk('tides/style.css')).toContain('--accent: teal;')
  })
})

describe('single requests', () => {
  test('a plan', async () => {
    const replies = await room.say('Ada: Plan a launch party')
    expect(plan()).toEqual(['in_progress', 'pending', 'pending', 'pending', 'pending'])
    expect(last(replies)).toMatch(/launch party is on the board/)
  })

  test('files: write, search, edit, read, list', async () => {
    expect(last(await room.say('Write notes.md about tides'))).toMatch(/is written/)
    expect(await disk('notes.md')).toMatch(/^# Tides/)
    await room.say('Create hello.txt saying "hello there"')
    expect(await disk('hello.txt')).toBe('hello there\n')
    expect(last(await room.say('Search for hello'))).toMatch(/hello\.txt:1: hello there/)
    expect(last(await room.say('In hello.txt replace there with world'))).toMatch(/is now “world”/)
    expect(last(await room.say('Change world to moon in hello.txt'))).toMatch(/moon/)
    expect(last(await room.say('Read hello.txt'))).toMatch(/hello moon/)
    expect(last(await room.say('Show me the files'))).toMatch(/2 entries[\s\S]*hello\.txt[\s\S]*notes\.md/)
    expect(last(await room.say('In hello.txt replace sun with x'))).toMatch(/did not work: .*does not occur/)
    expect(last(await room.say('Read nothing.txt'))).toMatch(/did not work/)
  })

  test('words are replaced wherever they stand, in the case they have', async () => {
    await room.say('Ada: Write notes.md about tides')
    const before = await disk('notes.md')
    expect(before.match(/tides/gi)?.length).toBeGreaterThan(2)
    const replies = await room.say('Ada: In notes.md replace tides with waves')
    expect(toolsOf(replies)).toEqual(['read_file', 'edit_file'])
    expect(await disk('notes.md')).toBe(before.replaceAll('Tides', 'Waves').replaceAll('tides', 'waves'))
    expect(last(replies)).toMatch(/“tides” is now “waves”, in \d places/)
  })

  test('what follows leans on what was done last', async () => {
    await room.say('Write notes.md about tides')
    await room.say('Add a line about the moon to it')
    expect(await disk('notes.md')).toMatch(/moon goes around the earth[^\n]*\n$/)
    const long = (await disk('notes.md')).split('\n').length
    expect(last(await room.say('now make it shorter'))).toMatch(/is shorter now/)
    expect((await disk('notes.md')).split('\n').length).toBeLessThan(long)
    expect(last(await room.say('replace tides with waves'))).toMatch(/In `notes\.md`, “tides” is now “waves”/)
    expect(last(await room.say('Summarise it'))).toMatch(/^`notes\.md` in short[\s\S]*- A short note on waves/)
    expect(last(await room.say('delete it'))).toMatch(/`rm notes\.md` succeeded/)
    await expect(disk('notes.md')).rejects.toThrow('ENOENT')
  })

  test('a preview is of the page that was just built', async () => {
    await room.say('Ada: Make me a todo app')
    expect(await disk('todo/app.js')).toContain('localStorage')
    const fail = (tool: string) => (tool === 'open_terminal' ? 'unavailable: no terminals here' : undefined)
    const calls = (await room.say('Ada: preview the page', { fail }))[0]?.calls
    expect(calls?.[0]).toMatchObject({ name: 'write_file', args: { path: 'serve.mjs' } })
    const [served] = (await room.say('Ada: preview the page', { fail }))
      .flatMap((turn) => turn.calls ?? [])
      .filter((call) => call.name === 'open_terminal')
    expect(served).toMatchObject({ args: { command: expect.stringMatching(/^node serve\.mjs todo \d+$/) } })
    room.messages.length = 1
    expect((await room.say('Start a web app and preview it', { fail }))[0]?.calls?.[0]).toMatchObject({
      name: 'write_file',
      args: { path: 'site/index.html' },
    })
  })

  test('again, and on with it', async () => {
    await room.say('Run `echo hi`')
    expect(last(await room.say('again'))).toMatch(/hi/)
    const ended = await room.say('Take 4 steps', { meanwhile: (turn) => (turn === 2 ? 'Mei: stop' : undefined) })
    expect(last(ended)).toMatch(/I took 2 steps/)
  })

  test('commands: run, fail, deny', async () => {
    expect(last(await room.say('Run `echo hi`'))).toMatch(/succeeded[\s\S]*hi/)
    expect(last(await room.say('Run exit 4'))).toMatch(/exit code 4/)
    const denied = await room.say('Ada: Ask for approval to deploy', { deny: () => 'Mei denied it: too late today' })
    expect(last(denied)).toMatch(/I’ll leave that\. Mei denied it: too late today/)
    expect(last(await room.say('Ask for approval to deploy $(now)'))).toMatch(/Approved: deploy now/)
  })

  test('several calls at once', async () => {
    const replies = await room.say('Run `echo one`, `echo two` and `echo three` in parallel')
    expect(replies[0]?.calls).toHaveLength(3)
    expect(last(replies)).toMatch(/one[\s\S]*two[\s\S]*three/)
    expect((await room.say('Read a.md and b.md at once'))[0]?.calls?.map((call) => call.args.path)).toEqual(['a.md', 'b.md'])
  })

  test('a question', async () => {
    const replies = await room.say('Ada: Ask me which colour I like', { answers: [{ id: 'colour', question: 'Which?', answer: 'Sea green' }] })
    expect(replies[0]?.calls?.[0]?.name).toBe('ask_people')
    expect(last(replies)).toMatch(/Your answer: Sea green$/)
  })

  test('steps, which people can end', async () => {
    const all = await room.say('Take 3 steps')
    expect(toolsOf(all)).toEqual(['write_file', 'write_file', 'write_file'])
    const ended = await room.say('Take 9 steps', { meanwhile: (turn) => (turn === 2 ? 'Mei: that is enough' : undefined) })
    expect(last(ended)).toMatch(/Noted, Mei.*I took 2 steps/)
  })

  test('a long text, as long as asked', async () => {
    expect(last(await room.say('Stream a long text')).split(/\s+/)).toHaveLength(400)
    expect(last(await room.say('Stream 1500 words')).split(/\s+/)).toHaveLength(1500)
  })

  test('names', async () => {
    expect(last(await room.say('Tomás: Hello!'))).toMatch(/^Hello, Tomás!/)
    expect(last(await room.say('Mei: Who is here?'))).toMatch(/You are Mei\. .*Tomás and Mei/)
  })

  test('failures', async () => {
    expect((await room.say('Fail'))[0]?.fail).toMatchObject({ status: 400 })
    expect((await room.say('Fail with server error'))[0]?.fail).toMatchObject({ status: 503 })
    expect((await room.say('Fail mid-stream'))[0]?.breaks).toBe(true)
  })

  test('in Chinese, who asks in Chinese is answered, also in what is written', async () => {
    const replies = await room.say('Mei: 帮我做一个关于潮汐的网页')
    expect(last(replies)).toMatch(/^Mei，关于潮汐的网页做好了：`tides\/index\.html`，主色是青色。所需的文件都齐了。/)
    expect(await disk('tides/index.html')).toMatch(/lang="zh-CN"[\s\S]*潮汐每天大约涨落两次/)
    expect(last(await room.say('Mei: 换成蓝色'))).toMatch(/现在是蓝色的了/)
    expect(last(await room.say('Mei: git status'))).toMatch(/^`git status` /)
    for (const { exampleInChinese } of demoIntents) {
      room.messages.length = 1
      const said = (
        await room.say(`Mei: ${exampleInChinese}`, {
          fail: (tool) => (/computer|terminal|preview|python/.test(tool) ? 'unavailable: 这里没有' : undefined),
        })
      ).map(({ text = '' }) => text.replace(/```[\s\S]*?```|`[^`]*`/g, ''))
      for (const text of said)
        expect(text.replace(/README|Builder|Python|API|Mei|Ada|Tomás|say/g, ''), exampleInChinese).not.toMatch(/[A-Za-z]{4,} [A-Za-z]{3,}/)
    }
  })

  test('without the tools for it', () => {
    const { reply } = answer({ model: 'atrium-demo', messages: [{ role: 'user', content: 'Run `ls`' }] })
    expect(reply.calls).toBeUndefined()
    expect(reply.text).toMatch(/`run_command` for that, and I don’t have it here/)
  })
})

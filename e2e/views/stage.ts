import { on, once } from 'node:events'
import { WebSocket } from 'ws'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { join as joinProject, signUp, type TestPerson } from '../../server/testing/people.ts'
import { startCrashableServer } from '../../server/testing/crashable-server.ts'
import { leaveSandboxElsewhere } from '../../server/testing/sandbox-elsewhere.ts'
import { lackOf } from '../../server/testing/require.ts'
import { startScriptedModel, type ScriptedModel, type ScriptedReply } from '../../server/testing/scripted-model.ts'
import { makeConflict } from './stage-conflict.ts'
import { cells, files } from './stage-files.ts'
import { makeReport } from './stage-made.ts'
import { ended, say, type Told } from './stage-say.ts'
import { letViewersWrite, talkMeanwhile } from './stage-talk.ts'
import { makeRequests, type Requests } from './stage-requests.ts'

/** A workspace with a story in it: three people, one agent, six projects. What the model says is scripted. */
export type Stage = {
  readonly url: string
  readonly people: { ada: TestPerson; mei: TestPerson; tomas: TestPerson; newcomer: TestPerson; viewer: TestPerson }
  /** The project with the story. */
  readonly projectId: string
  /**
   * The story; one in which a request waits; one in which an answer is still being written; one with nothing said; one whose run made a page
   * and a chart; one where people talk while the agent works; one with requests to press.
   */
  readonly sessions: { story: string; waiting: string; streaming: string; empty: string; made: string; talk: string; offers: string }
  /** A session of another project, where viewers may write. */
  readonly withViewers: { projectId: string; sessionId: string }
  /** A project with nothing in it. */
  readonly emptyProjectId: string
  /** A project in which `rates.ts` and its conflict wait to be looked at. */
  readonly conflictProjectId: string
  /** A project whose sandbox is in another data folder. */
  readonly elsewhereProjectId: string
  /** A project of forty sessions: two of them pinned by Ada, three put away. The one that is open is far down. */
  readonly longProjectId: string
  readonly longSessionId: string
  /** A page of somebody's own, signed in. */
  open(browser: Browser, who: TestPerson | undefined, options: ContextOptions): Promise<{ page: Page; context: BrowserContext }>
  /** What the agents say next. */
  readonly model: ScriptedModel
  /** Requests of every kind, in a project that is made when somebody first asks for it. */
  requests(): Promise<Requests>
  /** The answer that is being written in the streaming session. */
  readonly streaming: ScriptedReply
  crash(): Promise<void>
  stop(): Promise<void>
}

export type ContextOptions = { width: number; height: number; theme: 'light' | 'dark'; language: 'en' | 'zh-CN' }

export async function setStage(): Promise<Stage> {
  const model = await startScriptedModel()
  const server = await startCrashableServer({
    OPENAI_BASE_URL: model.url,
    OPENAI_API_KEY: 'scripted',
    ATRIUM_MODEL: 'scripted',
    ATRIUM_SIGNUP: 'open',
  })
  const ada = await signUp(server.url, { name: 'Ada Okafor', email: 'ada@example.com' })
  const mei = await signUp(server.url, { name: 'Mei', email: 'mei@example.com' })
  const tomas = await signUp(server.url, { name: 'Tomás', email: 'tomas@example.com' })

  const newcomer = await signUp(server.url, { name: 'Inês', email: 'ines@example.com' })
  const viewer = await signUp(server.url, { name: 'Jonas', email: 'jonas@example.com' })

  const ids: string[] = []
  for (const name of ['Photo archive', 'Office move', 'Price list import', 'Churn model', 'Supplier contracts', 'Sales dashboard']) {
    ids.push((await ada.json<{ id: string }>('POST', '/api/projects', { name })).id)
  }
  const [elsewhereProjectId = '', emptyProjectId = '', conflictProjectId = '', longProjectId = '', contractsId = '', projectId = ''] = ids
  await leaveSandboxElsewhere(server, ada, elsewhereProjectId)
  await joinProject(ada, projectId, mei, 'editor')
  await joinProject(ada, projectId, tomas, 'editor')
  await joinProject(ada, projectId, viewer, 'viewer')

  for (const [path, text] of Object.entries(files)) {
    const answer = await ada.fetch(`/api/projects/${projectId}/files/${path}`, { method: 'PUT', body: text })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  }
  if ((await lackOf('python')) === undefined) await usePython(server.url, projectId, { ada, mei })
  const session = async (title: string) => (await ada.json<{ id: string }>('POST', `/api/projects/${projectId}/sessions`, { title })).id
  const sessions = {
    empty: await session('Write the data brief'),
    made: await session('Make the report'),
    offers: await session('What next?'),
    waiting: await session('Publish the report'),
    talk: await session('Draw the chart'),
    streaming: await session('Read the finance export'),
    story: await session('Regional sales view'),
  }
  const told = { projectId, ada }
  await makeReport(model, told, sessions.made, mei)
  await tellStory(model, told, sessions.story, { mei, tomas })
  await askToPublish(model, told, sessions.waiting, mei)
  await offerRequests(model, told, sessions.offers)
  const streaming = await beginToWrite(model, sessions.streaming, tomas)
  await talkMeanwhile(model, projectId, sessions.talk, { ada, mei, tomas, viewer })
  const withViewers = { projectId: contractsId, sessionId: await letViewersWrite(contractsId, { ada, mei, tomas, viewer }) }
  await planElsewhere(model, told, await session('Quarterly review'), mei)
  await makeConflict(server, ada, conflictProjectId)
  const longSessionId = await makeFortySessions(ada, longProjectId)
  await ada.json('POST', `/api/projects/${projectId}/desktop/start`)

  let requests: Promise<Requests> | undefined

  return {
    url: server.url,
    requests: () => (requests ??= makeRequests(model, ada, mei)),
    people: { ada, mei, tomas, newcomer, viewer },
    projectId,
    sessions,
    withViewers,
    emptyProjectId,
    conflictProjectId,
    elsewhereProjectId,
    longProjectId,
    longSessionId,
    model,
    streaming,
    async open(browser, who, { width, height, theme, language }) {
      const context = await browser.newContext({
        baseURL: server.url,
        viewport: { width, height },
        locale: language === 'en' ? 'en-US' : 'zh-CN',
        colorScheme: theme,
        reducedMotion: 'reduce',
        hasTouch: width < 640,
        serviceWorkers: 'block',
      })
      if (who) {
        const [name = '', value = ''] = who.cookie.split(/=(.*)/s)
        await context.addCookies([{ name, value, url: server.url }])
      }
      return { context, page: await context.newPage() }
    },
    crash: () => server.crash(),
    async stop() {
      await model.stop()
      await server.stop()
    },
  }
}

/** Cells with a figure, and a web app in a terminal. */
async function usePython(url: string, projectId: string, { ada, mei }: Pick<Stage['people'], 'ada' | 'mei'>) {
  for (const code of cells) await mei.json('POST', `/api/projects/${projectId}/python`, { code })
  const terminal = await ada.json<{ id: string }>('POST', `/api/projects/${projectId}/terminals`, { title: 'Shell' })
  const keys = 'ls --color=always\rpython3 -m http.server 5173 --bind 127.0.0.1\r'
  await typeInto(url, ada, `/api/projects/${projectId}/terminals/${terminal.id}`, keys)
}

/** Types keys into a terminal, and waits until it has answered. */
async function typeInto(url: string, who: TestPerson, path: string, keys: string) {
  const socket = new WebSocket(url.replace('http', 'ws') + path, { headers: { cookie: who.cookie, origin: url } })
  await once(socket, 'open')
  socket.send(Buffer.from(keys))
  let seen = ''
  for await (const [data] of on(socket, 'message')) {
    seen += String(data)
    if (seen.includes('Serving HTTP')) break
  }
  socket.close()
}

async function tellStory(model: ScriptedModel, told: Told, sessionId: string, { mei, tomas }: { mei: TestPerson; tomas: TestPerson }) {
  model.queue(
    (reply) =>
      reply.toolCall('read_file', { path: 'data/orders_2025.csv' }).toolCall('search_files', { pattern: 'Direct' }).usage(9200, 240).finish(),
    (reply) =>
      reply
        .delta('4,812 rows, 7 columns. 38 rows repeat an earlier order and 215 have no region. Which copy of a repeated order should I keep?')
        .finish(),
  )
  const first = await say(
    mei,
    sessionId,
    '@agent Finance export attached: `data/orders_2025.csv`. We need revenue by month, with filters for region and rep. Some orders look doubled.',
  )
  await ended(told, sessionId, first.runId)
  model.queue(
    (reply) => reply.toolCall('read_file', { path: 'scripts/clean.py' }).finish(),
    (reply) =>
      reply
        .toolCall('edit_file', {
          path: 'scripts/clean.py',
          old: 'df = df.drop_duplicates()',
          new: 'df = df.sort_values("date")\ndf = df.drop_duplicates("order_id", keep="last")\ndf["region"] = df["region"].fillna("Direct")',
        })
        .toolCall('update_todos', {
          todos: [
            { text: 'Profile orders_2025.csv', status: 'completed' },
            { text: 'Remove repeats, label direct sales', status: 'completed' },
            { text: 'Test the cleaning rules', status: 'completed' },
            { text: 'Chart revenue by month', status: 'completed' },
            { text: 'Add region and rep filters to the chart', status: 'in_progress' },
            { text: 'Show revenue, orders and average order as tiles', status: 'pending' },
            { text: 'Check totals against the finance sheet', status: 'pending' },
            { text: 'Publish to reports.northwind.example', status: 'pending' },
          ],
        })
        .finish(),
    (reply) => reply.toolCall('run_command', { command: 'printf "\\033[32m6 passed\\033[0m in 0.8 s\\n"' }).finish(),
    (reply) => reply.toolCall('run_command', { command: 'cat missing.txt' }).finish(),
    (reply) =>
      reply
        .delta(
          'Clean table: **4,774 orders**, €2,310,900 in revenue. North leads with 35 %.\n\n| Region | Orders | Share |\n| --- | ---: | ---: |\n| North | 1,678 | 35 % |\n| South | 1,205 | 25 % |\n\n```ts\nexport const REGIONS = ["North", "South", "East", "West", "Direct"] as const\n```\n\nNext come the filters, so that the chart and the tiles read from one list.',
        )
        .usage(21_400, 1180)
        .finish(),
  )
  const second = await say(tomas, sessionId, '@agent Keep the latest copy. No region means a `Direct` sale.')
  await ended(told, sessionId, second.runId)
}

/** A plan of another session, beside that of the story. */
async function planElsewhere(model: ScriptedModel, told: Told, sessionId: string, mei: TestPerson) {
  model.queue(
    (reply) =>
      reply
        .toolCall('update_todos', {
          todos: [
            { text: 'Collect the figures of the third quarter', status: 'completed' },
            { text: 'Draft the slides', status: 'pending' },
          ],
        })
        .finish(),
    (reply) => reply.delta('The revenue figures are in; the slides come next.').finish(),
  )
  const { runId } = await say(mei, sessionId, '@agent Plan the quarterly review.')
  await ended(told, sessionId, runId)
}

async function makeFortySessions(ada: TestPerson, projectId: string): Promise<string> {
  const subjects = [
    'Churn by cohort',
    'Reactivation offers',
    'Survey of cancelled plans',
    'Support tickets before a cancellation',
    'Price change in spring',
  ]
  const ids: string[] = []
  for (let at = 0; at < 40; at++) {
    const title = `${subjects[at % subjects.length]}, part ${Math.floor(at / subjects.length) + 1}`
    ids.push((await ada.json<{ id: string }>('POST', `/api/projects/${projectId}/sessions`, { title })).id)
  }
  for (const at of [4, 9]) await ada.json('PUT', `/api/sessions/${ids[at]}/pin`)
  for (const at of [1, 2, 3]) await ada.json('PATCH', `/api/sessions/${ids[at]}`, { archived: true })
  return ids[0] ?? ''
}

/** Two answers with requests to press: those of the older one step back. */
async function offerRequests(model: ScriptedModel, told: Told, sessionId: string) {
  const answers = [
    [
      '@agent What can you do here?',
      'I can help with files, commands and plans. To begin:',
      ['Profile the orders', 'Chart revenue by month', 'Plan the launch'],
    ],
    [
      '@agent Profile the orders',
      'There are 4,812 orders; 38 repeat an earlier one. What next?',
      ['Remove the repeats', 'Show the repeats', 'Write a summary for finance into summary.md'],
    ],
  ] as const
  for (const [asked, answer, offered] of answers) {
    model.queue((reply) => reply.delta(`${answer}\n\n${offered.map((request) => `- [${request}](say:)`).join('\n')}`).finish())
    const { runId } = await say(told.ada, sessionId, asked)
    await ended(told, sessionId, runId)
  }
}

async function askToPublish(model: ScriptedModel, told: Told, sessionId: string, mei: TestPerson) {
  model.queue((reply) =>
    reply
      .delta('Ready. This copies the build to the reports server.')
      .toolCall('run_command', { command: 'rsync -a dist/ deploy@reports.northwind.example:/srv/sales', cwd: 'src', timeoutMs: 120_000 })
      .finish(),
  )
  await say(mei, sessionId, '@agent Publish when you are ready.')
  for (;;) {
    const { approvals } = await told.ada.json<{ approvals: unknown[] }>('GET', `/api/approvals?projectId=${told.projectId}&status=pending`)
    if (approvals.length > 0) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function beginToWrite(model: ScriptedModel, sessionId: string, tomas: TestPerson): Promise<ScriptedReply> {
  const next = model.nextRequest()
  await say(tomas, sessionId, '@agent Read the finance export and say what stands in it.')
  const reply = await next
  return reply.delta('I am reading the export. It has seven columns: **order_id**, date, region, rep, product, units and unit price, and')
}

import OpenAI, { APIError } from 'openai'
import { AppError } from '#shared/base/errors.ts'
import type { OfferedModel } from '#shared/models/schema.ts'
import type { Logger } from '../base/logger.ts'
import { explainFailure } from './failure.ts'
import { readListed } from './listed-fetch.ts'
import { offeredOf } from './offered.ts'
import type { ModelList } from './port.ts'
import { seesAsListed, seesByName } from './sees-pictures.ts'

export type ModelListOptions = {
  apiKey?: string | undefined
  /** Read at each call. */
  baseUrl: () => string
  /** What a run has when nobody chooses. Always offered. */
  defaultModel: string
  log: Logger
  /** How long a list is good, how soon a failure is tried again, how soon a name that is not in it is looked for anew, ms. */
  keepMs?: { listed: number; failed: number; missed: number }
  /** The longest that the service is waited for, ms. */
  timeoutMs?: number
  now?: () => number
}

const defaultKeep = { listed: 300_000, failed: 20_000, missed: 10_000 }

/** Statuses by which a service says that it has no list: nothing is wrong with it. */
const noList = new Set([404, 405, 501])

const nothing: ReadonlyMap<string, boolean> = new Map()

/** Which models see pictures, of those of which the list says so or the contrary. */
const sightOf = (listed: readonly { id: string }[]) =>
  new Map(
    listed.flatMap((entry) => {
      const sees = seesAsListed(entry)
      return sees === undefined ? [] : [[entry.id, sees] as const]
    }),
  )

type State = {
  models: OfferedModel[]
  /** What the list says of them. */ sees: ReadonlyMap<string, boolean>
  problem?: string
  at: number
  whole: boolean
}

/** What an OpenAI-compatible service lists at `/models`. See `port.ts` for what it promises. */
export function createModelList(options: ModelListOptions): ModelList {
  const { apiKey, baseUrl, defaultModel, log, keepMs = defaultKeep, timeoutMs = 5000, now = Date.now } = options
  const alone = offeredOf([], defaultModel)
  let state: State | undefined
  let asking: Promise<State> | undefined

  async function ask(): Promise<State> {
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      const client = new OpenAI({
        apiKey: apiKey ?? 'none',
        baseURL: baseUrl(),
        organization: null,
        project: null,
        maxRetries: 0,
        // The signal ends it; the SDK’s own clock must not be first.
        timeout: timeoutMs * 2,
        logLevel: 'off',
        fetch: readListed,
      })
      const page = await client.models.list({ signal })
      return { models: offeredOf(page.data, defaultModel), sees: sightOf(page.data), at: now(), whole: true }
    } catch (error) {
      if (error instanceof APIError && noList.has(error.status)) return { models: alone, sees: nothing, at: now(), whole: true }
      const place = { model: defaultModel, baseUrl: baseUrl(), apiKey, ...(signal.aborted && { stalledAfterMs: timeoutMs }) }
      const { message } = explainFailure(error, place).error
      log.warn({ reason: message }, 'the models of the service could not be listed')
      // What was offered before stays: the service is away, not its models.
      return { models: state?.models ?? alone, sees: state?.sees ?? nothing, problem: message, at: now(), whole: false }
    }
  }

  /** One question at a time, whoever asks. */
  function refresh(): Promise<State> {
    asking ??= ask()
      .then((next) => (state = next))
      .finally(() => (asking = undefined))
    return asking
  }

  const age = () => (state ? now() - state.at : Number.POSITIVE_INFINITY)

  async function current(): Promise<State> {
    if (!state) return refresh()
    if (age() > (state.whole ? keepMs.listed : keepMs.failed)) void refresh()
    return state
  }

  return {
    async list() {
      const { models, problem } = await current()
      return { models, ...(problem !== undefined && { problem }) }
    },
    sees: (model) => state?.sees.get(model) ?? seesByName(model),
    async refuse(model) {
      const offers = ({ models }: State) => models.some(({ id }) => id === model)
      // What needs no list is not kept waiting for one.
      if (model === defaultModel) return undefined
      const known = await current()
      if (offers(known)) return undefined
      const newest = age() > keepMs.missed ? await refresh() : known
      if (offers(newest)) return undefined
      const why = newest.problem === undefined ? '' : ` The list is not available right now: ${newest.problem}`
      return new AppError('invalid_input', `The model "${model}" is not available here. GET /api/models lists the ones that are.${why}`)
    },
  }
}

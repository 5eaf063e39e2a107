import type { Logger } from '../base/logger.ts'
import type { Metrics } from '../metrics/service.ts'
import { ModelError } from './errors.ts'
import type { Model, ModelEvent, ModelRequest } from './port.ts'

type Deps = {
  /** Names that the operator configured. People may choose any that the service lists: those count together, as `other`. */
  configured: readonly string[]
  metrics: Pick<Metrics, 'modelCalled' | 'failed'>
  log: Logger
}

const isAnswer = ({ type }: ModelEvent) => type === 'text' || type === 'reasoning' || type === 'tool_call_chunk'

/** The same model; each call is counted when it has ended, also one that failed or was cut off, and has a line in the log. */
export function measureModel(model: Model, { configured, metrics, log }: Deps): Model {
  async function* stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const startedAt = performance.now()
    let outcome: 'ok' | 'failed' | 'aborted' = 'aborted'
    let firstTokenMs: number | undefined
    let usage = { inputTokens: 0, outputTokens: 0 }
    let retries = 0
    let code: string | undefined
    try {
      for await (const event of model.stream(request, signal)) {
        if (isAnswer(event)) firstTokenMs ??= performance.now() - startedAt
        else if (event.type === 'usage') usage = { inputTokens: event.inputTokens, outputTokens: event.outputTokens }
        else if (event.type === 'retry') retries += 1
        yield event
      }
      outcome = 'ok'
    } catch (error) {
      if (!signal.aborted) {
        outcome = 'failed'
        code = error instanceof ModelError ? error.code : 'internal'
        metrics.failed('model', error instanceof ModelError ? error.code : 'internal')
      }
      throw error
    } finally {
      const tookMs = performance.now() - startedAt
      const label = configured.includes(request.model) ? request.model : 'other'
      metrics.modelCalled({ model: label, outcome, tookMs, firstTokenMs, ...usage, retries })
      const first = firstTokenMs === undefined ? {} : { firstTokenMs: Math.round(firstTokenMs) }
      log.debug({ model: request.model, outcome, ...(code && { code }), ms: Math.round(tookMs), ...first, ...usage, retries }, 'model call')
    }
  }
  return { stream }
}

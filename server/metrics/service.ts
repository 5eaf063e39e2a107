import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { ErrorCode } from '#shared/base/errors.ts'
import type { RunStatus } from '#shared/runs/schema.ts'
import type { ModelErrorCode } from '../models/errors.ts'

/** Of one call of a model, as far as it came. */
type ModelCall = {
  /** A name that the operator configured, or `other`. */
  model: string
  outcome: 'ok' | 'failed' | 'aborted'
  tookMs: number
  firstTokenMs: number | undefined
  inputTokens: number
  outputTokens: number
  retries: number
}

const callBuckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300]
const runBuckets = [1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400]

export type Metrics = ReturnType<typeof createMetrics>

/**
 * One registry for each server, and what is counted as it happens. What is read at a scrape is in `gauges.ts`. Labels are patterns, codes
 * and names of the operator: never an id, an address or anything a person wrote.
 */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const requests = new Counter({
    name: 'atrium_http_requests_total',
    help: 'Answered requests.',
    labelNames: ['method', 'route', 'status'],
    registers,
  })
  const requestSeconds = new Histogram({
    name: 'atrium_http_request_seconds',
    help: 'Time until the headers of the answer.',
    labelNames: ['method', 'route'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const errors = new Counter({
    name: 'atrium_errors_total',
    help: 'What went wrong: answers of the API that are errors, runs that failed, model calls that failed. The kind is the code.',
    labelNames: ['source', 'kind'],
    registers,
  })
  const runWait = new Histogram({
    name: 'atrium_run_wait_seconds',
    help: 'Time from the accepted message to the begin of the run that reads it.',
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600],
    registers,
  })
  const runSeconds = new Histogram({
    name: 'atrium_run_seconds',
    help: 'Time from the begin to the end of runs, with what they waited for people.',
    labelNames: ['outcome'],
    buckets: runBuckets,
    registers,
  })
  const firstToken = new Histogram({
    name: 'atrium_model_first_token_seconds',
    help: 'Time until the first piece of a model’s answer, with retries.',
    labelNames: ['model'],
    buckets: callBuckets,
    registers,
  })
  const modelSeconds = new Histogram({
    name: 'atrium_model_call_seconds',
    help: 'Time of whole model calls, with retries.',
    labelNames: ['model', 'outcome'],
    buckets: callBuckets,
    registers,
  })
  const tokens = new Counter({
    name: 'atrium_model_tokens_total',
    help: 'Tokens that went to models (input) and came from them (output), as the service counts.',
    labelNames: ['model', 'direction'],
    registers,
  })
  const retries = new Counter({
    name: 'atrium_model_retries_total',
    help: 'Attempts of model calls that failed and were made again.',
    labelNames: ['model'],
    registers,
  })
  const saved = new Histogram({
    name: 'atrium_document_commit_seconds',
    help: 'Time from an accepted update of a document to its commit, of the oldest update in each commit.',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
    registers,
  })

  return {
    /** For gauges that are read at a scrape. */
    registry,
    contentType: registry.contentType,
    answered(method: string, route: string, status: number, tookMs: number): void {
      requests.inc({ method, route, status: String(status) })
      requestSeconds.observe({ method, route }, tookMs / 1000)
    },
    failed: (source: 'http' | 'run' | 'model', kind: ErrorCode | ModelErrorCode): void => errors.inc({ source, kind }),
    runStarted: (waitMs: number): void => runWait.observe(waitMs / 1000),
    runEnded: (outcome: RunStatus, tookMs: number): void => runSeconds.observe({ outcome }, tookMs / 1000),
    modelCalled({ model, outcome, tookMs, firstTokenMs, inputTokens, outputTokens, retries: again }: ModelCall): void {
      modelSeconds.observe({ model, outcome }, tookMs / 1000)
      if (firstTokenMs !== undefined) firstToken.observe({ model }, firstTokenMs / 1000)
      tokens.inc({ model, direction: 'input' }, inputTokens)
      tokens.inc({ model, direction: 'output' }, outputTokens)
      retries.inc({ model }, again)
    },
    documentSaved: (tookMs: number): void => saved.observe(tookMs / 1000),
  }
}

import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** One registry for each server. Labels are patterns and codes: never an id, an address or anything a person wrote. */
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
  const seconds = new Histogram({
    name: 'atrium_http_request_seconds',
    help: 'Time until the headers of the answer.',
    labelNames: ['method', 'route'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  return {
    /** For the other parts to add theirs. */
    registry,
    answered(method: string, route: string, status: number, tookMs: number): void {
      requests.inc({ method, route, status: String(status) })
      seconds.observe({ method, route }, tookMs / 1000)
    },
  }
}

export type Metrics = ReturnType<typeof createMetrics>

import type { Stop } from '../base/stop-in-order.ts'
import type { Feature } from './define-feature.ts'

/** What stops after what: runs, documents, sandboxes. With the rest of the server, the limits add up to less than five seconds. */
const stopOrder = [
  'timers',
  'broadcast',
  'sockets',
  'desktops',
  'retention',
  'jobs',
  'runs',
  'ports',
  'terminals',
  'python',
  'files',
  'file tree',
  'sync',
  'sandboxes',
  // Last, when nothing of a room is here any more: others may have them.
  'rooms',
] as const
export type StopName = (typeof stopOrder)[number]

/** Every step that a feature has, in order. Those of one name are one step, as long as the longest of them. */
export function stopsOf(features: readonly Pick<Feature, 'stop'>[]): Stop[] {
  const steps = features.flatMap(({ stop = [] }) => stop)
  return stopOrder.flatMap((name) => {
    const same = steps.filter((step) => step.name === name)
    if (same.length === 0) return []
    return { name, stop: async () => Promise.all(same.map((step) => step.stop())), withinMs: Math.max(...same.map(({ withinMs }) => withinMs)) }
  })
}

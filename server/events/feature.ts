import { defineFeature } from '../features/define-feature.ts'
import type { Events } from './service.ts'

export const eventsFeature = (events: Events) =>
  defineFeature({ name: 'events', start: events.start, stop: [{ name: 'timers', stop: events.stop, withinMs: 100 }] })

import { askPeople } from '../../tools/ask-people.ts'
import { uiNotify, uiOpenTab } from '../../tools/suggest.ts'
import type { Capability } from '../define.ts'

/** Asking the people of the room, and suggesting what to look at. */
export const people = (): Capability => ({ name: 'people', tools: [askPeople, uiOpenTab, uiNotify] })

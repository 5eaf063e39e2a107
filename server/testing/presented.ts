import type { Item } from '#shared/sessions/items.ts'
import { presentItem } from '../tools/present.ts'

/** An item as the server gives it: a call says how it is shown. For tests of what shows it. */
export const presented = <T extends Item>(item: T): T => presentItem(item)

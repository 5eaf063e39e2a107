import type { ItemId } from '#shared/base/ids.ts'
import type { Item, MessageItem, ToolCallItem } from '#shared/sessions/items.ts'

/** What can be done with an item. What is not there is not offered. */
export type ItemActions = {
  copy(item: Item): void
  copyLink(item: Item): void
  quote?: ((item: Item) => void) | undefined
  /** Hands on to the agent what was said to people. */
  askAgent?: ((item: Item) => void) | undefined
  addToPlan?: ((item: Item) => void) | undefined
  /** Asks again what a run was asked that did not end well. */
  retry?: ((item: Item) => void) | undefined
  /** Opens a terminal in the folder of a command, which stands behind its prompt and is not run. */
  openInTerminal?: ((item: Item) => void) | undefined
  /** Takes back what an agent changed in a file. */
  undoEdit?: ((item: Item) => void) | undefined
}

export const hasCommand = (item: Item): item is ToolCallItem => {
  if (item.type !== 'tool_call' || item.finishedAt === null) return false
  const { presentation } = item
  return presentation?.kind === 'command' && presentation.language === 'shell'
}

export const isToPeople = (item: Item): item is MessageItem => item.type === 'message' && item.author.kind === 'user' && item.to === 'people'

export const isEdit = (item: Item): item is ToolCallItem =>
  item.type === 'tool_call' && item.status === 'ok' && item.presentation?.kind === 'diff' && item.presentation.canUndo === true

export const canRetry = (item: Item) =>
  item.runId !== undefined &&
  ((item.type === 'event' && (item.event === 'run_failed' || item.event === 'run_cancelled')) ||
    (item.type === 'message' && item.author.kind === 'agent' && item.interrupted === true))

/** The address that leads to an item, from anywhere. */
export const linkTo = (id: ItemId) => `${location.origin}${location.pathname}#${id}`

/** The item that the address names. */
export function itemInAddress(hash: string): ItemId | undefined {
  const id = hash.replace(/^#/, '')
  return /^itm_[0-9a-f-]{32,36}$/.test(id) ? (id as ItemId) : undefined
}

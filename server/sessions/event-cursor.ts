/**
 * What the `id:` of a session's event holds: enough to go on after a restart, when only stored items are left.
 * `<boot>.<n>.<seq>` then `.<itemId>~<length>` for each item begun but not stored: characters of its text that were sent,
 * or 0 for a tool call that was announced.
 */
export type EventCursor = {
  /** The process that sent it. */
  boot: string
  /** Its number in that process; 0 for one derived from stored items. */
  n: number
  /** All events of stored items up to this seq were sent. */
  seq: number
  open: ReadonlyMap<string, number>
}

export function formatCursor({ boot, n, seq, open }: EventCursor): string {
  return [boot, n, seq, ...[...open].map(([id, length]) => `${id}~${length}`)].join('.')
}

/** Undefined for anything that is no such id: the reader then gets new events only. */
export function parseCursor(text: string | null | undefined): EventCursor | undefined {
  if (!text || text.length > 8000) return undefined
  const [boot, n, seq, ...rest] = text.split('.')
  if (!boot || !/^\d{1,15}$/.test(n ?? '') || !/^\d{1,15}$/.test(seq ?? '')) return undefined
  const open = new Map<string, number>()
  for (const part of rest) {
    const match = /^([a-z]{3}_[0-9a-f-]{32,36})~(\d{1,9})$/.exec(part)
    if (!match) return undefined
    open.set(String(match[1]), Number(match[2]))
  }
  return { boot, n: Number(n), seq: Number(seq), open }
}

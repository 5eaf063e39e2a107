export type Outcome = {
  seed: number
  interleavings: number
  kills: number
  disconnects: number
  edits: number
  conflicts: number
  restored: number
  formatted: number
  rebuilt: number
  replaced: number
  faults: Fault[]
}

/**
 *   lost      a word that somebody wrote, and nobody removed, is not there
 *   undone    what a program put back was written over
 *   unlike    people, or people and the disk, see different texts, or a word came twice
 *   restless  something changes still when nobody writes any more, or what is built of a file is not of its last text
 */
export type Fault = { kind: 'lost' | 'undone' | 'unlike' | 'restless'; path: string } & Record<string, unknown>

export const noOutcome = (seed: number): Outcome => ({
  seed,
  interleavings: 0,
  kills: 0,
  disconnects: 0,
  edits: 0,
  conflicts: 0,
  restored: 0,
  formatted: 0,
  rebuilt: 0,
  replaced: 0,
  faults: [],
})

/** "0 lost, 0 undone, …" */
export const countFaults = (faults: readonly Fault[]): string =>
  (['lost', 'undone', 'unlike', 'restless'] as const).map((kind) => `${faults.filter((fault) => fault.kind === kind).length} ${kind}`).join(', ')

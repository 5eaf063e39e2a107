import { describe, expect, test } from 'vitest'
import { countFaults } from '../testing/converge/outcome.ts'
import { converge } from '../testing/file-converge.ts'
import { needs } from '../testing/require.ts'

/** A seed of a failure is tried again with ATRIUM_SEED; ATRIUM_CONVERGE says how many orders are tried. */
const seed = Number(process.env.ATRIUM_SEED ?? Math.floor(Math.random() * 2 ** 31))
const interleavings = Number(process.env.ATRIUM_CONVERGE ?? 60)

describe('files converge', await needs('sandbox'), () => {
  test(
    'whoever writes what in which order, and whatever breaks: nothing is lost or undone, all see what is on the disk, and it comes to rest',
    { timeout: 600_000 },
    async () => {
      const outcome = await converge({ seed, interleavings, killEvery: 30, files: 6 })
      process.stdout.write(
        `converge: seed ${seed}, ${outcome.interleavings} interleavings, ${outcome.edits} edits, ${outcome.kills} kills, ${outcome.disconnects} disconnects, put back ${outcome.restored}, formatted ${outcome.formatted}, rebuilt ${outcome.rebuilt}, replaced ${outcome.replaced}, ${countFaults(outcome.faults)}\n`,
      )
      for (const fault of outcome.faults) process.stdout.write(`converge: ${JSON.stringify(fault)}\n`)
      expect(outcome.faults, `seed ${seed}`).toEqual([])
      expect(outcome.kills).toBeGreaterThan(0)
    },
  )
})

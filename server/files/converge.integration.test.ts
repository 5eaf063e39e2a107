import { describe, expect, test } from 'vitest'
import { converge } from '../testing/file-converge.ts'
import { needs } from '../testing/require.ts'

/** A seed of a failure is tried again with ATRIUM_SEED; ATRIUM_CONVERGE says how many orders are tried. */
const seed = Number(process.env.ATRIUM_SEED ?? Math.floor(Math.random() * 2 ** 31))
const interleavings = Number(process.env.ATRIUM_CONVERGE ?? 60)

describe('files converge', await needs('sandbox'), () => {
  test(
    'whoever writes what in which order, and whatever breaks: nothing is lost, and all see what is on the disk',
    { timeout: 600_000 },
    async () => {
      const outcome = await converge({ seed, interleavings, killEvery: 30, files: 6 })
      process.stdout.write(
        `converge: seed ${seed}, ${outcome.interleavings} interleavings, ${outcome.edits} edits, ${outcome.kills} kills, ${outcome.disconnects} disconnects, put back ${outcome.restored}, formatted ${outcome.formatted}\n`,
      )
      for (const lost of outcome.lost) process.stdout.write(`converge: lost or unlike: ${lost}\n`)
      expect(outcome.lost, `seed ${seed}`).toEqual([])
      expect(outcome.kills).toBeGreaterThan(0)
    },
  )
})

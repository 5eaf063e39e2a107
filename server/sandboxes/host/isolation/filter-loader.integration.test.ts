import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { needs } from '../../../testing/require.ts'
import type { FilterLoader } from './filter-loader.ts'
import { findFilterLoaders } from './filter-loader.ts'

const run = promisify(execFile)

describe('the filter of system calls, put on without bubblewrap', await needs('namespaces'), () => {
  const under = (words: string[]) => run(String(words[0]), [...words.slice(1), '/bin/sh', '-c', 'cat /proc/self/status; chroot / true 2>&1 || true'])
  const filtersOf = (status: string) => Number(/^Seccomp_filters:\s*(\d+)$/m.exec(status)?.[1])

  test.each(findFilterLoaders())('by $by: it is on what runs, and on no more than that', async ({ words }: FilterLoader) => {
    const { stdout, stderr } = await under(words)
    expect(filtersOf(stdout)).toBe(filtersOf(readFileSync('/proc/self/status', 'utf8')) + 1)
    expect(stdout).toMatch(/^NoNewPrivs:\s*1$/m)
    expect(stdout).toMatch(/chroot: .*not permitted/)
    expect(stderr).toBe('')
  })

  test.each(findFilterLoaders())('by $by: where the kernel does not take it, nothing runs', async ({ words }: FilterLoader) => {
    // A program without an answer.
    const broken = [...words.slice(0, -1), '0000000000000000']
    await expect(under(broken)).rejects.toMatchObject({ stdout: '', stderr: expect.stringContaining('no filter of system calls') as string })
  })
})

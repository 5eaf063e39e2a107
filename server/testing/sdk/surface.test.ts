import { expect, test } from 'vitest'
import { readSurface } from './surface.ts'
import { judge } from './judge.ts'
import { accounts } from './accounts.ts'

test('every method, option and field of the SDKs is shown by a test or stands on the page', () => {
  const { counts, unaccounted, gone, unfounded } = judge(accounts)
  expect({ unaccounted, gone, unfounded }).toEqual({ unaccounted: [], gone: [], unfounded: [] })
  // What is read of the declarations, so that a reader that has lost its way is seen.
  expect(counts).toEqual({
    e2b: expect.toSatisfy((n: number) => n > 600),
    '@e2b/code-interpreter': expect.any(Number),
    '@e2b/desktop': expect.any(Number),
  })
})

test('the reader sees methods, options where they are used, fields, and options that are inherited', () => {
  expect(readSurface('e2b')).toEqual(
    expect.arrayContaining([
      'Sandbox.create',
      'Filesystem.read(format)',
      'SandboxListOpts.query.state',
      'FilesystemRequestOpts.user',
      'SandboxMetrics.memUsed',
    ]),
  )
  expect(readSurface('@e2b/code-interpreter')).toEqual(expect.arrayContaining(['Result.chart', 'Sandbox.runCode(context)', 'ChartType.PIE']))
  expect(readSurface('@e2b/desktop')).toEqual(expect.arrayContaining(['Sandbox.write(chunkSize)', 'SandboxOpts.dpi', 'VNCServerOptions.requireAuth']))
})

test('what nobody accounts for is named, and so is an account of nothing', () => {
  const [first] = accounts
  const less = judge(accounts.filter((each) => each !== first))
  expect(less.unaccounted).toContain('e2b SandboxInfo.endAt')
  const more = judge([...accounts, { test: 'no such test', e2b: { Sandbox: 'dance' } }, { page: 'no such line' }])
  expect(more.gone).toEqual(['e2b Sandbox.dance'])
  expect(more.unfounded).toEqual(['no test "no such test"', 'no line "no such line" on the page'])
  expect(judge([...accounts, { test: 'the end of a watch is told', e2b: { Sandbox: 'getMetrics' } }]).unfounded).toEqual([
    'e2b Sandbox.getMetrics is not in the test "the end of a watch is told"',
  ])
})

import { afterAll, beforeAll, describe } from 'vitest'
import { commandsContract } from './contract-commands.ts'
import { filesContract } from './contract-files.ts'
import type { Sandbox } from './port.ts'

/** What every implementation of the port must do. `open` gives a fresh running sandbox; `close` gets rid of it. */
export function sandboxContract(name: string, open: () => Promise<{ sandbox: Sandbox; close(): Promise<void> }>): void {
  describe(`the sandbox contract on ${name}`, () => {
    const opened = {} as Awaited<ReturnType<typeof open>>
    beforeAll(async () => void Object.assign(opened, await open()))
    afterAll(() => opened.close?.())

    filesContract(opened)
    commandsContract(opened)
  })
}

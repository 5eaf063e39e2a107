import { rm } from 'node:fs/promises'
import type { EmbeddedClient } from './embedded-client.ts'
import type { Database, Snapshot } from './port.ts'

/**
 * Of the embedded database: its folder is copied, most of it ahead, and what is written since in one turn of its thread. The copy
 * is as after a crash at that moment; a database of its own reads it.
 * @param openFolder opens a copied folder as it was left
 */
export function embeddedSnapshot(client: EmbeddedClient, aside: string, openFolder: (folder: string) => Promise<Database>): Snapshot {
  let reading: Database | undefined
  return {
    async prepare() {
      // What is written to the tables now need not be copied in the moment.
      await client.exec('CHECKPOINT')
      await client.copyAhead(aside)
    },
    take: () => client.copyNow(aside),
    async open() {
      reading = await openFolder(aside)
      return reading
    },
    async discard() {
      await reading?.close()
      // Its lock goes when it is closed.
      await rm(aside, { recursive: true, force: true })
    },
  }
}

import type { FolderPath } from '#shared/files/path.ts'
import type { Sandbox } from '../sandboxes/port.ts'

type Reader = { changed(folders: FolderPath[]): void; ended(): void }
type Stream = { readers: Set<Reader>; opening: Promise<() => Promise<void>> }

/** What is watched in each running sandbox, by folder; undefined is the whole workspace. */
const streamsOf = new WeakMap<Sandbox, Map<FolderPath | undefined, Stream>>()

/**
 * As `Sandbox.files.watch`, with one stream for all who read the same: the tree of a room and its open files. Whoever comes later
 * looks at what is there already, because the stream tells only of what changes from now on.
 * @returns ends it for this reader
 */
export async function watchShared(
  sandbox: Sandbox,
  changed: Reader['changed'],
  ended: Reader['ended'],
  folder?: FolderPath,
): Promise<() => Promise<void>> {
  const streams = streamsOf.get(sandbox) ?? new Map<FolderPath | undefined, Stream>()
  streamsOf.set(sandbox, streams)
  const stream = streams.get(folder) ?? openStream(sandbox, streams, folder)
  const reader = { changed, ended }
  stream.readers.add(reader)
  const stop = await stream.opening
  return async () => {
    if (!stream.readers.delete(reader) || stream.readers.size > 0) return
    if (streams.get(folder) === stream) streams.delete(folder)
    await stop()
  }
}

function openStream(sandbox: Sandbox, streams: Map<FolderPath | undefined, Stream>, folder: FolderPath | undefined): Stream {
  const readers = new Set<Reader>()
  const forget = () => {
    if (streams.get(folder) === stream) streams.delete(folder)
  }
  const opening = sandbox.files.watch(
    (folders) => {
      for (const reader of readers) reader.changed(folders)
    },
    () => {
      forget()
      const all = [...readers]
      readers.clear()
      for (const reader of all) reader.ended()
    },
    folder,
  )
  const stream = { readers, opening }
  opening.catch(forget)
  streams.set(folder, stream)
  return stream
}

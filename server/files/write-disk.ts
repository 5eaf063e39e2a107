import type { OpenDocument, WriteAs } from '../sync/port.ts'
import { isPending } from './file-status.ts'
import { isDirty, type LiveFileState, retryTimes, say, textOf } from './live-file-state.ts'
import { pull } from './take-disk.ts'

/** While programs keep changing the file, it is tried so often before another turn. */
const mostTries = 8

/** Writes what the document has to the disk, after taking in what the disk has. In turn. */
export async function level(file: LiveFileState): Promise<void> {
  if (file.closed || file.held || !file.doc || file.shown.status === 'moved') return
  if (!(await file.deps.isRunning())) return void (isPending(file.shown) && say(file, 'waiting'))
  // Opened when there is something to do: a look alone must not keep a document that nobody uses.
  let opened: Promise<OpenDocument> | undefined
  const open = () => (opened ??= file.cancellableOpen.open())
  try {
    await pullAndWrite(file, open)
  } finally {
    const document = await opened?.catch(() => undefined)
    await document?.close()
  }
}

async function pullAndWrite(file: LiveFileState, open: () => Promise<OpenDocument>): Promise<void> {
  const { deps, history } = file
  const writer = async (): Promise<WriteAs> => (await open()).writeAs
  if (!(await pull(file, writer)) && file.shown.status !== 'missing') return
  for (let attempt = 0; attempt < mostTries && isDirty(file); attempt++) {
    const document = await open()
    const wanted = textOf(file)
    await document.flushed()
    const added = await deps.texts.add(wanted, 'document')
    history.beginWrite(added)
    if ((await deps.disk.swap(deps.path, history.base()?.hash ?? null, wanted)) === 'done') history.endWrite(added)
    else if (!(await pull(file, writer))) return
    if (history.base()) say(file, 'level')
  }
  file.retryMs = retryTimes.first
}

/** The text goes to the disk, whatever is there. In turn. @returns its bytes */
export async function writeBack(file: LiveFileState): Promise<number> {
  const { deps, history } = file
  const open = await file.cancellableOpen.open()
  try {
    const wanted = textOf(file)
    await open.flushed()
    const added = await deps.texts.add(wanted, 'document')
    await (await deps.sandbox()).files.write(deps.path, wanted)
    history.overwrote(added)
    say(file, 'level')
    return new TextEncoder().encode(wanted).length
  } finally {
    await open.close()
  }
}

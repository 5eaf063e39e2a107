import { cutAfter } from '#shared/base/cut.ts'
import type { CellId, ProjectId } from '#shared/base/ids.ts'
import { pythonLimits } from '#shared/python/doc.ts'
import type { Cell, CellOutput, OutputArtifact } from '#shared/python/schema.ts'
import type { Artifacts } from '../artifacts/service.ts'
import { maxArtifactBytes } from '../artifacts/service.ts'
import type { Logger } from '../base/logger.ts'
import { ignoreTooLarge } from '../base/ignore-too-large.ts'
import type { PythonResult } from '../sandboxes/port.ts'
import type { OpenDocument } from '../sync/port.ts'
import { addOutput, growStream } from './projection.ts'

/** What a value shows itself as: `png`, `jpeg` and `pdf` in base64, the rest as text. */
export type Forms = Omit<PythonResult, 'isMain'>

/** The forms that are kept, the best for people first. */
const kinds = [
  { form: 'svg', mime: 'image/svg+xml', base64: false },
  { form: 'png', mime: 'image/png', base64: true },
  { form: 'jpeg', mime: 'image/jpeg', base64: true },
  { form: 'html', mime: 'text/html', base64: false },
  { form: 'markdown', mime: 'text/markdown', base64: false },
  { form: 'latex', mime: 'text/x-latex', base64: false },
  { form: 'pdf', mime: 'application/pdf', base64: true },
  { form: 'json', mime: 'application/json', base64: false },
] as const

/** Of one cell: values, errors and pieces of text; and bytes of the figures that are kept of it. */
const mostOutputs = 1000
const mostKeptBytes = 100 * 1024 * 1024
/** One transaction a frame while output streams. */
const frameMs = 33

type Deps = { document: OpenDocument; artifacts: Pick<Artifacts, 'keep'>; projectId: ProjectId; cellId: CellId; log: Logger }

/**
 * Gathers what a cell puts out: for the room at once, and as the list that is stored. Text beyond the bound is left out,
 * and `truncated` says so; so is what comes after `mostOutputs`. Order is kept, also while a figure is still being stored: whoever
 * tells waits for what `stream`, `result` and `error` hand back, so that nothing piles up.
 */
export function createCellOutput({ document, artifacts, projectId, cellId, log }: Deps) {
  const outputs: CellOutput[] = []
  let chars = 0
  let truncated = false
  let figures = 0
  let keptBytes = 0
  let unsent: (() => void)[] = []
  let timer: NodeJS.Timeout | undefined
  let order: Promise<void> = Promise.resolve()

  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const changes = unsent
    unsent = []
    if (changes.length > 0) document.transact(() => changes.forEach((change) => change()))
  }
  const soon = (change: () => void) => {
    unsent.push(change)
    timer ??= setTimeout(flush, frameMs)
  }
  const isFull = () => {
    truncated ||= outputs.length >= mostOutputs
    return outputs.length >= mostOutputs
  }
  const bounded = (text: string) => {
    const fits = cutAfter(text, Math.max(0, pythonLimits.outputChars - chars))
    if (fits.length < text.length) truncated = true
    chars += fits.length
    return fits.toWellFormed()
  }
  const add = (output: CellOutput) => {
    if (isFull()) return
    outputs.push(output)
    soon(() => addOutput(document.doc, cellId, output))
  }

  async function keep(forms: Forms): Promise<OutputArtifact[]> {
    const kept: OutputArtifact[] = []
    for (const { form, mime, base64 } of kinds) {
      const value = forms[form]
      if (value === undefined) continue
      const data = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value, null, 2), base64 ? 'base64' : 'utf8')
      if (data.length > maxArtifactBytes || keptBytes + data.length > mostKeptBytes) {
        truncated = true
        continue
      }
      keptBytes += data.length
      figures += 1
      const name = `output-${figures}.${form}`
      const id = await artifacts.keep(projectId, name, mime, data).catch(ignoreTooLarge)
      if (id === undefined) truncated = true
      else kept.push({ id, mime, name, size: data.length })
    }
    return kept
  }

  return {
    stream(name: 'stdout' | 'stderr', text: string): Promise<void> {
      order = order.then(() => {
        const fits = bounded(text)
        if (fits === '') return
        const last = outputs.at(-1)
        const grows = last?.type === 'stream' && last.name === name
        if (!grows && isFull()) return
        if (grows) outputs[outputs.length - 1] = { ...last, text: last.text + fits }
        else outputs.push({ type: 'stream', name, text: fits })
        soon(() => growStream(document.doc, cellId, name, fits))
      })
      return order
    },
    result(main: boolean, forms: Forms): Promise<void> {
      order = order
        .then(async () => {
          if (isFull()) return
          const { text } = forms
          add({ type: 'result', main, ...(text !== undefined && { text: bounded(text) }), kept: await keep(forms) })
        })
        .catch((error: unknown) => {
          truncated = true
          log.error({ err: error, projectId }, 'a figure was not kept')
        })
      return order
    },
    error(name: string, value: string, traceback: string): Promise<void> {
      order = order.then(() => add({ type: 'error', name: cutAfter(name, 200), value: bounded(value), traceback: bounded(traceback) }))
      return order
    },
    /** Resolves with everything, when it is shown. */
    async end(): Promise<Pick<Cell, 'outputs' | 'truncated'>> {
      await order
      flush()
      return { outputs, truncated }
    },
  }
}

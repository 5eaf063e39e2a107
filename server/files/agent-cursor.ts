import * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import { encodePosition, fileText } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { AgentAwareness, FileEditing } from '#shared/files/state.ts'
import type { Clock } from '../base/clock.ts'
import type { OpenDocument } from '../sync/port.ts'
import type { AgentAuthor } from './port.ts'
import type { FileProjection } from './file-projection.ts'

/** How long an agent's cursor stays where it wrote last. */
const shownMs = 8_000

export type AgentCursors = ReturnType<typeof createAgentCursors>

/** Shows where agents write: a cursor in the file's document, and a line in the project's. */
export function createAgentCursors({ view, clock }: { view: FileProjection; clock: Clock }) {
  const shown = new Map<string, { timer: NodeJS.Timeout; end(): void }>()

  return {
    /** @param open is closed by this, when the cursor goes */
    show(projectId: ProjectId, path: FilePath, author: AgentAuthor, open: OpenDocument, client: number, range: { start: number; end: number }): void {
      const text = fileText(open.doc)
      const place = (index: number) => Math.min(index, text.length)
      const position = (index: number) => Y.createRelativePositionFromTypeIndex(text, place(index), -1)
      const state: AgentAwareness = {
        user: { id: author.id, name: author.name, agent: true, runId: author.runId },
        cursor: { anchor: position(range.start), head: position(range.end) },
      }
      const editing: FileEditing = {
        agentId: author.id,
        name: author.name,
        runId: author.runId,
        path,
        anchor: encodePosition(text, place(range.start)),
        head: encodePosition(text, place(range.end), -1),
        at: clock.now(),
      }
      const key = `${projectId} ${author.id}`
      const before = shown.get(key)
      clearTimeout(before?.timer)
      before?.end()
      open.show(client, state)
      void view.editing(projectId, editing).catch(() => undefined)
      const end = () => {
        try {
          open.show(client, null)
        } catch {
          // The document is gone, and its cursors with it.
        }
        void open.close()
      }
      const timer = setTimeout(() => {
        shown.delete(key)
        end()
        void view.stoppedEditing(projectId, editing).catch(() => undefined)
      }, shownMs)
      timer.unref()
      shown.set(key, { timer, end })
    },
    stop(): void {
      for (const { timer, end } of shown.values()) {
        clearTimeout(timer)
        end()
      }
      shown.clear()
    },
  }
}

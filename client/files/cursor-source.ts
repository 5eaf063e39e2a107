import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { memoParse } from '#shared/base/memo-parse.ts'
import { decodePosition, readAllEditing } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import { PresenceState } from '#shared/presence/schema.ts'
import type { CursorSource, RemoteCursor } from '../editor/remote-cursors.ts'

export type CursorSourceOptions = {
  /** The room's presence, and its document, where agents' places stand. */
  awareness: Awareness | null
  project: Y.Doc
  text: Y.Text
  path: FilePath
  selfId: string
  colourOf(userId: string): string
}

const parse = memoParse(PresenceState)

/**
 * Where others are in one file: people as they publish it, agents as the server tells. Read only when the editor asks, so
 * that a room full of moving people costs one reading a frame.
 */
export function createCursorSource({ awareness, project, text, path, selfId, colourOf }: CursorSourceOptions): CursorSource {
  const editing = project.getMap('editing')
  let missing = false

  const offset = (position: string) => {
    const found = decodePosition(text, position)
    // What a place refers to may still be on its way.
    missing ||= found === undefined
    return found
  }

  const people = () => {
    const newest = new Map<string, RemoteCursor & { active: boolean }>()
    for (const state of awareness?.getStates().values() ?? []) {
      const known = parse(state)
      if (!known || known.user.id === selfId || known.place?.file !== path || !known.place.selection) continue
      const active = known.active !== false
      if (newest.get(known.user.id)?.active) continue
      const { anchor, head } = known.place.selection
      const place = { anchor: offset(anchor), head: offset(head) }
      newest.set(known.user.id, {
        id: known.user.id,
        name: known.user.name,
        kind: 'person',
        colour: colourOf(known.user.id),
        idle: !active,
        active,
        ...place,
      })
    }
    return [...newest.values()]
  }

  const agents = (): RemoteCursor[] =>
    readAllEditing(project)
      .filter((one) => one.path === path)
      // What an agent wrote is marked as such: its caret needs no selection.
      .map(({ agentId, name, head }) => ({
        id: agentId,
        name,
        kind: 'agent',
        colour: 'var(--ink)',
        idle: false,
        anchor: undefined,
        head: offset(head),
      }))

  return {
    get() {
      missing = false
      return [...people(), ...agents()].sort((a, b) => (a.id < b.id ? -1 : 1))
    },
    subscribe(listener) {
      const onText = () => {
        if (missing) listener()
      }
      awareness?.on('change', listener)
      editing.observe(listener)
      text.observe(onText)
      return () => {
        awareness?.off('change', listener)
        editing.unobserve(listener)
        text.unobserve(onText)
      }
    },
  }
}

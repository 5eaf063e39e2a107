import { useEffect, useRef, useState } from 'react'
import type * as Y from 'yjs'
import type { AgentId } from '#shared/base/ids.ts'
import { readAllEditing, readEditing } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import { useDocValue } from '../base/use-document.ts'

const editingMap = (doc: Y.Doc) => doc.getMap('editing')

/** Which agents edit which files now. */
export const useEditing = (project: Y.Doc) => useDocValue(project, readAllEditing, editingMap)

/** Opens what a followed agent edits; any input of one's own, but what toggles it, stops that. */
export function useFollowAgent(project: Y.Doc, open: (path: FilePath) => void) {
  const [agent, follow] = useState<AgentId | null>(null)
  const latest = useRef(open)
  useEffect(() => {
    latest.current = open
  })
  useEffect(() => {
    if (!agent) return
    const go = () => {
      const at = readEditing(project, agent)
      if (at) latest.current(at.path)
    }
    go()
    const editing = editingMap(project)
    editing.observe(go)
    const stop = (event: Event) => {
      const toggles = event.target instanceof Element && event.target.closest('[aria-pressed="true"]')
      if (!toggles && !(event instanceof KeyboardEvent && event.key.toLowerCase() === 'f')) follow(null)
    }
    const events = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const
    for (const name of events) window.addEventListener(name, stop, { passive: true })
    return () => {
      editing.unobserve(go)
      for (const name of events) window.removeEventListener(name, stop)
    }
  }, [project, agent])
  return { agent, follow }
}

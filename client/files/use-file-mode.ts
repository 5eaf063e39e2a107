import { useState } from 'react'
import type { FilePath } from '#shared/files/path.ts'
import { useStored } from '../offline/stored.ts'
import { kindOf, modeShown, modesOf, type FileMode } from './file-kind.ts'
import { useFilesRoom } from './room-context.ts'

/**
 * How a file is looked at: in which of its modes, and whether it is compared with what it was.
 * @param changed whether the latest run changed it
 */
export function useFileMode(path: FilePath, size: number | undefined, changed: boolean) {
  const { narrow, reveal, look, onLook } = useFilesRoom()
  const kind = kindOf(path, size)
  const modes = modesOf(path, size)
  const [stored, store] = useStored(`view:${kind}`)
  const [comparing, setComparing] = useState(false)

  // A place in the text is shown in the text.
  const asked = reveal?.path === path && modes.includes('source') ? reveal.n : 0
  const [answered, setAnswered] = useState(0)
  if (asked !== answered) {
    setAnswered(asked)
    setComparing(false)
  }
  // What opened as its text stays that, whatever becomes known later.
  const [justMade] = useState(kind === 'page' && changed)
  /** The asking after which this person chose a mode. */
  const [overridden, setOverridden] = useState<number>()
  const sought = asked > 0 && overridden !== asked
  return {
    kind,
    modes,
    mode: modeShown({ modes, sought, look, stored, justMade, narrow }),
    setMode(next: FileMode) {
      setOverridden(asked)
      store(next === modes[0] && kind !== 'page' ? null : next)
      if (look !== undefined) onLook(undefined)
    },
    comparing,
    setComparing,
  }
}

import { useState } from 'react'
import type { RunState } from '#shared/runs/schema.ts'
import { MessageMode } from '#shared/sessions/schema.ts'
import { useStored } from '../offline/stored.ts'

/** How the agent reads what is sent while it works. Interrupting is for one message of one run, and steering follows it. */
export function useMode(run: RunState | undefined) {
  const [stored, store] = useStored('mode')
  const [interrupts, setInterrupts] = useState<string>()
  const kept = MessageMode.exclude(['interrupt']).safeParse(stored).data ?? 'steer'
  const mode: MessageMode = run !== undefined && interrupts === run.id ? 'interrupt' : kept
  return {
    mode,
    setMode(next: MessageMode) {
      setInterrupts(next === 'interrupt' ? run?.id : undefined)
      store(next === 'interrupt' ? 'steer' : next)
    },
    /** A message was sent in this way. */
    used(how: MessageMode | undefined) {
      if (how === 'interrupt') setInterrupts(undefined)
    },
  }
}

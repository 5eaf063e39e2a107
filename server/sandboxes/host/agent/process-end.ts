/** How a command ended: by itself with a code, or by a signal. */
export type End = { code: number | null; signal: string | null }

/** Something has killed it. A shell whose program was killed ends with the code of that. */
export const wasKilled = ({ code, signal }: End): boolean => signal === 'signal: SIGKILL' || signal === 'signal: 9' || code === 137

/** The last event of a command. @param why it was ended here, in words; undefined when it was not */
export function endEvent({ code, signal }: End, why: string | undefined) {
  const status = signal ?? `exit status ${code}`
  const error = why ?? (signal || code !== 0 ? status : undefined)
  return { end: { exitCode: code ?? -1, exited: signal === null, status, ...(error !== undefined && { error }) } }
}

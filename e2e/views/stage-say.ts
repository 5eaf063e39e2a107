import type { TestPerson } from '../../server/testing/people.ts'

export type Told = { projectId: string; ada: TestPerson }

export const say = (who: TestPerson, sessionId: string, text: string, mode?: string) =>
  who.json<{ runId?: string }>('POST', `/api/sessions/${sessionId}/messages`, { text, ...(mode && { mode }) })

/** Resolves when the session's run has ended; whatever it asks is approved. */
export async function ended({ ada, projectId }: Told, sessionId: string, runId: string | undefined) {
  for (;;) {
    const { run } = await ada.json<{ run: { id: string; status: string } | null }>('GET', `/api/sessions/${sessionId}`)
    if (run && run.id === runId && ['completed', 'failed', 'cancelled'].includes(run.status)) return
    const { approvals } = await ada.json<{ approvals: { id: string; sessionId: string }[] }>(
      'GET',
      `/api/approvals?projectId=${projectId}&status=pending`,
    )
    for (const approval of approvals.filter((one) => one.sessionId === sessionId)) {
      await ada.json('POST', `/api/approvals/${approval.id}/decision`, { decision: 'approve' })
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Resolves when the session's run is completed. @throws Error when it ends otherwise */
export async function runEnded(url: string, key: string, sessionId: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/api/sessions/${sessionId}`, { headers: { authorization: `Bearer ${key}` } })
    const { run } = (await answer.json()) as { run: { status: string } | null }
    if (run?.status === 'completed') return
    if (run?.status === 'failed' || run?.status === 'cancelled') throw new Error(`the run ${run.status}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

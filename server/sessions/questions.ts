import { AppError } from '#shared/base/errors.ts'
import type { ItemId, SessionId } from '#shared/base/ids.ts'
import type { QuestionItem } from '#shared/sessions/items.ts'
import { clean } from './clean.ts'
import type { Person, RunPort } from './port.ts'
import type { Publisher } from './publisher.ts'
import type { SessionDeps } from './service.ts'
import { appendItems, findItem, lockSession, replaceItem } from './store.ts'

export function createQuestions(deps: SessionDeps & { publish: Publisher; publishSummary(id: SessionId): Promise<void>; runs(): RunPort }) {
  const { database, clock, publish, publishSummary } = deps

  /**
   * Answers what the agent asked; the run goes on with it. Every question needs an answer.
   * @throws AppError `conflict` when it was already answered or cancelled
   */
  async function answer(sessionId: SessionId, itemId: ItemId, by: Person, answers: { id: string; text: string }[]): Promise<void> {
    const done = await database.transaction(async (tx) => {
      const session = await lockSession(tx, sessionId)
      const row = session && (await findItem(tx, itemId))
      if (!session || row?.sessionId !== sessionId || row.data.type !== 'question') throw new AppError('not_found', 'This question does not exist.')
      const item = row.data
      if (item.status !== 'open')
        throw new AppError('conflict', item.status === 'answered' ? 'This was already answered.' : 'This question was withdrawn.')
      const unknown = answers.find((given) => !item.questions.some((question) => question.id === given.id))
      if (unknown) throw new AppError('invalid_input', `no question has the id ${JSON.stringify(unknown.id)}`)
      const missing = item.questions.find((question) => !answers.some((given) => given.id === question.id))
      if (missing) throw new AppError('invalid_input', `This question also needs an answer: ${missing.text}`)
      const answered: QuestionItem = clean({ ...item, status: 'answered', answers, answeredBy: by })
      await replaceItem(tx, answered)
      const went = await deps.runs().answered(tx, session, answered)
      return { answered, stored: await appendItems(tx, sessionId, went.items, clock.now()), shown: went.shown, after: went.after }
    })
    const { status, answers: given, answeredBy } = done.answered
    const state = { status, answers: given, answeredBy }
    void publish.show(sessionId, [{ kind: 'items', items: done.stored }, { kind: 'state', id: itemId, state }, ...done.shown()])
    void publishSummary(sessionId)
    done.after()
  }

  return { answer }
}

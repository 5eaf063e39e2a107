import { Check, MessageCircleQuestion } from 'lucide-react'
import { useCallback, useId, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import type { SessionId } from '#shared/base/ids.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import { readQuestionState, sessionStates } from '#shared/sessions/doc.ts'
import type { QuestionItem } from '#shared/sessions/items.ts'
import { useCall } from '../api/use-call.ts'
import { describeError } from '../api/describe-error.ts'
import { useDocValue } from '../sync/use-document.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { fieldLook } from '../ui/field.tsx'

type Props = { item: QuestionItem; doc: Y.Doc; sessionId: SessionId; mayAnswer: boolean }

/** What the agent asks people, and their answer once it is given. */
export function QuestionCard({ item, doc, sessionId, mayAnswer }: Props) {
  const { t } = useTranslation('trajectory')
  const state = useDocValue(
    doc,
    useCallback((from: Y.Doc) => readQuestionState(from, item.id), [item.id]),
    sessionStates,
  )
  const { status, answers, answeredBy } = state ?? item
  const open = status === 'open'
  return (
    <section
      aria-label={t('question.name')}
      className={cx('mt-1.5 mb-1 ml-8 rounded-lg border bg-raised p-3.5', open ? 'border-line-strong' : 'border-line')}
    >
      {open && mayAnswer ? (
        <AnswerForm item={item} sessionId={sessionId} />
      ) : (
        <dl className="flex flex-col gap-3">
          {item.questions.map((question) => {
            const answer = answers?.find((given) => given.id === question.id)
            return (
              <div key={question.id}>
                <dt className="text-ui font-label">{question.text}</dt>
                <dd className="mt-0.5 text-ui text-fg-2">{answer ? answer.text : open ? t('question.waits') : t('question.none')}</dd>
              </div>
            )
          })}
        </dl>
      )}
      {status === 'answered' && (
        <p className="mt-2.5 flex items-center gap-1.5 text-small text-fg-3">
          <Check size={13} className="text-ok" />
          {answeredBy ? t('question.answeredBy', { name: answeredBy.name }) : t('question.answered')}
        </p>
      )}
      {status === 'cancelled' && <p className="mt-2.5 text-small text-fg-3">{t('question.cancelled')}</p>}
      {open && !mayAnswer && <p className="mt-2.5 text-small text-fg-3">{t('question.onlyEditors')}</p>}
    </section>
  )
}

function AnswerForm({ item, sessionId }: { item: QuestionItem; sessionId: SessionId }) {
  const { t } = useTranslation('trajectory')
  const base = useId()
  const [given, setGiven] = useState<Record<string, string>>({})
  const answer = useCall(sessionCalls.answerQuestion)
  const answers = item.questions.map((question) => ({ id: question.id, text: (given[question.id] ?? '').trim() }))
  const complete = answers.every(({ text }) => text !== '')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (complete) answer.mutate({ params: { id: sessionId, itemId: item.id }, body: { answers } })
      }}
      className="flex flex-col gap-4"
    >
      {item.questions.map((question) => (
        <div key={question.id}>
          <label htmlFor={`${base}-${question.id}`} className="flex gap-2 text-ui font-label">
            <MessageCircleQuestion size={15} className="mt-0.5 shrink-0 text-warn" aria-hidden />
            {question.text}
          </label>
          {question.options && (
            <div className="mt-2 flex flex-wrap gap-1.5" role="group" aria-label={question.text}>
              {question.options.map((option) => (
                <button
                  key={option}
                  type="button"
                  aria-pressed={given[question.id] === option}
                  onClick={() => setGiven({ ...given, [question.id]: option })}
                  className={cx(
                    'min-h-(--h-control) rounded-md border px-2.5 text-left text-ui transition-colors duration-(--d-hover)',
                    given[question.id] === option ? 'border-accent bg-accent-tint text-accent-text' : 'border-line-strong bg-raised hover:bg-sunken',
                  )}
                >
                  {option}
                </button>
              ))}
            </div>
          )}
          <input
            id={`${base}-${question.id}`}
            value={given[question.id] ?? ''}
            onChange={(event) => setGiven({ ...given, [question.id]: event.target.value })}
            placeholder={question.options ? t('question.ownWords') : t('question.yours')}
            autoComplete="off"
            className={`${fieldLook} mt-2 h-(--h-control-lg)`}
          />
        </div>
      ))}
      {answer.error && (
        <p role="alert" className="text-ui text-danger">
          {describeError(answer.error)}
        </p>
      )}
      <div>
        <Button type="submit" look="primary" disabled={!complete} busy={answer.isPending}>
          {t('question.answer')}
        </Button>
      </div>
    </form>
  )
}

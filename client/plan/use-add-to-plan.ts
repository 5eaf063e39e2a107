import { useCallback } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import type { SessionId, UserId } from '#shared/base/ids.ts'
import { addTodoFrom } from '#shared/board/doc.ts'
import { notify } from '../ui/notify.ts'

/** Makes a step of something that was said, and says so; undefined for those who may not write on the board. */
export function useAddToPlan(doc: Y.Doc, mayEdit: boolean, me: UserId, sessionId: SessionId | undefined): ((said: string) => void) | undefined {
  const { t } = useTranslation('plan')
  const add = useCallback(
    (said: string) => {
      const todo = doc.transact(() => addTodoFrom(doc, said, Date.now(), { createdBy: me, sessionId: sessionId ?? null }))
      if (todo) notify.success(t('added'), { id: 'added-to-plan', description: todo.text })
      else notify.error(t('notAdded'), { id: 'added-to-plan' })
    },
    [doc, t, me, sessionId],
  )
  return mayEdit ? add : undefined
}

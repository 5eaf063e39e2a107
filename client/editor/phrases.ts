import type { Translate } from '../i18n/keys.ts'

/** The words of the editor's own panels and announcements, in the language of the interface. */
export const phrasesOf = (t: Translate<'editor'>): Record<string, string> => ({
  'Control character': t('controlCharacter'),
  Find: t('find'),
  Replace: t('replaceWith'),
  next: t('next'),
  previous: t('previous'),
  all: t('all'),
  'match case': t('matchCase'),
  regexp: t('regexp'),
  'by word': t('byWord'),
  replace: t('replace'),
  'replace all': t('replaceAll'),
  close: t('close'),
  'current match': t('currentMatch'),
  'on line': t('onLine'),
  'replaced match on line $': t('replacedOnLine'),
  'replaced $ matches': t('replacedMatches'),
  'Go to line': t('goToLine'),
  go: t('go'),
  'Selection deleted': t('selectionDeleted'),
})

import { changesOf } from '../ui/changes.ts'

/** A stretch of a text that was edited: kept, taken out or put in. */
export type Stretch = { kind: 'same' | 'removed' | 'added'; text: string }

/** How one text became another, word by word. Joined without `removed` it is `after`, without `added` it is `before`. */
export const changeOf = (before: string, after: string): Stretch[] =>
  changesOf(before.split(/(\s+)/), after.split(/(\s+)/))
    .map(({ kind, parts }) => ({ kind, text: parts.join('') }))
    .filter(({ text }) => text !== '')

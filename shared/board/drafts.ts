import type * as Y from 'yjs'

/** Texts that everybody writes in before they are used: `draft:python` is the next cell. */
export const boardDraft = (doc: Y.Doc, name: 'python'): Y.Text => doc.getText(`draft:${name}`)

import type * as Y from 'yjs'

/** Texts that everybody writes in before they are used: `draft:python` is the next cell. */
export const draftNames = ['python'] as const

export const draftRoot = (name: (typeof draftNames)[number]) => `draft:${name}`

export const boardDraft = (doc: Y.Doc, name: (typeof draftNames)[number]): Y.Text => doc.getText(draftRoot(name))

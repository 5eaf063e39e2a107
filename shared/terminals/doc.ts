import type * as Y from 'yjs'
import { memoParse } from '../base/memo-parse.ts'
import { Terminal } from './schema.ts'

/** `terminals` of the project document: id → Terminal, written by the server. */
export const projectTerminals = (doc: Y.Doc) => doc.getMap<unknown>('terminals')

const parse = memoParse(Terminal)

/** In the order in which they were opened. */
export const readTerminals = (doc: Y.Doc): Terminal[] =>
  [...projectTerminals(doc).values()]
    .map(parse)
    .filter((terminal) => terminal !== undefined)
    .sort((a, b) => a.createdAt - b.createdAt)

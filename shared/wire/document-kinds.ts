type Facts = {
  /** Who writes it: the server alone, or also people who may. */
  writtenBy: 'server' | 'people'
  /** What its name begins with after the kind, and how it finds its room: the project itself, or a session of it. */
  room: 'project' | 'session'
  /** Whether a file's path follows in its name. */
  hasPath: boolean
  /** Whether presence on it says who is in the room. On others it is what editors show: a cursor. */
  showsPeople: boolean
  /** Whether a client may join it that speaks y-websocket and nothing of ours (`/yjs/<document>`). */
  plainYjs: boolean
}

/**
 * The kinds of shared document, and what both sides know of each: names are made of it. Who may read and write which, its bounds and
 * what may stand in it is the server's: `server/sync/document-kinds.ts`.
 */
export const documentKinds = {
  project: { writtenBy: 'server', room: 'project', hasPath: false, showsPeople: true, plainYjs: true },
  session: { writtenBy: 'server', room: 'session', hasPath: false, showsPeople: false, plainYjs: true },
  python: { writtenBy: 'server', room: 'project', hasPath: false, showsPeople: false, plainYjs: true },
  board: { writtenBy: 'people', room: 'project', hasPath: false, showsPeople: false, plainYjs: true },
  file: { writtenBy: 'people', room: 'project', hasPath: true, showsPeople: false, plainYjs: true },
} as const satisfies Record<string, Facts>

export type DocumentKind = keyof typeof documentKinds

import { maxUpdateBytes } from '#shared/wire/bounds.ts'

/**
 * Every bound of the sockets and of the log, in one place; that of a whole document stands with its kind in `document-kinds.ts`. Bytes and
 * ms unless the name says otherwise.
 */
export const limits = {
  /** One update: a larger one is refused, and costs its sender that document alone. */
  updateBytes: maxUpdateBytes,
  /** One websocket frame that holds no update. A larger one closes its socket with 4413. */
  frameBytes: 2 * 1024 * 1024,
  /** What is read of a frame to see which document its update is for. A larger one closes its socket with 4413, unread. */
  readBytes: 8 * 1024 * 1024,
  /** What a socket may send: reading pauses when the allowance is used up, so that nothing is lost. */
  frames: { burst: 5_000, perSecond: 2_000 },
  bytesIn: { burst: 16 * 1024 * 1024, perSecond: 4 * 1024 * 1024 },
  /** Whole-state answers (first sync steps), in bytes of the documents asked for, per socket and per person. */
  syncPerSocket: { burst: 32 * 1024 * 1024, perSecond: 2 * 1024 * 1024 },
  syncPerPerson: { burst: 256 * 1024 * 1024, perSecond: 32 * 1024 * 1024 },
  /** The least a first sync step costs. */
  syncFloor: 4 * 1024,
  /** A first sync step that would wait longer than this closes its socket with 4429. */
  syncWaitMs: 10_000,
  /** Unsent bytes of a reader: past `soft` for `softMs`, or past `hard` at once, it is closed with 4408. */
  unsent: { soft: 1024 * 1024, softMs: 10_000, hard: 16 * 1024 * 1024 },
  documentsPerSocket: 500,
  /** Of one person, over all their sockets. */
  documentsPerPerson: 4_000,
  /** Documents of one person that are being opened at once; the rest of theirs waits. */
  openingPerPerson: 8,
  /** Sockets that nobody has signed in on, from one address, and how long one may stay so. */
  namelessPerAddress: 256,
  namelessMs: 20_000,
  /** JSON of one awareness state, and clients one connection may show. */
  presenceBytes: 4 * 1024,
  presenceClients: 4,
  /** One value (a field of a todo) on a board or in a file's document. */
  valueBytes: 64 * 1024,
  /** Lists and objects inside one another, in one value. */
  valueDepth: 32,
  /** Edits refused in a row because something before them is missing. */
  gaps: 50,
  pingMs: 20_000,
  /** Credentials are checked again this often: an expiry has no event. */
  recheckMs: 60_000,
} as const

export const logLimits = {
  flushMs: 50,
  /** Updates and bytes that are merged into one row. */
  mergeUpdates: 200,
  mergeBytes: 192 * 1024,
  rowBytes: 256 * 1024,
  announceMs: 200,
  retryMs: { first: 100, most: 5_000 },
  /** A snapshot is due after this many rows or bytes, or as many as its size warrants: see `snapshotDue`. */
  snapshotRows: 1_000,
  snapshotBytes: 2 * 1024 * 1024,
  /** A document nobody uses stays loaded this long. */
  lingerMs: 10_000,
} as const

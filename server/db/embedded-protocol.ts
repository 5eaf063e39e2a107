/** Messages between the thread that asks and the thread that holds PGlite. */
export type Operation =
  /** `plainTypes` leaves times and numerics as text, as Drizzle wants them. */
  | { kind: 'query'; sql: string; params: unknown[]; rowMode: 'array' | 'object'; plainTypes: boolean; inTransaction: boolean }
  | { kind: 'exec'; sql: string; inTransaction: boolean }
  | { kind: 'dump'; path: string }
  /** Brings a copy of the folder level: torn, while everything goes on, or at one moment, in its turn. */
  | { kind: 'copy'; into: string; when: 'ahead' | 'in turn' }
  | { kind: 'close' }

export type WorkerRequest = { id: number; operation: Operation }

export type QueryResult = { rows: unknown[]; fields: { name: string; dataTypeID: number }[]; affectedRows?: number }

/** What survives the way between threads of an error of the database. */
export type ErrorFields = { message: string; code?: string; detail?: string; constraint?: string; table?: string; column?: string }

export type WorkerAnswer = { id: number; result: unknown } | { id: number; error: ErrorFields }

export type WorkerMessage =
  | { kind: 'ready' }
  | { kind: 'failed'; message: string }
  | { kind: 'answer'; answer: WorkerAnswer }
  | { kind: 'log'; message: string; detail: string }

export type WorkerSettings = {
  /** The database's folder; in memory without one. */
  folder: string | undefined
  /** Where copies go; none are made without one. */
  backups: string | undefined
  /** A dump to begin from. */
  template: string | undefined
}

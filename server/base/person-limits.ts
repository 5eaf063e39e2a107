/** What one person may have at a time, so that nobody takes the room of the others. Far beyond what work needs. */
export const personLimits = {
  /** Open websockets, over all tabs, devices and keys. */
  sockets: 500,
  /** Open streams of session events. */
  eventStreams: 100,
  /** Projects and sessions they have made, and which are still there. */
  projects: 1_000,
  sessions: 10_000,
  /** Bytes of what tools kept aside, over all projects they have made. */
  artifactBytes: 10 * 1024 ** 3,
} as const

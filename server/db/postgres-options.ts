/** `bigint` columns and counts are below 2^53 here: numbers, as on the embedded database. */
export const connectionOptions = {
  /** Seconds between attempts to connect: the driver's own go up to 20, long after the database is back. */
  backoff: (retries: number) => Math.min(3 ** retries / 100, 1),
  onnotice: () => undefined,
  types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } },
}

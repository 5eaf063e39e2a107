/** Keys of Postgres' advisory locks: any numbers, as long as each is here once. Sessions have hashes of their ids, which are far larger. */
export const advisoryLocks = {
  /** Two servers that start at once migrate one after the other. */
  migration: 727_031_977,
  /** The first account is made once. */
  signUp: 727_031_978,
  /** One server works on a database. */
  server: 727_031_979,
  /** The last admin stays: two of them are not ended at once. */
  people: 727_031_980,
  /** Of several processes one at a time gives places to sandboxes. */
  sandboxPlaces: 727_031_981,
} as const

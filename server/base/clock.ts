/** Where "now" comes from, so that a test can set it. Epoch ms. */
export type Clock = { now(): number }

export const systemClock: Clock = { now: () => Date.now() }

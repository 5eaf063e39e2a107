/** In ms. A process that says nothing for `leaseMs` has lost its rooms to whoever asks for them. */
export const leaseLimits = { leaseMs: 4_000, heartbeatMs: 1_000, pollMs: 100, lingerMs: 10_000 } as const

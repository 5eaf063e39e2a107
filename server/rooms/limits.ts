/** In ms. A process that says nothing for `leaseMs` has lost its rooms to whoever asks for them; whose a room is, is asked after `knownMs` again. */
export const leaseLimits = { leaseMs: 3_000, heartbeatMs: 500, pollMs: 100, lingerMs: 10_000, knownMs: 300 } as const

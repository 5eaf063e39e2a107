import { z } from 'zod'

/*
 * What callers may say to the control API. Objects are strict: an option that is not kept is refused with its name, never
 * taken in silence.
 */

const Seconds = z
  .number()
  .int()
  .min(0)
  .max(30 * 86_400)
const Words = z.record(z.string().max(200), z.string().max(10_000))

/** May be left out; anything else is refused with the reason. */
const refused = (error: string) => z.null({ error }).optional()
const notHere = 'is not kept by the local host: leave it out'

/** E2B's sentinel for every address. */
const allTraffic = ['0.0.0.0/0', '::/0']
const ofTheHost = 'is not kept by the local host, whose own list (ATRIUM_EGRESS) says which hosts can be reached'

const Network = z.strictObject({
  allowPublicTraffic: z.boolean().nullish(),
  denyOut: z
    .array(z.string().max(300))
    .max(1000)
    .refine(
      (list) => list.every((each) => allTraffic.includes(each)),
      `may only be ${allTraffic[0]} here, which denies everything; one address ${ofTheHost}`,
    )
    .nullish(),
  allowOut: z.array(z.string()).max(0, ofTheHost).nullish(),
  rules: z.record(z.string(), z.never({ error: notHere }), { error: notHere }).nullish(),
  egressProxy: refused(notHere),
  maskRequestHost: refused(notHere),
  httpsPorts: z.array(z.number()).max(0, notHere).nullish(),
})

export const NewSandbox = z
  .strictObject({
    templateID: z.string().max(200).default('base'),
    metadata: Words.nullish(),
    envVars: Words.nullish(),
    timeout: Seconds.nullish(),
    /** Of older SDKs; every sandbox is secured. */
    secure: z.boolean().nullish(),
    autoPause: z.boolean().nullish(),
    autoPauseMemory: z.boolean().nullish(),
    autoResume: z.strictObject({ enabled: z.boolean() }).nullish(),
    allow_internet_access: z.boolean().nullish(),
    network: Network.nullish(),
    mcp: refused('servers cannot be started by the local host: leave it out'),
    iam: refused(notHere),
    volumeMounts: z.array(z.unknown()).max(0, 'volumes are not kept by the local host: leave it out').nullish(),
  })
  .refine(({ autoPause, autoResume }) => !autoResume?.enabled || autoPause, {
    path: ['autoResume'],
    error: 'needs a sandbox that is paused at the end of its time',
  })
  .refine(({ autoPauseMemory, autoResume }) => !autoResume?.enabled || autoPauseMemory !== false, {
    path: ['autoResume'],
    error: 'needs the memory of the sandbox to be kept',
  })
  .transform(({ network, ...rest }) => ({
    ...rest,
    internet: rest.allow_internet_access === false || (network?.denyOut?.length ?? 0) > 0 ? false : (rest.allow_internet_access ?? null),
    publicTraffic: network?.allowPublicTraffic !== false,
    keepMemory: rest.autoPauseMemory ?? rest.autoResume?.enabled ?? false,
  }))

export const Connect = z.strictObject({ timeout: Seconds.nullish(), memory: z.boolean().nullish(), autoPause: z.boolean().nullish() })
export const Timeout = z.strictObject({ timeout: Seconds })
export const Pause = z.strictObject({ memory: z.boolean().nullish() })

export const ListQuery = z.strictObject({
  metadata: z.string().optional(),
  state: z.string().optional(),
  startedAfter: z.coerce.date().optional(),
  template: z.string().optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
  limit: z.coerce.number().int().min(1).max(100).default(100),
  nextToken: z.coerce.number().int().min(0).optional(),
})
/** Seconds since 1970. */
export const MetricsQuery = z.strictObject({ start: z.coerce.number().optional(), end: z.coerce.number().optional() })

/** Calls of E2B's API that this host refuses: told from a sandbox that is not there, which a 404 would mean. */
const refusedCalls: [RegExp, string][] = [
  [
    /^(PUT|PATCH|POST) sandboxes\/[^/]+\/network$/,
    'the network of a sandbox cannot be changed while it runs: create it with allowInternetAccess: false',
  ],
  [/^POST sandboxes\/[^/]+\/(snapshots|fork)$/, 'snapshots and forks are not made by the local host'],
  [/^\w+ (snapshots|templates|volumes|volumecontent|secrets)\b/, 'snapshots, templates, volumes and secrets are not kept by the local host'],
]

/** @param path without the version in front @returns why, when this host refuses the call */
export const whyRefused = (method: string, path: string): string | undefined => refusedCalls.find(([call]) => call.test(`${method} ${path}`))?.[1]

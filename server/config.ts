import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { domainToASCII } from 'node:url'
import { z } from 'zod'
import { ModelId } from '#shared/models/schema.ts'
import { loopbackRanges, parseRange, privateRanges } from './base/addresses.ts'
import { cookiesMeet, hostNameOf, isAddress } from './base/host-names.ts'
import { problemOfDatabaseUrl } from './db/database-url.ts'
import type { OperatorCeilings } from './sandboxes/ceilings.ts'

/** An absent or empty variable means its default. */
const blank = (value: unknown) => (value === '' ? undefined : value)
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blank, schema.optional())
/** Whole numbers as people write them; `Number` alone would take `0x10`, `1e3` and blanks. */
const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.number().max(65535))
/** Goes into a header: a line break or a stray blank from a copied file would fail at the first call, far from here. */
const key = z.string().regex(/^[\x21-\x7e]+$/)
const hostRule = /^(?:\*|(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)$/
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== ''),
)
const hosts = list.pipe(z.array(z.string().regex(hostRule)))
/** Names in the form in which a browser sends them: what is not ASCII is encoded, an IPv6 address is in brackets. */
const ownNames = list.pipe(
  z.array(
    z.string().transform((name, context) => {
      if (isIP(name) === 6) return hostNameOf(`[${name}]`) ?? name
      const host = /^[\p{L}\p{M}\p{N}._-]+$/u.test(name) ? hostNameOf(domainToASCII(name)) : undefined
      if (host === undefined) context.addIssue('not a host name')
      return host ?? name
    }),
  ),
)
const groups: Record<string, readonly string[]> = { loopback: loopbackRanges, private: privateRanges }
/** `/0` would be everybody. */
const proxies = list
  .transform((items) => items.flatMap((item) => groups[item] ?? item))
  .pipe(z.array(z.string().refine((item) => (parseRange(item)?.bits ?? 0) > 0)))
/** A whole number from `least`, as people write it. */
const count = (least: number) =>
  optional(
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number)
      .pipe(z.number().min(least)),
  )
const flag = z.preprocess(blank, z.enum(['0', '1']).default('0')).transform((value) => value === '1')

/** Every variable Atrium reads. `.describe()` says what a value may be; a bad one stops the start with that sentence. */
const Environment = z.object({
  PORT: z.preprocess((value) => blank(value) ?? '3000', port).describe('a port from 0 to 65535'),
  HOST: z.preprocess(blank, z.string().min(1).default('127.0.0.1')).describe('an address to listen on, such as 127.0.0.1 or 0.0.0.0'),
  ATRIUM_HOSTS: z
    .preprocess((value) => value ?? '', ownNames)
    .describe('host names by which people reach this server, such as atrium.example.org, separated by commas, without a scheme or a port'),
  ATRIUM_TRUSTED_PROXIES: z
    .preprocess((value) => value ?? '', proxies)
    .describe(
      'addresses or ranges of the proxies in front of this server, such as 10.0.0.2, 172.18.0.0/16, loopback or private, separated by commas',
    ),
  ATRIUM_DATA_DIR: z.preprocess(blank, z.string().default('.atrium')).describe('a folder'),
  DATABASE_URL: optional(z.string()).describe('a postgres:// address'),
  OPENAI_API_KEY: optional(key).describe('a key of the model service, without blanks or line breaks'),
  OPENAI_BASE_URL: optional(z.url({ protocol: /^https?$/ })).describe('an http(s) address of an OpenAI-compatible API'),
  ATRIUM_MODEL: optional(ModelId).describe("a model's name, up to 200 printable characters"),
  E2B_API_KEY: optional(key).describe('a key of E2B, without blanks or line breaks'),
  ATRIUM_SANDBOX: optional(z.enum(['local', 'e2b', 'off'])).describe('local, e2b or off'),
  ATRIUM_SANDBOX_UNSAFE: flag.describe('0 or 1'),
  ATRIUM_SANDBOX_MAX_MEMORY: count(256).describe('megabytes, 256 or more'),
  ATRIUM_SANDBOX_MAX_CPUS: count(1).describe('a number of cores, 1 or more'),
  ATRIUM_SANDBOX_MAX_DISK: count(64).describe('megabytes, 64 or more'),
  ATRIUM_SANDBOX_MAX_PROCESSES: count(64).describe('a number of processes, 64 or more'),
  ATRIUM_SANDBOX_PER_PERSON: count(1).describe('a number of sandboxes, 1 or more'),
  ATRIUM_SANDBOX_RUNNING: count(1).describe('a number of sandboxes, 1 or more'),
  ATRIUM_SANDBOX_TOTAL_MEMORY: count(256).describe('megabytes, 256 or more'),
  ATRIUM_SIGNUP: z.preprocess(blank, z.enum(['invite', 'open']).default('invite')).describe('invite or open'),
  ATRIUM_HISTORY_MAX_DAYS: count(1).describe('a number of days, 1 or more'),
  ATRIUM_SECRET: optional(z.string().min(16)).describe('a secret of at least 16 characters'),
  ATRIUM_INTERNAL_URL: optional(z.url({ protocol: /^http$/ })).describe('an http address at which the other server processes reach this one'),
  ATRIUM_EGRESS: z
    .preprocess((value) => value ?? '', hosts)
    .describe('host names the sandbox may reach, such as example.org or *.example.org, separated by commas'),
  ATRIUM_PREVIEW_HOST: z
    .preprocess(
      blank,
      z
        .string()
        .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/)
        .default('localhost'),
    )
    .describe('a domain whose every subdomain leads to this server, such as preview.example.org'),
  ATRIUM_LOG_LEVEL: z
    .preprocess(blank, z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'))
    .describe('fatal, error, warn, info, debug, trace or silent'),
})

/** Their names, as the README lists them. */
export const settingNames = Object.keys(Environment.shape)

export type Config = {
  port: number
  host: string
  /** Names by which people reach the server, beside those of the machine itself: in lower case, without a port. */
  hosts: string[]
  /** Addresses and ranges whose `X-Forwarded-…` headers are believed. */
  trustedProxies: string[]
  /** Absolute. */
  dataDir: string
  databaseUrl: string | undefined
  /** `demo` when neither a key nor a base URL is given: the server then answers its own model calls. */
  model: { apiKey: string | undefined; baseUrl: string | undefined; name: string | undefined; demo: boolean }
  sandbox: { provider: 'local' | 'e2b' | 'off'; e2bApiKey: string | undefined; unsafe: boolean; egress: string[]; ceilings?: OperatorCeilings }
  signUp: 'invite' | 'open'
  /** The longest that any project keeps its history; undefined: for ever. */
  historyMaxDays?: number | undefined
  /** Of all processes that share a database. */
  secret: string | undefined
  /** Where other processes reach this one; guessed from what it listens on where it is undefined. */
  internalUrl?: string | undefined
  /** Web apps of sandboxes are shown at `<label>.<this>`. */
  previewHost: string
  logLevel: string
}

/** A variable that cannot be used; `message` is the one line the start stops with. */
export class ConfigError extends Error {}

/** @throws ConfigError naming the variable and what it may be. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const parsed = Environment.safeParse(env)
  if (!parsed.success) {
    const name = String(parsed.error.issues[0]?.path[0]) as keyof typeof Environment.shape
    throw new ConfigError(`${name} must be ${Environment.shape[name].description}.`)
  }
  const vars = parsed.data
  const problem = vars.DATABASE_URL && problemOfDatabaseUrl(vars.DATABASE_URL)
  if (problem) throw new ConfigError(`DATABASE_URL ${problem}.`)
  const provider = vars.ATRIUM_SANDBOX ?? (vars.E2B_API_KEY ? 'e2b' : 'local')
  if (provider === 'e2b' && !vars.E2B_API_KEY) throw new ConfigError('E2B_API_KEY must be set when ATRIUM_SANDBOX is e2b.')
  // A name to listen on is one to be reached by.
  const hosts = isAddress(vars.HOST) || vars.HOST === 'localhost' ? vars.ATRIUM_HOSTS : [...vars.ATRIUM_HOSTS, vars.HOST.toLowerCase()]
  refuseSharedCookies(vars.ATRIUM_PREVIEW_HOST, hosts)
  return {
    port: vars.PORT,
    host: vars.HOST,
    hosts,
    trustedProxies: vars.ATRIUM_TRUSTED_PROXIES,
    dataDir: resolve(vars.ATRIUM_DATA_DIR),
    databaseUrl: vars.DATABASE_URL,
    model: {
      apiKey: vars.OPENAI_API_KEY,
      baseUrl: vars.OPENAI_BASE_URL,
      name: vars.ATRIUM_MODEL,
      demo: !vars.OPENAI_API_KEY && !vars.OPENAI_BASE_URL,
    },
    sandbox: {
      provider,
      e2bApiKey: vars.E2B_API_KEY,
      unsafe: vars.ATRIUM_SANDBOX_UNSAFE,
      egress: vars.ATRIUM_EGRESS,
      ceilings: {
        memoryMb: vars.ATRIUM_SANDBOX_MAX_MEMORY,
        cpus: vars.ATRIUM_SANDBOX_MAX_CPUS,
        diskMb: vars.ATRIUM_SANDBOX_MAX_DISK,
        processes: vars.ATRIUM_SANDBOX_MAX_PROCESSES,
        perPerson: vars.ATRIUM_SANDBOX_PER_PERSON,
        running: vars.ATRIUM_SANDBOX_RUNNING,
        totalMemoryMb: vars.ATRIUM_SANDBOX_TOTAL_MEMORY,
      },
    },
    signUp: vars.ATRIUM_SIGNUP,
    historyMaxDays: vars.ATRIUM_HISTORY_MAX_DAYS,
    secret: vars.ATRIUM_SECRET,
    internalUrl: vars.ATRIUM_INTERNAL_URL,
    previewHost: vars.ATRIUM_PREVIEW_HOST,
    logLevel: vars.ATRIUM_LOG_LEVEL,
  }
}

/** A page of a preview may set cookies for every domain above its own, down to the one that nobody owns. */
function refuseSharedCookies(previewHost: string, hosts: readonly string[]): void {
  const met = hosts.find((host) => cookiesMeet(previewHost, host))
  if (met === undefined) return
  throw new ConfigError(
    `ATRIUM_PREVIEW_HOST must be a domain that is neither ${met} (ATRIUM_HOSTS) nor below or above it: a page that is shown at ${previewHost} could set cookies there and sign people in as somebody else.`,
  )
}

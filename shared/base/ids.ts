import { z } from 'zod'

/**
 * Ids are a prefix and a UUID: `prj_0190a6e0-…`. Made by client or server as UUIDv7, so that they sort by time; a retry
 * with the same id is harmless. Hyphens are optional in what arrives.
 */
const uuid = '[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}'

const prefixed = <B extends string>(prefix: string, brand: B) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_${uuid}$`), `expected an id of the form ${prefix}_<uuid>`)
    .brand<B>(brand)

export const UserId = prefixed('usr', 'UserId')
export type UserId = z.infer<typeof UserId>
export const ProjectId = prefixed('prj', 'ProjectId')
export type ProjectId = z.infer<typeof ProjectId>
export const SessionId = prefixed('ses', 'SessionId')
export type SessionId = z.infer<typeof SessionId>
export const RunId = prefixed('run', 'RunId')
export type RunId = z.infer<typeof RunId>
export const StepId = prefixed('stp', 'StepId')
export type StepId = z.infer<typeof StepId>
export const WaitId = prefixed('wai', 'WaitId')
export type WaitId = z.infer<typeof WaitId>
export const ApprovalId = prefixed('apr', 'ApprovalId')
export type ApprovalId = z.infer<typeof ApprovalId>
export const InviteId = prefixed('inv', 'InviteId')
export type InviteId = z.infer<typeof InviteId>
export const ApiKeyId = prefixed('key', 'ApiKeyId')
export type ApiKeyId = z.infer<typeof ApiKeyId>
export const TodoId = prefixed('tdo', 'TodoId')
export type TodoId = z.infer<typeof TodoId>
export const ArtifactId = prefixed('art', 'ArtifactId')
export type ArtifactId = z.infer<typeof ArtifactId>
export const ConflictId = prefixed('cfl', 'ConflictId')
export type ConflictId = z.infer<typeof ConflictId>
/** Of offline edits. Browsers and documents have stored this prefix. */
export const OfflineEditsId = prefixed('hin', 'OfflineEditsId')
export type OfflineEditsId = z.infer<typeof OfflineEditsId>
export const CellId = prefixed('cel', 'CellId')
export type CellId = z.infer<typeof CellId>
/** Made by whoever opens it; a name will do: `main`. Unique in its project. */
export const TerminalId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected letters, digits, hyphens and underscores')
  .brand<'TerminalId'>()
export type TerminalId = z.infer<typeof TerminalId>
export const RuleId = prefixed('rul', 'RuleId')
export type RuleId = z.infer<typeof RuleId>
/** Messages are items; a client may make their ids with either prefix. */
export const ItemId = prefixed('(?:itm|msg)', 'ItemId')
export type ItemId = z.infer<typeof ItemId>

/** Agents are named by their profile's id, a slug: `builder`. */
export const AgentId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, 'expected a lower-case slug')
  .brand<'AgentId'>()
export type AgentId = z.infer<typeof AgentId>

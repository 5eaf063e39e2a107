import type { ToolServices } from '../tools/services.ts'
import { builderProfile } from './builder.ts'
import type { Profile } from './define.ts'

/**
 * Makes the profiles in code, the one that answers when no agent is named first.
 * @param made `model`: the configured one, as `provider:modelId`; `services`: what tools work with
 */
export type MakeProfiles = (made: { model: string; services: ToolServices }) => readonly Profile[]

export const builtInProfiles: MakeProfiles = (made) => [builderProfile(made)]

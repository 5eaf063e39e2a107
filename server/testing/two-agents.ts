import { filesystem } from '../profiles/capabilities/filesystem.ts'
import { people } from '../profiles/capabilities/people.ts'
import { shell } from '../profiles/capabilities/shell.ts'
import { builderProfile } from '../profiles/builder.ts'
import type { MakeProfiles } from '../profiles/built-in.ts'
import { defineProfile } from '../profiles/define.ts'

/** Builder, and a second agent that looks around: it answers when it is named. */
export const twoAgents: MakeProfiles = ({ model, services }) => [
  builderProfile({ model, services }),
  defineProfile({
    id: 'scout',
    name: 'Scout',
    description: 'Looks around and tells what it found.',
    version: process.env.ATRIUM_TEST_SCOUT_VERSION ?? '1',
    agent: { model, prompt: 'You are Scout. Look around and tell what you found.', maxTurns: 20 },
    capabilities: [filesystem(services), shell(services), people()],
    permissions: { run_command: 'ask', '*': 'allow' },
  }),
]

import type agents from './en/agents.json'
import type approvals from './en/approvals.json'
import type auth from './en/auth.json'
import type commands from './en/commands.json'
import type common from './en/common.json'
import type composer from './en/composer.json'
import type desktop from './en/desktop.json'
import type editor from './en/editor.json'
import type errors from './en/errors.json'
import type files from './en/files.json'
import type home from './en/home.json'
import type missing from './en/missing.json'
import type models from './en/models.json'
import type notices from './en/notices.json'
import type plan from './en/plan.json'
import type presence from './en/presence.json'
import type preview from './en/preview.json'
import type python from './en/python.json'
import type room from './en/room.json'
import type sandbox from './en/sandbox.json'
import type settings from './en/settings.json'
import type terminal from './en/terminal.json'
import type trace from './en/trace.json'
import type trajectory from './en/trajectory.json'

/** One namespace a feature. English is the source: its keys are the keys there are. */
export type Resources = {
  agents: typeof agents
  approvals: typeof approvals
  auth: typeof auth
  commands: typeof commands
  common: typeof common
  composer: typeof composer
  desktop: typeof desktop
  editor: typeof editor
  errors: typeof errors
  files: typeof files
  home: typeof home
  missing: typeof missing
  models: typeof models
  notices: typeof notices
  plan: typeof plan
  presence: typeof presence
  preview: typeof preview
  python: typeof python
  room: typeof room
  sandbox: typeof sandbox
  settings: typeof settings
  terminal: typeof terminal
  trace: typeof trace
  trajectory: typeof trajectory
}

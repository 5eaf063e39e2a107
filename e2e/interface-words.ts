import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../server/launch/root.mjs'

export type Language = 'en' | 'zh-CN'

/** The names by which people find what they press, in the words of the interface. */
export function interfaceWords(language: Language) {
  const name = (namespace: string, path: string): string => {
    const file = join(root, 'client', 'i18n', language, `${namespace}.json`)
    const found = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], JSON.parse(readFileSync(file, 'utf8')))
    if (typeof found !== 'string') throw new Error(`${namespace}.json has no ${path}`)
    return found
  }
  return {
    name: name('auth', 'name'),
    email: name('auth', 'email'),
    password: name('auth', 'password'),
    createAccount: name('auth', 'createAccount'),
    newProject: name('home', 'newProject'),
    projectName: name('home', 'name'),
    createProject: name('home', 'create'),
    message: name('composer', 'message'),
    send: name('composer', 'send'),
    more: name('composer', 'more'),
    to: name('composer', 'to'),
    toAgent: (agent: string) => name('composer', 'toAgent').replace('{{agent}}', agent),
    toPeople: name('composer', 'toPeople'),
    people: name('composer', 'people'),
    howRead: name('composer', 'howRead'),
    steer: name('composer', 'mode.steer'),
    openThePage: name('preview', 'madePage'),
    approve: name('approvals', 'approve'),
    share: name('room', 'share'),
    createLink: name('settings', 'invites.create'),
    inviteLink: name('settings', 'invites.link'),
    desktopTab: name('presence', 'tabs.desktop'),
    panesName: name('room', 'panes'),
    panes: {
      talk: name('room', 'pane.talk'),
      plan: name('room', 'pane.plan'),
      workspace: name('room', 'pane.workspace'),
      approvals: name('room', 'pane.approvals'),
    },
  }
}

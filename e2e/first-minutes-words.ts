import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../server/launch/root.mjs'

type Language = 'en' | 'zh-CN'

const said = {
  en: {
    project: 'Tides',
    firstTask: 'Build a small web page about tides',
    slow: 'Take 5 steps',
    steer: 'Please keep each step short',
    chart: 'plot a sine wave',
    unknown: 'What is the capital of France?',
    desktop: 'Open the desktop and click into a terminal',
  },
  'zh-CN': {
    project: '潮汐',
    firstTask: '帮我做一个关于潮汐的网页',
    slow: '分 5 步慢慢做',
    steer: '每一步都简短一点',
    chart: '画一条正弦曲线',
    unknown: '法国的首都是哪里？',
    desktop: '打开桌面，点进终端',
  },
}

/** What the two people say, and the names by which they find what they press, as the interface has them. */
export function wordsOf(language: Language) {
  const name = (namespace: string, path: string): string => {
    const file = join(root, 'client', 'i18n', language, `${namespace}.json`)
    const found = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], JSON.parse(readFileSync(file, 'utf8')))
    if (typeof found !== 'string') throw new Error(`${namespace}.json has no ${path}`)
    return found
  }
  return {
    ...said[language],
    name: name('auth', 'name'),
    email: name('auth', 'email'),
    password: name('auth', 'password'),
    createAccount: name('auth', 'createAccount'),
    newProject: name('home', 'newProject'),
    projectName: name('home', 'name'),
    createProject: name('home', 'create'),
    message: name('composer', 'message'),
    send: name('composer', 'send'),
    approve: name('approvals', 'approve'),
    share: name('room', 'share'),
    createLink: name('settings', 'invites.create'),
    inviteLink: name('settings', 'invites.link'),
    desktopTab: name('presence', 'tabs.desktop'),
    panesName: name('room', 'panes'),
    panes: { plan: name('room', 'pane.plan'), workspace: name('room', 'pane.workspace'), approvals: name('room', 'pane.approvals') },
  }
}

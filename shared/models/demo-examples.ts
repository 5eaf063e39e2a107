/** Requests to try with the demo model, the best first; each does something visible in a room. */
export const demoExamples: Readonly<Record<'en' | 'zh-CN', readonly string[]>> = {
  en: [
    'Build a small web page about tides',
    'Plan a launch party',
    'Plot a sine wave',
    'Write notes.md about tides',
    'Run `ls -la`',
    'Ask me which colour I like',
    'Take 5 steps',
    'What can you do?',
  ],
  'zh-CN': [
    '做一个关于潮汐的网页',
    '计划一个生日聚会',
    '画一条正弦曲线',
    '写一个关于月亮的 moon.md',
    '运行 `ls -la`',
    '问我喜欢什么颜色',
    '分 5 步慢慢做',
    '你能做什么？',
  ],
}

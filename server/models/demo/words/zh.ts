import type { PageKind } from '../pages/wish.ts'
import { colourInChinese } from '../understanding/colours.ts'
import type { Words } from './en.ts'
import { firstName } from './first-name.ts'

const to = (by: string | undefined) => (by ? `，${firstName(by)}` : '')
const call = (by: string | undefined) => (by ? `${firstName(by)}，` : '')

const apps: Record<Exclude<PageKind, 'topic' | 'landing'>, string> = {
  todo: '待办应用',
  calculator: '计算器',
  countdown: '倒计时',
  clock: '时钟',
  stopwatch: '秒表',
}
const nameOf = (kind: PageKind, topic: string) => (kind === 'topic' ? `关于${topic}的网页` : kind === 'landing' ? `${topic}的主页` : apps[kind])
/** A space between Chinese and Latin script. */
const spaced = (text: string) => (/^[\x21-\x7e]/.test(text) ? ` ${text} ` : text)

/** Everything the demo model says in Chinese. */
export const zh: Words = {
  to,
  capital: (text) => text,

  noted: (heard) => `收到：${heard.join('；')}。`,
  heard: (by, text) => `${by ? `${firstName(by)}说` : ''}“${text}”`,
  noTool: (tool) => `这件事要用到工具 \`${tool}\`，但这里没有。`,
  denied: (why) => `好的，那就不做了。${why}`.trim(),
  // The commonest reason comes from a tool, in English.
  failed: (why) => `没有成功：${why.replace(/(\S+) does not exist\.$/, '`$1` 不存在。')}`,
  noResult: (tool) => `${tool} 的结果我没有收到。`,

  hello: (by) =>
    `${by ? `${firstName(by)}，你好` : '你好'}！我是演示模型，不需要密钥，会做的事有限，但做出来的文件、计划和命令都是真的。可以从这几件事开始：`,
  helloNext: ['做一个关于潮汐的网页', '计划一个生日聚会', '你能做什么？'],
  thanks: (by) => `不客气${to(by)}。还有需要随时叫我。`,
  about: (by) =>
    `${call(by)}我是 Builder，由演示模型驱动：它是服务器上的一个小程序，只认识一部分请求，并不是语言模型；但文件、计划和命令都是真的。配置 API 密钥后，会由真正的模型来回答。`,
  aboutNext: ['你能做什么？', '做一个关于潮汐的网页', '画一条正弦曲线'],
  unknown: (by) => `${call(by)}这句话我没听懂。我是演示模型，会做的事有限，比如这三件：`,
  unknownNext: ['做一个关于潮汐的网页', '画一条正弦曲线', '你能做什么？'],
  unknownAfterPage: ['预览网页', '换成蓝色', '你能做什么？'],
  unknownAfterFile: (path) => [`总结一下 ${path}`, `读一下 ${path}`, '你能做什么？'],
  help: (by) =>
    `${call(by)}我能帮忙做这几类事：\n\n- **制作**：网页和小应用、笔记、计划\n- **处理文件**：读取、总结、修改、搜索\n- **使用机器**：命令、Python 与图表、桌面、预览\n- **展示房间的功能**：提问、审批、可以中途引导的步骤、故障\n\n完整列表见 README。可以先试试：`,
  helpNext: ['做一个关于潮汐的网页', '画一条正弦曲线', '计划一个生日聚会'],

  who: (by, people) =>
    [
      by ? `你是${spaced(by).trimEnd()}。` : '你还没告诉我你的名字。',
      people.length > 1 ? `到目前为止，在这个会话里发过言的有：${people.join('、')}。` : '这个会话里还没有其他人发言。',
    ].join(''),

  page: {
    intro: (kind, topic) => `我来做一个${nameOf(kind, topic)}。先列计划。`,
    thought: (kind, topic) => `${nameOf(kind, topic)}：一个文件写内容，一个写样式，一个写脚本，最后检查它们是否配套。`,
    todos: (kind, topic) => [`编写${nameOf(kind, topic)}`, '设计样式', '添加脚本', '检查结果'],
    html: '先写内容。',
    css: (colour) => `再写样式，主色用${colour}。`,
    js: '然后写脚本，让它能用。',
    wave: '然后写一段画波浪的脚本。',
    written: '三个文件都写好了。',
    check: '检查一下网页是否完整。',
    checked: '所需的文件都齐了。',
    unchecked: (why) => `最后的检查跳过了${why ? `（“${why}”）` : ''}。`,
    ready: (kind, topic, by, path, colour, checked) =>
      `${call(by)}${nameOf(kind, topic)}做好了：\`${path}\`，主色是${colour}。${checked}\n\n接下来做什么？`,
    next: ['预览网页', '换成蓝色', '换成深红'],
    recolour: (colour) => `把主色改成${colour}。`,
    recoloured: (kind, topic, colour, by, path) => `${call(by)}${nameOf(kind, topic)}现在是${colour}的了：\`${path}\`。`,
    stopped: (again) => `我先停在这里。要重新开始，请说“${again}”。`,
    none: '我还没有在这里做过网页。可以先做一个：',
    noGame: '我不会做游戏，不过可以做这些：',
    noneNext: ['做一个待办事项应用', '写一个计算器', '做一个关于潮汐的网页'],
    colour: colourInChinese,
    defaultTopic: '潮汐',
    shop: '小店',
  },

  preview: {
    cannot: '这个房间里无法启动网页应用。',
    write: '这次对话里还没有网页，我先写一个小的。',
    server: '网页需要一个服务器，我先写一个小的：`serve.mjs`。',
    serve: (path) => `接着在大家都能看到的终端里启动它，打开 \`${path}\`。`,
    offer: '再把它放到预览里。',
    title: '网页服务器',
    hello: '来自沙盒的问候',
    runs: (name, by, path) => `${call(by)}${name}已经运行。可以在“预览”标签页里查看 \`${path}\`，服务器的输出在“终端”标签页里。`,
    small: '小网页',
    built: (topic) => `${spaced(topic).trim()}网页`,
  },

  plan: {
    intro: (topic) => `这是“${topic}”的计划。`,
    steps: (topic) => [`明确“${topic}”的完成标准`, '列出需要的东西', '分工', '动手做，并做好记录', '一起回顾'],
    party: (topic) => [
      `确定${topic}的时间和地点`,
      '列出客人名单并发出邀请',
      '准备食物、饮料和音乐',
      '分配每个人要带的东西和要做的事',
      '布置、庆祝、收拾',
    ],
    release: (topic) => [`确定${topic}包含的内容`, '修好不能带着上线的问题', '像用户一样测试一遍', '写更新说明', '发布并观察，随时准备回退'],
    trip: (topic) => [`确定${topic}的日期和预算`, '预订交通和住宿', '列出要带的东西', '告诉大家集合的时间和地点', '提前一天检查证件和车票'],
    extra: (topic) => `感谢每个人：${topic}`,
    done: (topic, count) => `“${topic}”的计划已经放到看板上，共 ${count} 步，另有一条建议可以采纳或忽略。每个人都可以修改、调整顺序或勾选完成。`,
    defaultTopic: '这项工作',
  },

  ask: {
    colour: { text: '你最喜欢哪种颜色？', options: ['蓝色', '绿色', '红色', '青色'] },
    own: (about) => `${about}？`,
    intro: (by) => `${call(by)}我有一个问题。`,
    thanks: (said) => `谢谢！你的回答是：${said}`,
  },
  approval: { intro: '这一步需要你们批准。', defaultTopic: '继续', approved: (what) => `已批准：${what}` },

  python: {
    none: '这个房间里没有 Python。',
    intro: { graph: '我用 Python 来画。', chart: '我用 Python 来画图表。', run: '我用 Python 来运行。', compute: '我用 Python 来算。' },
    ran: '代码运行完毕，没有输出。',
    graph: (what) => `${what} 的图像画好了。`,
    chart: '图表画好了。',
    figure: '图画好了。',
    result: '结果如下：',
    sample: '图中是示例数据；把你的数据发给我，我就用它来画。',
    months: ['1月', '2月', '3月', '4月', '5月', '6月'],
    parts: ['房租', '餐饮', '出行', '其他'],
    inAll: '（合计）',
    number: 'n',
    square: 'n²',
    made: '示例数据',
  },

  desktop: {
    none: '这个房间里没有桌面。',
    openTerminal: '我在桌面上打开一个终端。',
    click: '在里面点一下。',
    type: '输入一句问候语。',
    greeting: 'echo Hello from Builder',
    look: '看看结果如何。',
    openBrowser: '我在桌面上打开浏览器。',
    visit: (url) => `我在桌面上打开 ${url}。`,
    screenshot: '我给桌面截一张图。',
    wait: (then) => `等桌面空出来，我再继续。${then}`,
    done: (by) => `${call(by)}做好了：我打开了一个终端，在里面点了一下，输入了一句问候语。可以在“桌面”标签页里观看，或者接过控制。`,
    opened: (by, what) => `${call(by)}${spaced(what).trim()}已经在桌面上打开。你可以在“桌面”标签页里接过控制。`,
    browser: '浏览器',
    seen: (by) => `${call(by)}这就是桌面现在的样子。实时画面在“桌面”标签页里。`,
    noBrowser: '这个沙盒里没有安装浏览器，所以打不开。可以用终端，也可以在“预览”标签页里看网页。',
    noBrowserNext: ['打开桌面，点进终端', '启动一个网页应用并预览', '你能做什么？'],
  },

  files: {
    read: (path) => `我来读 \`${path}\`。`,
    has: (path, lines) => `\`${path}\` 共 ${lines} 行，开头是：`,
    listing: (folder) => (folder ? `列出 \`${folder}\` 里的文件。` : '列出工作区里的文件。'),
    entries: (count) => `共有 ${count} 项：`,
    none: '还没有文件。',
    found: '找到这些：',
    search: (what) => `我来搜索“${what}”。`,
    noMatch: (what) => `没有任何一行包含“${what}”。`,
    matches: (count) => `找到 ${count} 行：`,
    which: '你指的是哪个文件？请写出文件名，例如“读一下 notes.md”。',
    write: (path) => `我来写 \`${path}\`。`,
    written: (path) => `\`${path}\` 写好了。`,
    writtenNext: (path) => [`总结一下 ${path}`, `在 ${path} 里加一行关于月亮的内容`, '列出所有文件'],
    note: (subject, lines) =>
      `# ${subject}\n\n关于${subject}的简短笔记，由演示模型撰写。\n\n${(lines ?? [`我们对${subject}已有的了解`, `关于${subject}还想弄清的事`, '可以向谁请教']).map((line) => `- ${line}\n`).join('')}`,
    ideas: (count) =>
      `# 点子\n\n${[
        '问三个人：最舍不得什么？',
        '今天就做出最小的版本，拿给人看。',
        '每周记下一件出乎意料的事。',
        '去掉没人要的部分。',
        '在公交车上用手机试一试。',
      ]
        .slice(0, count)
        .map((idea, at) => `${at + 1}. ${idea}\n`)
        .join('')}`,
    haiku: (subject) => `${subject ?? '退潮'}之晨\n一行小小的脚印\n走向了大海\n`,
    poem: (subject) => `${subject}\n\n清晨我去寻找${subject}，\n它还在昨天的地方；\n傍晚我再去寻找它，\n想看白天没看到的模样。\n`,
    defaultSubject: '这个房间',
  },
  edit: {
    look: (path) => `我先看看 \`${path}\`。`,
    change: (path) => `我来修改 \`${path}\`。`,
    replaced: (path, old, now, times) => `\`${path}\` 里的“${old}”已改成“${now}”${times > 1 ? `，共 ${times} 处` : ''}。`,
    removed: (path, old, times) => `已从 \`${path}\` 里删去“${old}”${times > 1 ? `，共 ${times} 处` : ''}。`,
    missing: (path, old) => `没有成功：\`${path}\` 里没有“${old}”。`,
    added: (path, line) => `已在 \`${path}\` 里加上：“${line}”`,
    shorter: (path, before, after) => `\`${path}\` 变短了：从 ${before} 行减到 ${after} 行。`,
    short: (path) => `\`${path}\` 已经不能再短了。`,
    line: (subject) => `关于${subject}，有一点值得记住。`,
  },
  summary: {
    read: (path) => `我读一下 \`${path}\` 再总结。`,
    empty: (path) => `\`${path}\` 是空的。`,
    of: (path, words, lines) => `\`${path}\` 的要点（${words} 字，${lines} 行）：`,
    sections: (titles) => `章节：${titles.join(' · ')}`,
    how: '以上句子摘自原文。',
  },
  command: {
    run: (command) => `我来运行 \`${command}\`。`,
    silent: (command, end) => `\`${command}\` ${end}，没有输出。`,
    printed: (command, end) => `\`${command}\` ${end}，输出如下：`,
    exit: (code) => `以退出码 ${code} 结束`,
    succeeded: '运行成功',
  },
  parallel: { intro: (count) => `这 ${count} 件事我同时来做。`, done: (what) => `${what}：完成。` },
  steps: {
    thought: (at, of) => `第 ${at} 步，共 ${of} 步。我故意放慢：你可以输入一句话来引导我，也可以让我暂停或停止。下一步之前，我会先读你说的话。`,
    step: (at, of) => `第 ${at} 步，共 ${of} 步。`,
    content: (at, of) => `第 ${at} 步，共 ${of} 步。\n`,
    said: (by, text) => `${by ?? '有人'}说：${text}\n`,
    done: (count) => `我走了 ${count} 步，每一步都在 \`steps/\` 里留下了一个文件。`,
  },
  fail: {
    recovered: '服务拒绝了两次，第三次成功了。',
    breaks: '我开始回答，就在这句话说到一半的时候，连接',
  },
  long: [
    '潮水每天来两次，港口早已烂熟于心。',
    '缆绳松了，船浮起来，泥滩消失得仿佛从未有过。',
    'Ada 把每次潮水的高度记在一本蓝色封面的本子里。',
    'Mei 说，出力的是月亮，大海只是应答。',
    'Tomás 数着还没被淹的台阶，大声报出数字。',
    '到了中午风向一转，小浪朝反方向跑去。',
    '没有人着急，因为催大海是没有用的。',
    '傍晚把数字加起来，正好对得上。',
  ],
}

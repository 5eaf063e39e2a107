/**
 * What words stand for, in English and in Chinese. An intent's cues name these concepts and never a word. English entries are
 * words or phrases, compared without their endings and with a slip of the finger forgiven; Chinese ones occur anywhere.
 */
const words = {
  // Things people ask to be done.
  make: [
    'make|build|create|design|generate|develop|code|implement|craft|whip up|put together|set up|need|want|would like|like to have|give|get|prepare|write|program|do|spin up|lay out|draft|write up|new',
    '列一|列个|拟|制定|做|制作|创建|建|搭|设计|生成|开发|弄|搞|造|实现|写|想要|需要|来一个|来个',
  ],
  draw: ['draw|plot|graph|chart|visualise|visualize|render|sketch', '画|绘|作图'],
  show: ['show|display|see|view|look|print|present', '显示|看看|看一下|看一看|给我看|展示|查看|看'],
  open: ['open|launch|start|fire up|bring up|use|go to|visit|switch to|run', '打开|开启|启动|使用|访问|用|开一个|开个'],
  start: ['start|serve|run|launch|spin up|host|boot|fire up|bring up', '启动|运行|跑|开启|托管|起一个|起个'],
  run: ['run|execute', '运行|执行|跑'],
  preview: ['preview', '预览'],
  read: [
    'read|open|cat|show|see|view|look at|display|print|contents|content|say|says|inside|what is in|whats in|whats inside',
    '读|打开|看|显示|内容|写了什么|写了些什么|说了什么|有什么',
  ],
  write: [
    'write|create|make|save|put|add|new|jot|jot down|draft|compose|note down|store|start|generate|note that',
    '写|新建|创建|建|保存|存|记下|记一下|起草|生成|做',
  ],
  edit: ['replace|change|swap|substitute|edit|fix|correct|turn|should become|becomes|should be|update', '换成|改成|替换|改为|换为|修改|更正|纠正|改'],
  append: ['add|append|insert|include|mention', '加|添加|追加|补充|插入|写上'],
  shorten: ['shorter|shorten|trim|cut down|condense|more concise', '短一点|短一些|缩短|精简|简短'],
  summarise: [
    'summarise|summarize|summary|sum up|tldr|tl dr|gist|key points|main points|recap|overview|explain|digest|in a nutshell',
    '总结|概括|摘要|要点|归纳|概述|大意|小结|解释|讲讲',
  ],
  list: ['list|show|see|display|enumerate|which|what|any|view', '列出|列|有哪些|哪些|有什么|看看|显示|查看|看'],
  search: [
    'search|grep|look for|where|search for|mention|mentions|mentioned|contain|contains|containing|occur|occurrences|look up|is there anything|anything about|anywhere',
    '搜索|搜|查找|哪里|提到|包含|检索|查一下|出现|用过|用到',
  ],
  find: ['find|locate', '找'],
  tryOut: ['try|test|play with', '试试|试一下|试用'],
  plan: ['plan|roadmap|agenda|schedule|outline|organise|organize', '计划|规划|筹划|安排|策划|路线图|日程'],
  steps: ['step|steps|stage|stages|phases', '步|步骤'],
  breakdown: ['break down|break|split|divide|steps to|steps for', '拆成|拆分|分解|分成'],
  tasklist: [
    'todo list|to do list|task list|checklist|list of tasks|tasks for|action items|tasks',
    '待办清单|待办事项清单|任务清单|任务列表|清单|待办列表|事项列表|待办',
  ],
  board: ['board|the plan', '看板|计划板|面板'],
  count: ['count|how many|number of', '多少|几个|统计|数一下'],
  delete: ['delete|remove|erase|get rid of|trash|throw away', '删除|删掉|移除|去掉|删'],
  rename: ['rename|move|call it', '重命名|改名|移动到|移到'],
  copy: ['copy|duplicate', '复制|拷贝'],
  ask: ['ask', '问'],
  take: ['take|do|work|work for|make|walk', '走|做|分|干'],
  slow: ['slowly|slow|for a while|take your time|one by one|step by step|little by little', '慢慢|慢一点|一步一步|慢'],
  interrupt: ['interrupt|steer|stop you|pause|stop', '打断|停下|引导|叫停|插话'],
  compute: [
    'calculate|compute|work out|evaluate|solve|sum|add up|how much is|what is|whats|first|simulate',
    '计算|算一下|算算|算出|算|求|等于|等于多少|是多少',
  ],
  fail: ['fail|crash|simulate|pretend|break|trigger|provoke', '失败|模拟|假装|出错|报错|触发'],
  click: ['click|click around|double click|mouse|move the mouse|drag|scroll', '点击|点一下|鼠标|点点|拖动'],
  screenshot: ['screenshot|screen shot|screen capture|capture the screen|picture of the screen|picture of the desktop', '截图|截屏|截个图|截个屏'],
  // Things people talk about.
  page: [
    'page|pages|webpage|web page|website|web site|site|homepage|home page|landing page|html|portfolio|blog|one pager|landing',
    '网页|页面|网站|主页|首页|落地页|站点|官网|博客',
  ],
  app: ['app|web app|application|webapp|web application|tool|widget', '应用|程序|小工具|app|网页应用'],
  gadget: [
    'todo app|to do app|todo application|to do application|to do list application|task app|tasks app|task manager|todo list app|to do list app|calculator|countdown|stopwatch|clock|timer|tic tac toe|noughts and crosses|counter',
    'todo应用|todo列表应用|计算器|倒计时|秒表|时钟|计时器|待办应用|待办事项应用|井字棋|待办事项app|待办app|计数器',
  ],
  server: ['server|web server|dev server|development server|http server|localhost', '服务器|服务|web服务'],
  chart: [
    'chart|graph|plot|diagram|figure|histogram|pie|bar chart|line chart|scatter|curve|sine|cosine|sin|cos|tan|parabola|function|wave|sine wave|random walk|bars',
    '图表|曲线|柱状图|折线图|饼图|散点图|直方图|条形图|正弦|余弦|函数|图像|抛物线|统计图',
  ],
  maths: [
    'prime|primes|prime numbers|fibonacci|factorial|squares|cubes|powers of|average|median|square root|pi|equation|multiplication table|table of',
    '质数|素数|斐波那契|阶乘|平方|平均|平方根|圆周率|乘法表|表格',
  ],
  python: ['python|notebook|cell|pandas', 'python|单元格'],
  table: ['table|data table|spreadsheet|dataframe', '表格|数据表|表'],
  desktop: ['desktop|screen|computer|virtual machine', '桌面|屏幕|电脑'],
  browser: ['browser|firefox|chromium|chrome', '浏览器|火狐'],
  terminal: ['terminal|xterm|console', '终端|控制台'],
  files: [
    'this project|the project|everything|got in here|have in here|file|files|workspace|folder|directory|folders|directories|documents|project folder',
    '文件|工作区|目录|文件夹|资料夹|文档',
  ],
  note: ['note|notes|poem|haiku|memo|document|text file|file|readme', '笔记|便条|诗|俳句|备忘|文件|说明'],
  textKind: ['note|poem|haiku|memo', '笔记|便条|诗|俳句|备忘'],
  line: ['line|sentence|paragraph|bullet|section', '行|句|段|一点'],
  words: ['occurrence|occurrences|word|words|lines|characters', '字|词|行'],
  typo: ['typo|spelling|misspelling', '错字|错别字|拼写'],
  colourWord: ['colour|color|background|theme|accent|darker|lighter', '颜色|背景|色调|主题色'],
  disk: ['disk|disk usage|disk space|space left|storage', '磁盘|硬盘|空间'],
  memory: ['memory|ram', '内存'],
  version: ['version|installed|which version', '版本|装了|安装'],
  tests: ['test|tests|test suite', '测试'],
  time: ['what time|time is it|the time|what day|the date|date today|todays date|which day', '几点|几号|星期几|日期|现在时间|什么时间'],
  processes: ['processes|process', '进程'],
  git: ['git|commits|git history', 'git|提交记录'],
  long: ['long|really long|very long|lengthy|endless', '长文|长篇|长故事|很长|长长'],
  story: ['talk|speak|ramble|text|story|essay|answer|article|tale', '文|故事|文章|作文|回答'],
  people: ['who|who is|whos|people', '谁|哪些人|有哪些人'],
  here: ['here|room|session|around|online|present|speaking|am i|with us', '这里|房间|在线|在场|在吗|我是谁|会话'],
  us: ['me|us|the room|people|everyone|everybody|a question', '我|我们|大家'],
  approve: ['approval|permission|approve|sign off|go ahead', '批准|审批|同意|许可'],
  parallel: ['parallel|in parallel|at once|at the same time|simultaneously', '同时|并行|一起'],
  failure: [
    'rate limit|server error|bad key|context too long|mid stream|unknown model|429|500|503|401|404|model error',
    '限流|速率限制|服务器错误|密钥错误|上下文过长|中途断开|未知模型',
  ],
  hello: ['hi|hello|hey|good morning|good afternoon|good evening|greetings|howdy|hiya', '你好|您好|嗨|哈喽|早上好|下午好|晚上好|大家好'],
  thanks: [
    'thanks|thank you|thank|thx|cheers|bye|goodbye|see you|great|perfect|awesome|nice|well done|cool|ok|okay|good job|good work|lovely|excellent',
    '谢谢|多谢|感谢|再见|拜拜|太好了|很好|不错|好的|辛苦了|真棒|太棒了',
  ],
  help: [
    'help|what are you good|what can you do|what else can you do|what are you able|what do you understand|what are you capable|how do i use|how does this work|what can i do|what can i ask|what could you do|capabilities|what should i try|what are my options|your skills|what do you do|how can you help|show me what you can',
    '你能做什么|你会什么|你能干什么|你可以做什么|怎么用|如何使用|有什么功能|能帮我什么|会做什么|能做些什么|能干什么|帮助|你会做什么|你能帮|什么功能|可以做什么|能做什么',
  ],
  about: [
    'who are you|what are you|are you real|are you a|are you an|are you human|are you chatgpt|your name|real ai|real model|which model|what model|what is this room|what is atrium',
    '你是谁|你是什么|你叫什么|是真的ai|真人|什么模型|哪个模型|是机器人',
  ],
  again: ['again|once more|repeat that|repeat|same again|do that again|try again|do it again', '再来一次|再做一次|重来|再试一次|再来一遍|重复一次'],
  goOn: ['continue|go on|keep going|carry on|proceed|resume|go ahead', '继续|接着|接着做|往下做'],
  said: [
    'what does|what it says|did you write|did you make|you wrote|you made',
    '写了什么|写了些什么|说了什么|讲了什么|里有什么|里面有什么|写的是什么|写的什么',
  ],
  it: ['it|that|this|them|those|the file|that file|this file|the note', '它|这个|那个|里面|其中|这份|该文件|那份|上面|刚才'],
  pageRef: [
    'the page|the site|the website|the app|my page|our page|my app|our app|the result|the web page|the web app|my site|my website',
    '页面|网页|网站|应用',
  ],
  // Nothing that it can do: these end a request's chances unless it names something of the room.
  outside: [
    'web for|internet|google|flight|flights|weather|joke|jokes|email|mail|music|song|translate|translation|president|restaurant|pizza|sandwich|spotify|youtube|latest news|stock price|stock market|capital of|latin|hotel|password|phone|tax',
    '翻译|天气|笑话|机票|首都|音乐|邮件|电话|酒店|新闻|股票|外卖|歌',
  ],
} satisfies Record<string, [english: string, chinese: string]>

export type Concept = keyof typeof words

/** Phrases first: each English entry as its words. */
export type Entry = { concept: Concept; words: readonly string[] }

export const english: readonly Entry[] = entriesOf(0).map(({ concept, phrase }) => ({ concept, words: phrase.split(' ') }))
export const chinese: readonly { concept: Concept; phrase: string }[] = entriesOf(1)

function entriesOf(side: 0 | 1): { concept: Concept; phrase: string }[] {
  return (Object.entries(words) as [Concept, [string, string]][]).flatMap(([concept, sides]) =>
    sides[side].split('|').map((phrase) => ({ concept, phrase })),
  )
}

/** For a test of the cues: whether there is such a concept. */
export const isConcept = (name: string): name is Concept => Object.hasOwn(words, name)

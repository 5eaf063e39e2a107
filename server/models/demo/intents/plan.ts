import type { Intent } from '../intent.ts'
import { oneRound, unquote } from '../intent.ts'

const patterns = [
  /\b(?:break|split|divide)\s+(.+?)\s+(?:down\s+)?(?:in|into)\b/i,
  /\bbreak down\s+(.+?)(?:\s+into\b|$)/i,
  /\b(?:todo list|to-?do list|task list|checklist|list of tasks|action items|tasks|roadmap|agenda|schedule|outline|steps)\s+(?:for|to|of|about)\s+(.+)$/i,
  /^(?:make|write|draft|create|lay out|set up|do|give me|i need|we need|help me)?\s*(?:a |the |me a |up a )?plan\s+(?:for |to |about |of |out )?(.+)$/i,
  /\b(?:organi[sz]e|plan)\s+(.+)$/i,
  /\bplan\s+(?:for|to|about|of)\s+(.+)$/i,
  /(?:给|为)(.+?)(?:做|制定|列|写|定|拟).*(?:计划|规划|清单|安排|日程)/u,
  /(?:关于|列(?:一个|一份|个|份)?|做(?:一个|一份|个|份)?|写(?:一个|一份|个|份)?|制定(?:一个|一份|个|份)?)(.+?)的?(?:待办清单|任务清单|任务列表|待办列表|清单|待办|计划|规划)$/u,
  /把(.+?)(?:拆|分)(?:成|解|分)/u,
  /(?:计划|规划|筹划|策划|安排)(?:一下|一个|一次|一场|个)?(.+)$/u,
]

function topicOf(plain: string, otherwise: string): string {
  const topic = patterns.map((pattern) => pattern.exec(plain)?.[1]).find((found) => found !== undefined) ?? otherwise
  return unquote(topic)
    .replace(/\s+(?:on|onto) the board$/i, '')
    .replace(/[.!?。！？]$/u, '')
    .replace(/^(?:a|an|the|my|our)\s+/i, '')
    .slice(0, 80)
}

export const plan: Intent = {
  id: 'plan',
  example: 'Plan a launch party',
  exampleInChinese: '计划一个生日聚会',
  cues: [
    '^plan +1',
    'make plan !aFile',
    'make tasklist !app !gadget +1',
    'breakdown steps +0.5',
    '^breakdown steps|tasklist +1',
    'steps plan',
    'tasklist board',
    'make steps !aNumber plan',
    'plan short !search !files',
  ],
  reply(task) {
    const { say, request } = task
    const topic = topicOf(request.plain, say.plan.defaultTopic)
    const of = /party|birthday|wedding|celebration|picnic|聚会|生日|婚礼|派对|庆祝/iu.test(topic)
      ? say.plan.party
      : /release|launch|version|deploy|发布|上线|版本/iu.test(topic)
        ? say.plan.release
        : /trip|travel|holiday|vacation|journey|旅行|出游|旅游|度假/iu.test(topic)
          ? say.plan.trip
          : say.plan.steps
    const steps = of(topic)
    const todos = [
      ...steps.map((text, at) => ({ text, status: at === 0 ? 'in_progress' : 'pending' })),
      { text: say.plan.extra(topic), status: 'pending', suggest: true },
    ]
    return oneRound(task, say.plan.intro(topic), [{ name: 'update_todos', args: { todos } }], () => say.plan.done(topic, steps.length))
  },
}

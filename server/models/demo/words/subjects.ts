import type { Language } from '../understanding/language.ts'

type Subject = { slug: string; named: readonly string[]; zh: string; facts: Record<Language, readonly string[]> }

/** What it knows about a few subjects: enough for a page or a note that is worth reading. */
const subjects: readonly Subject[] = [
  {
    slug: 'tides',
    named: ['tides', 'tide', 'high water', '潮汐', '潮水'],
    zh: '潮汐',
    facts: {
      en: [
        'Tides rise and fall about twice a day, because the moon pulls on the sea as the earth turns.',
        'At new and full moon the sun adds its pull, and the tides are at their highest: spring tides.',
        'In the Bay of Fundy the water climbs sixteen metres; in the Mediterranean, hardly at all.',
      ],
      zh: [
        '潮汐每天大约涨落两次：地球自转时，月亮牵引着海水。',
        '新月和满月时，太阳的引力叠加进来，潮差最大，称为大潮。',
        '芬迪湾的潮水能涨十六米，地中海却几乎没有潮汐。',
      ],
    },
  },
  {
    slug: 'waves',
    named: ['waves', 'wave', '波浪', '海浪'],
    zh: '波浪',
    facts: {
      en: [
        'Wind makes waves: the longer it blows over open water, the higher they grow.',
        'A wave carries energy, not water: a floating cork mostly goes up and down.',
        'Near the shore the bottom slows a wave until its crest falls over.',
      ],
      zh: [
        '波浪由风而起：风在开阔水面上吹得越久，浪就越高。',
        '波浪传递的是能量而不是水：浮在水面的软木塞大多只是上下起伏。',
        '靠近岸边，海底让波浪变慢，直到浪尖翻倒下来。',
      ],
    },
  },
  {
    slug: 'volcanoes',
    named: ['volcanoes', 'volcano', 'volcanos', '火山'],
    zh: '火山',
    facts: {
      en: [
        'About fifty volcanoes erupt somewhere on land every year.',
        'Most of them stand where plates of the earth’s crust meet, such as the Ring of Fire around the Pacific.',
        'Volcanic ash makes soil fertile, which is one reason why people live so close.',
      ],
      zh: [
        '每年陆地上大约有五十座火山喷发。',
        '火山大多位于地壳板块的交界处，例如环太平洋火山带。',
        '火山灰让土壤变得肥沃，这也是人们愿意住在附近的原因之一。',
      ],
    },
  },
  {
    slug: 'moon',
    named: ['moon', 'the moon', '月亮', '月球'],
    zh: '月亮',
    facts: {
      en: [
        'The moon goes around the earth in a little over 27 days and always shows us the same side.',
        'It moves away from us by almost four centimetres a year.',
        'Twelve people have walked on it, all between 1969 and 1972.',
      ],
      zh: [
        '月亮绕地球一圈需要二十七天多，始终以同一面对着我们。',
        '它每年离我们远去将近四厘米。',
        '曾有十二个人在月球上行走，都在 1969 到 1972 年之间。',
      ],
    },
  },
  {
    slug: 'bees',
    named: ['bees', 'bee', 'honeybees', '蜜蜂'],
    zh: '蜜蜂',
    facts: {
      en: [
        'A honeybee visits thousands of flowers to make one teaspoon of honey.',
        'Bees tell each other where the flowers are by dancing.',
        'There are about 20,000 kinds of bee; most of them live alone.',
      ],
      zh: ['为了一茶匙蜂蜜，蜜蜂要拜访成千上万朵花。', '蜜蜂用舞蹈告诉同伴花在哪里。', '世界上约有两万种蜂，其中大多数独居。'],
    },
  },
  {
    slug: 'cats',
    named: ['cats', 'cat', 'my cat', '猫', '我的猫'],
    zh: '猫',
    facts: {
      en: [
        'Cats sleep for twelve to sixteen hours a day.',
        'They have lived with people for about 9,000 years, at first to guard the grain from mice.',
        'A cat’s whiskers are about as wide as its body, and tell it where it fits through.',
      ],
      zh: ['猫每天要睡十二到十六个小时。', '猫与人共同生活了约九千年，最初是为了替粮仓防鼠。', '猫的胡须大约与身体同宽，能告诉它哪里钻得过去。'],
    },
  },
  {
    slug: 'tea',
    named: ['tea', '茶'],
    zh: '茶',
    facts: {
      en: [
        'Green, black and oolong tea come from the same plant; what differs is how the leaves are treated.',
        'After water, tea is what people drink most.',
        'The water for green tea should be hot, but not boiling.',
      ],
      zh: ['绿茶、红茶和乌龙茶来自同一种植物，区别在于茶叶的制作方法。', '除了水，茶是人们喝得最多的饮料。', '泡绿茶的水要热，但不要滚开。'],
    },
  },
  {
    slug: 'coffee',
    named: ['coffee', '咖啡'],
    zh: '咖啡',
    facts: {
      en: [
        'Coffee beans are the seeds of a red fruit, the coffee cherry.',
        'Legend has it that a goatherd in Ethiopia found the plant, when his goats would not sleep.',
        'Light roasts keep more of the fruit’s taste; dark roasts taste of the roasting.',
      ],
      zh: [
        '咖啡豆是一种红色果实的种子。',
        '相传埃塞俄比亚的牧羊人发现羊群吃了这种果实后彻夜不眠，咖啡由此而来。',
        '浅烘焙保留果香，深烘焙则带着烘烤的味道。',
      ],
    },
  },
  {
    slug: 'rain',
    named: ['rain', '雨', '下雨'],
    zh: '雨',
    facts: {
      en: [
        'Raindrops are not shaped like tears but like small buns, flat below.',
        'The smell after rain has a name: petrichor.',
        'The wettest town on earth, Mawsynram in India, has almost twelve metres of rain a year.',
      ],
      zh: [
        '雨滴并不是泪滴形，而更像底部扁平的小面包。',
        '雨后泥土的气味有个名字，叫“潮土油”。',
        '世界上雨水最多的地方是印度的毛辛拉姆，一年近十二米。',
      ],
    },
  },
]

const found = (topic: string): Subject | undefined => {
  const bare = topic.trim().toLowerCase()
  return subjects.find(({ named }) => named.some((name) => bare === name || (/\p{Script=Han}/u.test(name) ? bare === name : bare === `the ${name}`)))
}

/** Three sentences about a subject, or undefined where it knows none. */
export const factsOn = (topic: string, language: Language): readonly string[] | undefined => found(topic)?.facts[language]

/** A folder's name for a topic: small letters and dashes, also for a Chinese one. */
export const slugOf = (topic: string, otherwise: string): string =>
  topic
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40) ||
  found(topic)?.slug ||
  otherwise

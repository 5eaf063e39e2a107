/** What CSS calls them, by what people do. */
const colours: readonly [css: string, ...said: string[]][] = [
  ['blue', 'blue', '蓝色', '蓝'],
  ['green', 'green', '绿色', '绿'],
  ['red', 'red', '红色', '红'],
  ['orange', 'orange', '橙色', '橘色', '橙'],
  ['purple', 'purple', 'violet', '紫色', '紫'],
  ['teal', 'teal', 'turquoise', '青色', '蓝绿色'],
  ['black', 'black', '黑色'],
  ['crimson', 'crimson', 'dark red', '深红'],
  ['gold', 'gold', 'golden', '金色'],
  ['navy', 'navy', 'dark blue', '深蓝', '藏青'],
  ['pink', 'pink', '粉色', '粉红'],
  ['indigo', 'indigo', '靛蓝', '靛青'],
  ['brown', 'brown', '棕色', '褐色'],
  ['gray', 'grey', 'gray', '灰色'],
  ['maroon', 'maroon', '栗色'],
  ['olive', 'olive', '橄榄色'],
  ['goldenrod', 'yellow', '黄色', '黄'],
  ['coral', 'coral', '珊瑚色'],
  ['magenta', 'magenta', '洋红', '品红'],
]

const places = (text: string) =>
  colours.flatMap(([css, ...said]) =>
    said.flatMap((name) => {
      const at = /[a-z]/.test(name) ? text.search(new RegExp(`\\b${name}\\b`, 'i')) : text.lastIndexOf(name)
      return at < 0 ? [] : [{ css, said: name, at, length: name.length }]
    }),
  )

/** The last colour a text names, as CSS knows it; of two at one place the longer name. */
export const colourIn = (text: string): string | undefined =>
  places(text)
    .toSorted((one, other) => one.at + one.length - (other.at + other.length) || one.length - other.length)
    .at(-1)?.css

/** A colour in Chinese. */
export const colourInChinese = (css: string): string => colours.find(([name]) => name === css)?.find((name) => /\p{Script=Han}/u.test(name)) ?? css

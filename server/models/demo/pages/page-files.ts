import type { Language } from '../understanding/language.ts'
import { factsOn } from '../words/subjects.ts'
import { webWords } from '../words/web.ts'
import { calculatorPage } from './calculator.ts'
import { clockPage, countdownPage, stopwatchPage } from './clocks.ts'
import type { PageFile } from './frame.ts'
import { landingPage } from './landing.ts'
import { todoPage } from './todo.ts'
import { topicPage } from './topic.ts'
import type { PageWish } from './wish.ts'

/** The three files of a page: the document, its style with the accent, its script. */
export function pageFiles({ kind, topic }: PageWish, accent: string, language: Language): PageFile[] {
  const web = webWords[language]
  switch (kind) {
    case 'todo':
      return todoPage(accent, web)
    case 'calculator':
      return calculatorPage(accent, web)
    case 'countdown':
      return countdownPage(accent, web)
    case 'clock':
      return clockPage(accent, web)
    case 'stopwatch':
      return stopwatchPage(accent, web)
    case 'landing':
      return landingPage(topic, accent, web)
    case 'topic':
      return topicPage(topic, factsOn(topic, language), accent, web)
  }
}

import type { Language } from '../understanding/language.ts'
import { en } from './en.ts'
import type { Words } from './en.ts'
import { zh } from './zh.ts'

/** What it says, in the language that it was asked in. */
export const wordsIn = (language: Language): Words => (language === 'zh' ? zh : en)

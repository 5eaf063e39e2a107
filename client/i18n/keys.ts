import type { Resources } from './resources.ts'

export type Namespace = keyof Resources

type Leaves<T, Before extends string = ''> = {
  [Key in keyof T & string]: T[Key] extends string ? `${Before}${Key}` : Leaves<T[Key], `${Before}${Key}.`>
}[keyof T & string]
type Plain<Key> = Key extends `${infer Counted}_one` | `${infer Counted}_other` ? Counted : Key

/** What a namespace has to say, plural forms as one: `ago.minutes` for `ago.minutes_one` and `ago.minutes_other`. */
export type KeyIn<N extends Namespace> = Plain<Leaves<Resources[N]>>
type Named<N extends Namespace> = { [Each in N]: `${Each}:${KeyIn<Each>}` }[N]

/** Filled in for `{{name}}`; `count` chooses the plural form as well. */
export type Values = Readonly<Record<string, string | number | undefined>>

/** Says a string of the namespace `Own`, or of one of `All` by its name: `t('copy')`, `t('common:copy')`. */
export type Translate<Own extends Namespace, All extends Namespace = Own> = (key: KeyIn<Own> | Named<All>, values?: Values) => string

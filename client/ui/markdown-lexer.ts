import { Lexer, Tokenizer, type Token } from 'marked'

/** What is written without blanks between words: a mark beside it can open and close, whatever sign stands on its other side. */
const together = String.raw`\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Bopo}`
const endsTogether = new RegExp(`[${together}]$`, 'u')
const signBeforeMark = new RegExp(String.raw`(?![*_~\\])[\p{P}\p{S}](?=(?:\*+|~~)[${together}])`, 'gu')

class MarkTokenizer extends Tokenizer {
  private masked = ''
  private asLetters = ''
  /** For CommonMark a sign between a mark and a word keeps the mark from closing; taken for a letter it does not. Kept, as it is asked for with each mark. */
  private letters(masked: string): string {
    if (masked !== this.masked) {
      this.masked = masked
      this.asLetters = masked.replace(signBeforeMark, (sign) => 'a'.repeat(sign.length))
    }
    return this.asLetters
  }
  override emStrong(source: string, masked: string, before = '') {
    return super.emStrong(source, this.letters(masked), source.startsWith('*') ? asSign(before) : before)
  }
  /** One tilde is a range, as in 5~7. */
  override del(source: string, masked: string, before = '') {
    return source.startsWith('~~') ? super.del(source, this.letters(masked), asSign(before)) : undefined
  }
}

const asSign = (before: string) => (endsTogether.test(before) ? '。' : before)

const options = { gfm: true, tokenizer: new MarkTokenizer() }

/** Markdown as CommonMark and GitHub have it, but for emphasis in Chinese, Japanese and Korean, and for single tildes. */
export const lexMarkdown = (text: string): Token[] => Lexer.lex(text, options)

import { withoutCode } from '../../../liquid/dialects/code-blocks.ts'
import { findDialects } from '../../../liquid/dialects/find.ts'
import type { SourceLanguage } from '../../convert/convert.ts'
import type { Role } from './content.ts'

/** What a text without any word about its language seems to be. */
export interface Guess {
  language: SourceLanguage
  /** The text is a talk in one piece. */
  messages?: { role: Role; content: string }[]
}

const ENDS: ReadonlyMap<string, SourceLanguage> = new Map(
  Object.entries<SourceLanguage>({
    j2: 'jinja2',
    jinja: 'jinja2',
    jinja2: 'jinja2',
    njk: 'nunjucks',
    nunjucks: 'nunjucks',
    hbs: 'handlebars',
    handlebars: 'handlebars',
    mustache: 'mustache',
    liquid: 'liquid',
  }),
)

/** The language that a file's end names: `.j2`, or `.j2.md`. */
export function languageOfEnd(path: string): SourceLanguage | undefined {
  const ends = path.toLowerCase().split('.').slice(-2)
  return ends.map((end) => ENDS.get(end)).findLast((language) => language !== undefined)
}

const SIMPLE = /^\s*[A-Za-z][\w-]*(?:\.[A-Za-z_]\w*|\[\d+\])*\s*$/
const OUTPUT = /(\$?)\{\{([^{}]*)\}\}/g
/** A block of code that is a value and nothing else. */
const FENCED_OUTPUT = /^(`{3,10})\w[^\n]{0,100}\n(\s{0,20}\{\{[^{}\n]{1,100}\}\}\s{0,20})\n\1/gm
const TAG = /\{%-?\s*(\w+)([^%]*)%\}/g
const HELPER = /\{\{~?\s*(?:[#/](?:if|unless|each|with)\b|else\b|>\s*[\w/-]+)/
const DOTPROMPT = /\{\{~?\s*(?:role\s+["']|history\b|media\s+url|section\s+["'])/
const SECTION = /\{\{[#^]\s*[\w.]+\s*\}\}/
const SEMANTIC_KERNEL = /\{\{\s*\$[A-Za-z]\w*\s*\}\}|\{\{\s*[A-Za-z]\w*\.\w+\s+(?:\$\w+|["'])/
const JINJA = /\{%-?\s*(?:set|elif|macro|block|extends|include|import|from|call|filter)\b/
const JINJA_WORDS =
  /\b(?:is\s+(?:not\s+)?(?:defined|none)|loop\.\w+|not\s+in|None|True|False)\b|\.\w+\(|\|\s*\w+\s*\(/
const LIQUID = /\{%-?\s*(?:assign|elsif|unless|render|case|capture|comment|raw)\b/

/**
 * What the language of a text is, where nothing says so. Code in a text is no template: braces that stand in code
 * alone, or that no template language has, stay as they are.
 */
export function guessLanguage(text: string): Guess {
  const [found = []] = findDialects([text], { kind: 'text', declared: new Set() })
  const split = found.find(({ code, fix }) => (code === 'role_lines' || code === 'chat_ml') && fix?.messages)
  const messages = split?.fix?.messages
  const isFormat = found.some(isFString) && !hasForeignBraces(text)
  const language = languageIn(text) ?? (isFormat ? 'f-string' : 'none')
  const isPlain = language === 'double-braces' || language === 'members'
  const isAbout = isPlain && found.some(({ code }) => ABOUT_TEMPLATES.has(code))
  return {
    language: isAbout ? 'none' : language === 'members' ? 'jinja2' : language,
    ...(messages === undefined ? {} : { messages }),
  }
}

/** A single brace, and a place of a Python format that begins with it. */
const BRACE = /(?<!\{)\{(?!\{)/g
const FIELD = /\{[A-Za-z_]\w{0,63}(?:\.\w{1,64}|\[[^\]{}\n]{1,64}\]){0,5}(?:![rsa])?(?::[^\s{}]{0,20})?\}/y

/**
 * Whether braces hold words that are no names: in code, and in forms that a model is to fill in. Such a text is no
 * Python format. Braces of JSON, which many leave single, say nothing.
 */
function hasForeignBraces(text: string): boolean {
  for (const { index } of text.matchAll(BRACE)) {
    FIELD.lastIndex = index
    if (FIELD.test(text)) continue
    if (text[index - 1] === '$' || /^\{[ \t]{0,50}[\p{L}_]/u.test(text.slice(index, index + 60))) return true
  }
  return false
}

/** What texts about templates have. */
const ABOUT_TEMPLATES: ReadonlySet<string> = new Set(['quoted_template', 'workflow_expression'])

function isFString({ code, warns }: { code: string; warns: boolean }): boolean {
  return warns && code === 'f_string'
}

/** `members`: outputs alone, and some of them of parts of a value. */
function languageIn(text: string): SourceLanguage | 'members' | undefined {
  if (!text.includes('{{') && !text.includes('{%')) return undefined
  const prose = withoutCode(text.replaceAll(FENCED_OUTPUT, '$1\n$2\n$1'))
  if (SEMANTIC_KERNEL.test(prose)) return 'semantic-kernel'
  if (DOTPROMPT.test(prose)) return 'dotprompt'
  if (HELPER.test(prose)) return 'handlebars'
  const tags = [...prose.matchAll(TAG)]
  if (tags.length > 0 || hasComment(prose)) return languageOfTags(prose)
  if (SECTION.test(prose) && /\{\{\/\s*[\w.]+\s*\}\}/.test(prose)) return 'mustache'
  const outputs = [...prose.matchAll(OUTPUT)].filter(([, dollar]) => dollar !== '$')
  if (outputs.length === 0) return 'none'
  if (outputs.some(([, , inner]) => /\|\s*\w+\s*\(/.test(inner ?? ''))) return 'jinja2'
  if (outputs.some(([, , inner]) => /^[\w.\s]+\|\s*\w+/.test(inner ?? ''))) return 'liquid'
  if (!outputs.every(([, , inner]) => SIMPLE.test(inner ?? ''))) return 'none'
  return outputs.some(([, , inner]) => /[.[]/.test(inner ?? '')) ? 'members' : 'double-braces'
}

function hasComment(prose: string): boolean {
  const open = prose.indexOf('{#')
  return open >= 0 && prose.includes('#}', open)
}

function languageOfTags(prose: string): SourceLanguage {
  if (LIQUID.test(prose) && !JINJA.test(prose) && !hasComment(prose)) return 'liquid'
  return LIQUID.test(prose) && !JINJA_WORDS.test(prose) ? 'liquid' : 'jinja2'
}

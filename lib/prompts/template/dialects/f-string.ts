import type { Span } from '../syntax.ts'
import type { Finding, TextEdit } from './finding.ts'
import type { Cut } from './pieces.ts'

/** `{name}`, `{name!r}`, `{name:.2f}`, with members or items. */
const FIELD =
  /\{([A-Za-z]\w{0,63}(?:\.[A-Za-z]\w{0,63}|\[(?:\d{1,6}|"\w{1,64}"|'\w{1,64}')\]){0,5})(![rsa])?(:[^\s{}:]{0,16})?\}/g

/** Before or after a word in braces these say that it is a formula, a path, code or a template of another kind. */
const NOT_BEFORE = /[\w\\^_$#@&%}=/)]/
const NOT_AFTER = /[{/\w]/
/** A brace of JSON or of a comment of Jinja, or one with nothing in it: they tell nothing. */
const NEUTRAL = /\{(?=#|\s{0,200}(?:["'}]|\d{0,9}\}))/y
/** Words before a brace that make it code. */
const CODE_BEFORE =
  /(?:\b(?:import|export|const|let|var|return|else|do|try|finally|struct|enum|class)|[)>=]|=>)[ \t]*$/
const LATEX = /\\[a-zA-Z]{1,30}\s?\{/
const FENCE = /^[ \t]{0,3}(?:`{3,10}|~{3,10})[ \t]*(\w[\w+#.-]{0,30})?[^\n]{0,200}$/gm

interface Field extends Span {
  name: string
  /** A conversion or a format: nothing else looks like that. */
  isSure: boolean
  insert: string | undefined
}

/**
 * Words in single braces, as in Python's f-strings. Only where the text can be one: there every brace
 * begins a field, so a brace of code or of a formula says that it is none.
 * @param hasLiquid the content has outputs or tags of its own, so that its author knows how they are written
 * @param declared names of declared variables: a word in braces that is one was meant as one
 */
export function fStrings({ prose, text }: Cut, hasLiquid: boolean, declared: ReadonlySet<string>): Finding[] {
  if (!prose.includes('{')) return []
  const masked = withoutNamedFences(prose)
  const fields = fieldsIn(masked)
  const isOther = LATEX.test(masked) || hasOtherBraces(masked, fields)
  const isCertain = !hasLiquid && fields.some(({ isSure }) => isSure)
  const hasJson = /\{\s{0,200}"/.test(masked)
  const meant = fields.filter(
    ({ name, isSure, start }) =>
      isSure ||
      isCertain ||
      declared.has(name) ||
      !(hasLiquid || isOther || (hasJson && isQuoted(masked, start))),
  )
  const [first] = meant
  if (first === undefined) return []
  const seen = text.slice(first.start, first.end)
  const others = new Set(meant.map(({ name }) => name)).size - 1
  return [
    {
      code: 'f_string',
      places: meant,
      message: `${seen}${others > 0 ? ` and ${others} more` : ''} is plain text here`,
      hint: `A variable is written ${first.insert ?? `{{ ${first.name} }}`}`,
      warns: true,
      fix: {
        label: 'Turn {x} into {{ x }}',
        edits: meant.flatMap(({ start, end, insert }): TextEdit[] =>
          insert === undefined ? [] : [{ from: start, to: end, insert }],
        ),
      },
    },
  ]
}

/** Whether a place is in a quoted text of its line: in JSON that is a value, which may be an example. */
function isQuoted(masked: string, at: number): boolean {
  const before = masked.slice(Math.max(0, at - 200), at)
  return (before.slice(before.lastIndexOf('\n') + 1).match(/"/g)?.length ?? 0) % 2 === 1
}

function fieldsIn(masked: string): Field[] {
  const fields: Field[] = []
  for (const found of masked.matchAll(FIELD)) {
    const [all, path = '', conversion, format] = found
    const start = found.index
    const end = start + all.length
    const before = masked[start - 1] ?? ' '
    const isSure =
      conversion !== undefined || /^:[<>^=]?[+-]?\d{0,4},?(?:\.\d{1,3})?[bcdeEfFgGnosxX%]$/.test(format ?? '')
    if (format !== undefined && !isSure) continue
    if (NOT_BEFORE.test(before) || NOT_AFTER.test(masked[end] ?? ' ')) continue
    if (CODE_BEFORE.test(masked.slice(Math.max(0, start - 20), start)) && before !== '>') continue
    fields.push({
      start,
      end,
      name: /^\w+/.exec(path)?.[0] ?? path,
      isSure,
      insert: asOutput(path, conversion, format),
    })
  }
  return fields
}

function asOutput(
  path: string,
  conversion: string | undefined,
  format: string | undefined,
): string | undefined {
  if (conversion === '!r') return `{{ ${path} | json }}`
  if (conversion !== undefined || format === undefined) return `{{ ${path} }}`
  const digits = /^:\.(\d{1,2})f$/.exec(format)?.[1]
  if (digits !== undefined) return `{{ ${path} | round: ${digits} }}`
  return format === ':d' || format === ':s' ? `{{ ${path} }}` : undefined
}

/** Whether a brace stands in the text that begins no field, is no JSON and not empty. */
function hasOtherBraces(masked: string, fields: readonly Field[]): boolean {
  const begins = new Set(fields.map(({ start }) => start))
  for (let at = masked.indexOf('{'); at >= 0; at = masked.indexOf('{', at + 1)) {
    NEUTRAL.lastIndex = at
    if (!begins.has(at) && !NEUTRAL.test(masked)) return true
  }
  return false
}

/** Blocks of code that name their language are code; those that name none often hold what is to be read. */
function withoutNamedFences(prose: string): string {
  let made = ''
  let kept = 0
  let open: { at: number; isNamed: boolean } | undefined
  for (const fence of prose.matchAll(FENCE)) {
    if (open === undefined) open = { at: fence.index, isNamed: fence[1] !== undefined }
    else {
      if (open.isNamed) {
        const end = fence.index + fence[0].length
        made += prose.slice(kept, open.at) + '\uFFFC'.repeat(end - open.at)
        kept = end
      }
      open = undefined
    }
  }
  return made + prose.slice(kept)
}

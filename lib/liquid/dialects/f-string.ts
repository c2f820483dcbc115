import type { Span } from '../syntax.ts'
import { withoutNamedFences } from './code-blocks.ts'
import type { Finding, TextEdit } from './finding.ts'
import type { Cut } from './pieces.ts'

/** `{name}`, `{name!r}`, `{name:.2f}`, with members or items. */
const FIELD =
  /\{([A-Za-z]\w{0,63}(?:\.[A-Za-z]\w{0,63}|\[(?:\d{1,6}|"\w{1,64}"|'\w{1,64}')\]){0,5})(![rsa])?(:[^\s{}:]{0,16})?\}/g

/** Before a word in braces these say that it is a formula, code or a template of another kind. */
const FOREIGN_BEFORE = /[\\^_$#%]/
/** Before or after it these let one doubt: it counts where the text has a field without doubt. */
const DOUBT_BEFORE = /[\w@&}=/)]/
const DOUBT_AFTER = /[{/\w]/
/** An attribute of JSX, or a line that is a path. */
const MARKUP = /<\w[^<>{}\n]{0,200}=$/
/** Words that are values and can be no variable. */
const VALUE = /^(?:null|true|false|none|nil|undefined|NULL|None|True|False)$/
/** A brace of JSON or of a comment of Jinja, or one with nothing in it: they tell nothing. */
const NEUTRAL = /\{(?=#|\s{0,200}(?:["'}]|\d{0,9}\}))/y
/** Words before a brace that make it code. */
const CODE_BEFORE =
  /(?:\b(?:import|export|const|let|var|return|else|do|try|finally|struct|enum|class)|[)>]|=>)[ \t]*$|=[ \t]+$/
const LATEX = /\\[a-zA-Z]{1,30}\s?\{/

interface Field extends Span {
  name: string
  /** A conversion or a format: nothing else looks like that. */
  isSure: boolean
  isDoubtful: boolean
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
  const found = fieldsIn(masked)
  const isOther = LATEX.test(masked) || hasOtherBraces(masked, found)
  const isText = !isOther && found.some(({ isDoubtful }) => !isDoubtful)
  const fields = found.filter(({ isDoubtful, name }) => !VALUE.test(name) && (!isDoubtful || isText))
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
  if (first === undefined) return isOther || hasLiquid ? [] : positions(masked)
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

/** `{0}` and `{1}` of `str.format`: one alone may be anything. */
function positions(masked: string): Finding[] {
  const places = [...masked.matchAll(/\{(\d)\}/g)].map(({ index, 1: digit }) => ({
    start: index,
    end: index + 3,
    digit,
  }))
  if (!['0', '1'].every((wanted) => places.some(({ digit }) => digit === wanted))) return []
  return [
    {
      code: 'f_string',
      places,
      message: '{0} is plain text here; it is a place of str.format',
      hint: 'A variable has a name: {{ question }}',
      warns: true,
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
    if (FOREIGN_BEFORE.test(before) || MARKUP.test(masked.slice(Math.max(0, start - 200), start))) continue
    if (CODE_BEFORE.test(masked.slice(Math.max(0, start - 20), start)) && before !== '>') continue
    fields.push({
      start,
      end,
      name: /^\w+/.exec(path)?.[0] ?? path,
      isSure,
      isDoubtful: !isSure && (DOUBT_BEFORE.test(before) || DOUBT_AFTER.test(masked[end] ?? ' ')),
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

import type { Finding, TextEdit } from './finding.ts'
import type { Cut } from './pieces.ts'

const FIELD = /\{([A-Za-z]\w{0,63}(?:\.\w{1,64}|\[\w{1,64}\]){0,5})(?:![rsa])?(?::[^\s{}]{0,16})?\}/y

/**
 * A text that can only be one of Python's f-strings: words in single braces, and doubled braces around what
 * is no variable. There a doubled brace stands for one, so that both have to be turned round.
 * @param isLiteral whether a pair of braces, by its place in `pieces`, holds what can be no output
 */
export function pythonFormat({ text, pieces }: Cut, isLiteral: (index: number) => boolean): Finding[] {
  if (pieces.length === 0 || !pieces.every((_piece, index) => isLiteral(index))) return []
  const read = readFormat(text)
  if (read === undefined || read.fields.length === 0) return []
  return [
    {
      code: 'f_string',
      places: [{ start: read.edits[0]?.from ?? 0, end: read.edits.at(-1)?.to ?? 0 }],
      message: `${read.fields[0]} and doubled braces are as in Python's f-strings`,
      hint: `Here a variable is {{ ${read.fields[0]?.slice(1, -1)} }}, and a brace that stands alone needs no doubling`,
      warns: true,
      fix: { label: 'Turn {x} into {{ x }} and {{ into {', edits: read.edits },
    },
  ]
}

/** Reads a text as `str.format` does; undefined when it is none. */
function readFormat(text: string): { fields: string[]; edits: TextEdit[] } | undefined {
  const fields: string[] = []
  const edits: TextEdit[] = []
  for (let at = nextBrace(text, 0); at >= 0; ) {
    const character = text.charAt(at)
    if (text[at + 1] === character) {
      edits.push({ from: at, to: at + 2, insert: brace(text, at) })
      at = nextBrace(text, at + 2)
      continue
    }
    FIELD.lastIndex = at
    const field = FIELD.exec(text)
    if (field === null) return undefined
    fields.push(field[0])
    edits.push({ from: at, to: FIELD.lastIndex, insert: `{{ ${field[1]} }}` })
    at = nextBrace(text, FIELD.lastIndex)
  }
  return { fields, edits }
}

function nextBrace(text: string, from: number): number {
  const open = text.indexOf('{', from)
  const close = text.indexOf('}', from)
  return open < 0 ? close : close < 0 ? open : Math.min(open, close)
}

/** One brace; where another opening one follows, `raw` keeps the two from being read together. */
function brace(text: string, at: number): string {
  return text[at] === '{' && (text[at + 2] === '{' || text[at + 2] === '%')
    ? '{% raw %}{{% endraw %}'
    : text.charAt(at)
}

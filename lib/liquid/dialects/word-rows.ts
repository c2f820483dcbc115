import type { Span } from '../syntax.ts'
import type { Finding, TextEdit } from './finding.ts'
import type { Cut, Piece } from './pieces.ts'
import { WRAP_IN_RAW } from './row.ts'

/*
 * Words and outputs that are legal here and mean something else where they come from.
 */

/** Values of Python and JavaScript that would be variables here. */
const VALUES: Readonly<Record<string, string>> = {
  None: 'nil',
  none: 'nil',
  NULL: 'nil',
  Null: 'nil',
  undefined: 'nil',
  True: 'true',
  TRUE: 'true',
  False: 'false',
  FALSE: 'false',
}
/** In capitals they are never meant as variables; in small letters only where something is compared. */
const CAPITAL_VALUE = /(?<![\w.-]|\|\s{0,8})(None|True|False|NULL|Null|TRUE|FALSE)(?![\w.([:-])/g
const COMPARED_VALUE = /(?:==|!=|<>)\s{0,8}(None|none|NULL|Null|undefined|True|TRUE|False|FALSE)(?![\w.([-])/g

/** `None`, `True`, `False` and the like in braces. */
export function foreignValues({ pieces }: Cut): Finding[] {
  const edits = pieces.flatMap((piece) =>
    [CAPITAL_VALUE, COMPARED_VALUE]
      .flatMap((pattern) => [...piece.code.matchAll(pattern)])
      .map((found): TextEdit => {
        const word = found[1] ?? ''
        const from = piece.inner[0] + found.index + found[0].length - word.length
        return { from, to: from + word.length, insert: VALUES[word] ?? 'nil' }
      }),
  )
  const once = [...new Map(edits.map((edit) => [edit.from, edit])).values()].sort(
    (left, right) => left.from - right.from,
  )
  const [first] = once
  if (first === undefined) return []
  const word = wordAt(pieces, first)
  return [
    {
      code: 'foreign_value',
      places: once.map(spanOf),
      message: `${word} is the name of a variable here`,
      hint: `Write nil for None, null and undefined, true and false in small letters: ${word} is ${first.insert}`,
      warns: true,
      fix: { label: `Turn ${word} into ${first.insert}`, edits: once },
    },
  ]
}

function spanOf({ from, to }: TextEdit): Span {
  return { start: from, end: to }
}

function wordAt(pieces: readonly Piece[], { from, to }: TextEdit): string {
  const piece = pieces.find(({ inner }) => inner[0] <= from && to <= inner[1])
  return piece === undefined ? '' : piece.code.slice(from - piece.inner[0], to - piece.inner[0])
}

/** A length that is compared, asked for truth, or of what a loop of the text walks through. */
const LENGTH = /(?<![\w.])([A-Za-z][\w.]*)\.length(?![\w(])/g

/** `.length` of JavaScript: a member of that name here, and nothing where a list has none. */
export function lengths({ pieces }: Cut): Finding[] {
  const looped = new Set(
    pieces.flatMap(({ kind, code }) =>
      kind === 'tag' ? (/^for\s+\w+\s+in\s+([\w.]+)/.exec(code)?.[1] ?? []) : [],
    ),
  )
  const edits = pieces.flatMap(({ kind, code, inner }) =>
    [...code.matchAll(LENGTH)].flatMap(({ 0: all, 1: path = '', index }): TextEdit[] => {
      const isAsked = kind === 'tag' && /^(?:if|elsif|unless)\b/.test(code)
      if (/^(?:forloop|loop)$/.test(path) || !(isAsked || looped.has(path))) return []
      const from = inner[0] + index + path.length
      const isBare = isAsked && /^(?:\s*$|\s+(?:and|or)\b)/.test(code.slice(index + all.length))
      return [{ from, to: from + '.length'.length, insert: isBare ? '.size > 0' : '.size' }]
    }),
  )
  if (edits.length === 0) return []
  return [
    {
      code: 'length_member',
      places: edits.map(spanOf),
      message: '.length is a member of that name here, which lists and texts do not have',
      hint: 'How many there are is said by .size: {% if items.size > 0 %}',
      warns: true,
      fix: { label: 'Turn .length into .size', edits },
    },
  ]
}

const LOOP_MEMBERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    index: 'index',
    index0: 'index0',
    revindex: 'rindex',
    revindex0: 'rindex0',
    first: 'first',
    last: 'last',
    length: 'length',
  }),
)

/** Jinja's `loop.index`, unless the text makes a `loop` of its own. */
export function foreignLoop({ pieces }: Cut): Finding[] {
  const isOwn = pieces.some(({ kind, code }) => kind === 'tag' && /^(?:for|assign)\s+loop\b/.test(code))
  if (isOwn || !pieces.some(({ kind, code }) => kind === 'tag' && /^for\b/.test(code))) return []
  const edits = pieces.flatMap(({ code, inner }) =>
    [...code.matchAll(/(?<![\w.])loop\.(\w+)/g)].flatMap((found): TextEdit[] => {
      const member = LOOP_MEMBERS.get(found[1] ?? '')
      const from = inner[0] + found.index
      return member === undefined ? [] : [{ from, to: from + found[0].length, insert: `forloop.${member}` }]
    }),
  )
  const [first] = edits
  if (first === undefined) return []
  return [
    {
      code: 'jinja_loop',
      places: edits.map(spanOf),
      message: 'loop is the name of a variable here; in Jinja it counts',
      hint: `Write ${first.insert}`,
      warns: true,
      fix: { label: 'Turn loop into forloop', edits },
    },
  ]
}

/** What GitHub's workflows read; anything else behind a dollar sign may be a price. */
const GITHUB = /^(?:secrets|github|env|vars|inputs|needs|steps|matrix|runner|jobs?|strategy)\.[\w.-]+/

/** `${{ secrets.X }}`, which a workflow reads and a prompt only quotes. */
export function workflowExpressions({ text, pieces }: Cut): Finding[] {
  const found = pieces.filter(
    ({ kind, start, code }) => kind === 'output' && text[start - 1] === '$' && GITHUB.test(code),
  )
  const [first] = found
  if (first === undefined) return []
  const name = /^\w+/.exec(first.code)?.[0]
  return [
    {
      code: 'workflow_expression',
      places: found,
      message: `$${text.slice(first.start, first.end)} makes ${name} a variable of this prompt`,
      hint: 'An expression of a GitHub workflow is kept as it is between {% raw %} and {% endraw %}',
      warns: true,
      fix: { label: WRAP_IN_RAW, edits: rawAround(found) },
    },
  ]
}

const TEMPLATE_FENCE =
  /^[ \t]{0,3}(`{3,10}|~{3,10})[ \t]*(?:jinja2?|j2|django|twig|nunjucks|njk|liquid|handlebars|hbs|mustache|vue|svelte|helm|gotmpl|go-template|ejs|erb)\b[^\n`]{0,200}\n/gim

/** Outputs in a fenced block whose language is one of templates: an example, as its author says himself. */
export function quotedTemplates({ text, pieces }: Cut): Finding[] {
  const found: Span[] = []
  let next = 0
  for (const fence of text.matchAll(TEMPLATE_FENCE)) {
    const start = fence.index + fence[0].length
    const end = text.indexOf(`\n${fence[1]}`, start - 1)
    while (next < pieces.length && (pieces[next]?.start ?? 0) < start) next++
    const first = next
    while (next < pieces.length && (pieces[next]?.end ?? 0) <= end) next++
    const [from, to] = [pieces[first], pieces[next - 1]]
    if (first < next && from && to) found.push({ start: from.start, end: to.end })
  }
  if (found.length === 0) return []
  return [
    {
      code: 'quoted_template',
      places: found,
      message: 'The block of code is read as a part of this template',
      hint: 'An example of a template is kept as it is between {% raw %} and {% endraw %}',
      warns: true,
      fix: { label: WRAP_IN_RAW, edits: rawAround(found) },
    },
  ]
}

/** `raw` around each place, and only once around places that touch. */
export function rawAround(places: readonly Span[]): TextEdit[] {
  const edits: TextEdit[] = []
  let open = -1
  for (const [index, { start, end }] of places.entries()) {
    if (open < 0) edits.push({ from: start, to: start, insert: '{% raw %}' })
    open = places[index + 1]?.start === end ? end : -1
    if (open < 0) edits.push({ from: end, to: end, insert: '{% endraw %}' })
  }
  return edits
}

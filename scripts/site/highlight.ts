import type { ElementContent } from './tree.ts'

/** What is told apart in examples: enough to read them, and the same for every language. */
const COMMENT = /^[ \t]*#.*|(?<=\s)#\s.*/
const C_COMMENT = /\/\*[^]*?\*\/|\/\/\s.*/
const SQL_COMMENT = /--\s.*/
const STRING = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`/
const LIQUID = /\{[{%][^]*?[%}]\}/

const RULES: Readonly<Record<string, readonly [string, RegExp][]>> = {
  sh: [
    ['comment', COMMENT],
    ['string', STRING],
    ['name', /(?<![\w-])--?[A-Za-z][\w-]*|\$\{?\w+\}?/],
  ],
  json: [
    ['name', /"(?:\\.|[^"\\])*"(?=\s*:)/],
    ['string', STRING],
    ['number', /\b(?:true|false|null|-?\d[\d.]*)\b/],
  ],
  yaml: [
    ['comment', COMMENT],
    ['string', STRING],
    ['name', /^[ \t-]*[\w.]+(?=:)/],
  ],
  ini: [
    ['comment', COMMENT],
    ['name', /^\[.*\]|^\w+(?==)/],
  ],
  toml: [
    ['comment', COMMENT],
    ['string', STRING],
    ['name', /^\[.*\]|^\w+(?= =)/],
  ],
  nginx: [
    ['comment', COMMENT],
    ['string', STRING],
    ['name', /^\s*\w+|\$\w+/],
  ],
  sql: [
    ['comment', SQL_COMMENT],
    ['string', STRING],
    ['name', /\b[A-Z]{2,}\b/],
  ],
  ts: [
    ['comment', C_COMMENT],
    ['string', STRING],
    [
      'name',
      /\b(?:import|from|export|const|type|interface|async|await|function|return|if|throw|new|yield)\b/,
    ],
  ],
  liquid: [['name', LIQUID]],
}

/** The parts of an example, with a class where they are something. */
export function highlighted(text: string, language: string): ElementContent[] {
  const rules = RULES[language]
  if (rules === undefined) return [{ type: 'text', value: text }]
  const pattern = new RegExp(rules.map(([name, { source }]) => `(?<${name}>${source})`).join('|'), 'gm')
  const parts: ElementContent[] = []
  let end = 0
  for (const { 0: found, index, groups = {} } of text.matchAll(pattern)) {
    if (index > end) parts.push({ type: 'text', value: text.slice(end, index) })
    const [kind = ''] = Object.entries(groups).find(([, value]) => value !== undefined) ?? []
    const children: ElementContent[] = [{ type: 'text', value: found }]
    parts.push({ type: 'element', tagName: 'span', properties: { className: [`is-${kind}`] }, children })
    end = index + found.length
  }
  return [...parts, { type: 'text', value: text.slice(end) }]
}

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { threadMs } from '../../testing/time/processor-time.ts'
import { convert, type SourceLanguage } from './convert.ts'
import { analysisOf } from './written.ts'

const LANGUAGES: readonly SourceLanguage[] = [
  'f-string',
  'mustache',
  'handlebars',
  'dotprompt',
  'jinja2',
  'nunjucks',
  'semantic-kernel',
  'double-braces',
]
const PIECES = [
  [
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    '{',
    '}',
    '{{{',
    '}}}',
    '{{{{a}}}}',
    '{{!--',
    '--}}',
    '~',
    '-',
    '\\',
    '\n',
    ' ',
  ],
  [
    '#if x',
    '/if',
    'else',
    '#each y',
    '/each',
    '#x',
    '^x',
    '/x',
    '> p',
    '=<% %>=',
    '& x',
    '@index',
    '../',
    'this.',
    '.',
  ],
  [
    'if x',
    'endif',
    'for a in b',
    'endfor',
    'set x = ',
    'endset',
    'macro f(a)',
    'endmacro',
    'raw',
    'endraw',
    'f(1)',
  ],
  [
    'x',
    '"',
    "'",
    '|',
    ' upper',
    '(',
    ')',
    '[',
    ']',
    ',',
    ':',
    '==',
    ' and ',
    ' or ',
    ' not ',
    ' in ',
    ' is ',
    ' if ',
  ],
  [
    '$x',
    '!r',
    ':.2f',
    '1',
    '{% endraw %}',
    '{% endcomment %}',
    '\u0000',
    '\ud800',
    '😀',
    'é',
    'class',
    '__proto__',
  ],
].flat()
const PARTIALS = new Map([
  ['p', '{{> q}}{{x}}{{y.z}}'],
  ['q', '{{> p}}'],
])

it('reads whatever stands in a text, and what it makes is always Liquid', () => {
  const scraps = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((parts) => parts.join(''))
  const texts = fc.oneof(scraps, fc.string({ unit: 'binary', maxLength: 60 }))
  fc.assert(
    fc.property(texts, fc.constantFrom(...LANGUAGES), (text, language) => {
      expect(faultsOf(text, language)).toEqual([])
    }),
    { seed: 105, numRuns: 5_000 },
  )
})

/** What is wrong with what a text becomes; a refusal says why. */
function faultsOf(text: string, language: SourceLanguage): unknown[] {
  const found = convert(text, language, PARTIALS)
  if ('refused' in found) return found.refused.length > 0 ? [] : ['It is refused without a reason']
  if (found.format === 'text') return []
  const texts =
    'text' in found ? [found.text] : found.messages.flatMap((each) => ('text' in each ? [each.text] : []))
  return texts.flatMap((each) => analysisOf(each).problems)
}

/** Pieces that are costly where each of them is looked for anew. */
const REPEATED = [
  [
    '{{',
    '{%',
    '{#',
    '{',
    '{{{',
    '{{{{a}}}} ',
    '{{!--',
    '{{!-- }}',
    '{{"}}',
    '{{[}}',
    '{{ "a" | ',
    '{{#if x}}',
    '{% if x %}',
  ],
  [
    '{{(((',
    '{{ [',
    '{{ a or ',
    '{% raw %}',
    '{%- raw -%}',
    '{% set x %}',
    '{{ x|default(y)|default(z) }}',
    '{{^x}}',
  ],
  [
    '{{=| |=}}',
    '\n  {{#a}}\n',
    '{{ a and b or c }}',
    '{a:',
    '{{$x',
    '\\{{',
    '{% macro f() %}{{ f() }}{% endmacro %}',
  ],
].flat()

it.each(LANGUAGES)('reads long texts of %s in time that grows as they do', (language) => {
  const slow = REPEATED.filter((piece) => {
    const text = piece.repeat(Math.floor(65_536 / piece.length))
    return threadMs(() => convert(text, language, PARTIALS), 1_000) >= 1_000
  })
  expect(slow).toEqual([])
})

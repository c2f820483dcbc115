import fc from 'fast-check'
import { Liquid } from 'liquidjs'
import { describe, expect, it } from 'vitest'
import { isAppError } from '../errors.ts'
import { textContent } from '../prompts/template/testing.ts'
import { analyse, compilePrompt, inferVariables, renderPrompt } from '../prompts/template.ts'
import { FILTER_NAMES } from './filters.ts'
import { isVariableName } from './name-rules.ts'
import { textProblem } from './text.ts'

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,6}$/).filter(isVariableName)
const literal = fc.oneof(
  fc.constantFrom('"text"', "'a b'", '3', '-1.5', 'true', 'nil', 'blank', '(1..3)'),
  fc.nat({ max: 50 }).map(String),
)
const path = fc
  .tuple(name, fc.array(fc.constantFrom('.size', '.first', '[0]', '.a', '["b"]'), { maxLength: 2 }))
  .map(([root, keys]) => root + keys.join(''))
const value = fc.oneof(path, literal)
const filter = fc
  .tuple(fc.constantFrom(...FILTER_NAMES), fc.array(value, { maxLength: 2 }))
  .map(([filterName, args]) => ` | ${filterName}${args.length > 0 ? `: ${args.join(', ')}` : ''}`)
const expression = fc
  .tuple(
    value,
    fc.array(fc.tuple(fc.constantFrom('==', '!=', '<', '>=', 'contains', 'and', 'or'), value), {
      maxLength: 2,
    }),
    fc.array(filter, { maxLength: 2 }),
  )
  .map(
    ([first, more, filters]) =>
      first + more.map(([operator, right]) => ` ${operator} ${right}`).join('') + filters.join(''),
  )

const { template } = fc.letrec<{ template: string; node: string }>((tie) => ({
  template: fc.array(tie('node'), { maxLength: 4 }).map((nodes) => nodes.join('')),
  node: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('text ', '{"json": [1]}', '\n', '😀', '{', '%}', '}}'),
    expression.map((inner) => `{{ ${inner} }}`),
    fc.tuple(name, expression).map(([to, inner]) => `{%- assign ${to} = ${inner} -%}`),
    fc
      .tuple(expression, tie('template'), tie('template'))
      .map(([test, then, otherwise]) => `{% if ${test} %}${then}{% else %}${otherwise}{% endif %}`),
    fc.tuple(expression, tie('template')).map(([test, then]) => `{% unless ${test} %}${then}{% endunless %}`),
    fc
      .tuple(name, value, tie('template'))
      .map(
        ([item, items, body]) =>
          `{% for ${item} in ${items} limit: 3 %}${body}{{ forloop.index }}{% endfor %}`,
      ),
    fc
      .tuple(value, value, tie('template'))
      .map(([test, when, body]) => `{% case ${test} %}{% when ${when} %}${body}{% else %}x{% endcase %}`),
    fc.tuple(name, value).map(([argument, given]) => `{% render "other", ${argument}: ${given} %}`),
  ),
}))

/** Texts that look like templates but mostly are not. */
const scraps = fc
  .array(
    fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '%}',
      '-',
      ' ',
      '|',
      ':',
      ',',
      '.',
      '[',
      ']',
      '(',
      ')',
      '..',
      '"',
      "'",
      '\\',
      'if',
      'else',
      'endif',
      'for',
      'in',
      'endfor',
      'case',
      'when',
      'raw',
      'endraw',
      'comment',
      'endcomment',
      'render',
      'assign',
      '=',
      '==',
      'and',
      'not',
      'nil',
      'x',
      'upcase',
      '3',
      '#',
      '\n',
      '😀',
      '\ud800',
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''))

const values = fc.dictionary(name, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 })

/** Renders whatever can be rendered; otherwise the code of the AppError. Anything else is thrown on. */
function attempt(text: string, given: Record<string, unknown>): { text?: string; code?: string } {
  const content = textContent(text)
  try {
    const variables = inferVariables(analyse(content))
    const known = Object.fromEntries(
      variables.map((variable) => [variable.name, given[variable.name] ?? 'v']),
    )
    return { text: renderPrompt(compilePrompt({ content, variables, includes: new Map() }), known).content }
  } catch (error) {
    if (!isAppError(error)) throw error
    return { code: error.code }
  }
}

describe('for any text', () => {
  const anything = fc.oneof(template, scraps, fc.string({ unit: 'binary' }))

  it('nothing but a named error is thrown', () => {
    fc.assert(
      fc.property(anything, values, (text, given) => {
        const { code = 'unprocessable', text: rendered = '' } = attempt(text, given)
        expect(textProblem(rendered)).toBeUndefined()
        expect(['unprocessable', 'too_large', 'invalid_input']).toContain(code)
      }),
      { numRuns: 600 },
    )
  })

  it('every problem has a place within the text', () => {
    fc.assert(
      fc.property(anything, (text) => {
        for (const { range } of analyse(textContent(text)).problems) {
          const { start, end } = range ?? { start: -1, end: -1 }
          expect(0 <= start && start <= end && end <= text.length).toBe(true)
        }
      }),
      { numRuns: 600 },
    )
  })

  it('the same values give the same result', () => {
    fc.assert(
      fc.property(template, values, (text, given) => {
        expect(attempt(text, given)).toEqual(attempt(text, given))
      }),
      { numRuns: 300 },
    )
  })

  it('a text without marks is rendered as it is', () => {
    const plain = fc.string({ unit: 'grapheme' }).filter((text) => !/\{[{%]/.test(text))
    fc.assert(
      fc.property(plain, (text) => {
        expect(attempt(text, {})).toEqual({ text })
      }),
    )
  })

  it('a value is inserted as it is, wherever it stands', () => {
    const given = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))
    fc.assert(
      fc.property(
        given,
        given.filter((text) => !/\{[{%]?|\{$/.test(text)),
        (inserted, around) => {
          expect(attempt(`${around}{{ v }}${around}`, { v: inserted })).toEqual({
            text: `${around}${inserted}${around}`,
          })
        },
      ),
    )
  })

  it('analyse finds each variable that is put in, at its place', () => {
    const uses: ((variable: string) => string)[] = [
      (variable) => `{{ ${variable} }}`,
      (variable) => `{{- ${variable}.a | append: "x" }}`,
      (variable) => `{{ "x" | append: ${variable} }}`,
      (variable) => `{% if ${variable} == 1 or true %}y{% endif %}`,
      (variable) => `{% unless true and ${variable} %}y{% endunless %}`,
      (variable) => `{% for zz in ${variable} %}{{ zz }}{% endfor %}`,
      (variable) => `{% case 1 %}{% when ${variable} %}{% endcase %}`,
      (variable) => `{% assign zz = ${variable} %}`,
      (variable) => `{% render "other", p: ${variable} %}`,
    ]
    const used = fc.array(
      fc.tuple(
        name.filter((it) => it !== 'zz'),
        fc.constantFrom(...uses),
        fc.constantFrom('', ' é\n', '{"a":1}'),
      ),
      { minLength: 1, maxLength: 8 },
    )
    fc.assert(
      fc.property(used, (list) => {
        const text = list.map(([variable, use, between]) => use(variable) + between).join('')
        const { variables, problems } = analyse(textContent(text))
        expect(problems).toEqual([])
        expect(variables.map((variable) => variable.name)).toEqual([
          ...new Set(list.map(([variable]) => variable)),
        ])
        for (const variable of variables) {
          for (const { range } of variable.places) {
            expect(text.slice(range.start, range.end).startsWith(variable.name)).toBe(true)
            const lines = text.slice(0, range.start).split('\n')
            expect([range.line, range.column]).toEqual([lines.length, (lines.at(-1) ?? '').length + 1])
          }
        }
      }),
    )
  })
})

describe('in agreement with liquidjs', () => {
  // What both can do and mean alike; ours differs on purpose in nil comparisons, JSON of objects, and
  // filters on values of another type.
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictVariables: true,
    lenientIf: true,
    strictFilters: true,
  })
  const text = fc.constantFrom('s', 't', '"lit"')
  const number = fc.constantFrom('n', '2', '-3')
  const shared = fc.oneof(
    fc.constantFrom(
      'a ',
      ' \n b',
      '{ ',
      '{"x": 1}',
      '{%- comment -%} {{ s }} {% endcomment %}',
      '{% raw %} {{ s }} {% endraw -%} ',
    ),
    text.map((it) => `{{- ${it} | upcase | append: t -}} `),
    text.map((it) => `{{ ${it} | split: "a" | join: "/" }}`),
    text.map(
      (it) => `{{ ${it} | replace: "a", "bb" | remove_first: "b" | truncate: 5 | capitalize | strip }}`,
    ),
    number.map((it) => `{{ ${it} | plus: 2 | times: n | minus: 1 | at_least: 0 | modulo: 5 }}`),
    fc.constantFrom(
      '{{ l | sort | reverse | join }}',
      '{{ l | first }}{{ l.last }}{{ l.size }}',
      '{{ o.k.m }}{{ o["k"].m }}',
      '{{ l | uniq | compact | size }}',
      '{{ p | map: "a" | join: "-" }}',
      '{{ p | where: "a", 2 | size }}',
      '{{ e | default: s }}',
    ),
    fc
      .tuple(text, fc.constantFrom('==', '!=', 'contains', '<', '>='), text)
      .map(([a, operator, b]) => `{% if ${a} ${operator} ${b} and n %}y{% elsif o %}o{% else %}z{% endif %}`),
    fc
      .tuple(number, fc.constantFrom('==', '<', '>', '<='), number)
      .map(([a, operator, b]) => `{% unless ${a} ${operator} ${b} %}u{% else %}v{% endunless %}`),
    fc.constantFrom(
      '{% for i in l %}{{ forloop.index }}{{ forloop.rindex0 }}{{ i }}{% unless forloop.last %},{% endunless %}{% endfor %}',
      '{% for i in l reversed %}{{ i }}{% endfor %}',
      '{% for i in l offset: 1 limit: 1 %}{{ i }}{% else %}none{% endfor %}',
      '{% for i in e %}{{ i }}{% else %}none{% endfor %}',
      '{% for pair in o %}{{ pair[0] }}{% endfor %}',
      '{% for i in (1..n) %}{{ i }}{% endfor %}',
    ),
    fc.constantFrom(
      '{% case s %}{% when "a a", t %}1{% when "b" %}2{% else %}3{% endcase %}',
      '{% assign q = s | append: "q" %}{{ q }}',
      '{% if e == empty %}E{% endif %}{% if s == blank %}B{% endif %}',
    ),
  )
  const data = fc.record({
    s: fc.constantFrom('a a', 'b', '', ' x '),
    t: fc.constantFrom('b', 'aab ', 'Ü ü'),
    n: fc.integer({ min: 1, max: 9 }),
    l: fc.array(fc.constantFrom('x', 'b', 'y', 'ab'), { minLength: 2, maxLength: 4 }),
    o: fc.constant({ k: { m: 'deep' } }),
    p: fc.constant([{ a: 1 }, { a: 2 }, { a: 2 }]),
    e: fc.constant([] as string[]),
  })
  const types = {
    s: 'string',
    t: 'string',
    n: 'integer',
    l: 'array',
    o: 'object',
    p: 'array',
    e: 'array',
  } as const
  const variables = Object.entries(types).map(([variable, type]) => ({
    name: variable,
    type,
    required: true,
  }))

  it('renders the same', () => {
    fc.assert(
      fc.property(fc.array(shared, { maxLength: 6 }), data, (parts, given) => {
        const source = parts.join('')
        const compiled = compilePrompt({ content: textContent(source), variables, includes: new Map() })
        expect(renderPrompt(compiled, given).content).toBe(String(liquid.parseAndRenderSync(source, given)))
      }),
      { numRuns: 500 },
    )
  })
})

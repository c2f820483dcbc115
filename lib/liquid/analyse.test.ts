import { describe, expect, it } from 'vitest'
import { included, textContent } from '../prompts/template/testing.ts'
import { analyse, checkPrompt, inferVariables, proposeVariables } from '../prompts/template.ts'
import type { Variable } from './variable.ts'

function variablesOf(text: string) {
  return analyse(textContent(text)).variables.map((variable) => variable.name)
}

function problemsOf(text: string) {
  return analyse(textContent(text)).problems.map(({ code, range }) => [
    code,
    range?.line,
    range?.column,
    text.slice(range?.start, range?.end),
  ])
}

describe('analyse', () => {
  it('finds every variable with all its places', () => {
    const { variables } = analyse(textContent('{{ a }}\n{% if b and a.x %}{{ c | append: d }}{% endif %}'))
    expect(
      variables.map(({ name, places }) => [
        name,
        ...places.map(({ range }) => `${range.line}:${range.column}`),
      ]),
    ).toEqual([
      ['a', '1:4', '2:13'],
      ['b', '2:7'],
      ['c', '2:22'],
      ['d', '2:34'],
    ])
  })

  it.each([
    [
      '{% for i in items limit: n offset: m %}{{ i }}{{ forloop.index }}{{ x }}{% else %}{{ i }}{% endfor %}',
      ['items', 'n', 'm', 'x', 'i'],
    ],
    ['{% assign a = b %}{{ a }}{{ c }}', ['b', 'c']],
    ['{{ a }}{% assign a = "x" %}{{ a }}', ['a']],
    ['{% case a %}{% when b, "c" %}{{ d }}{% else %}{{ e }}{% endcase %}', ['a', 'b', 'd', 'e']],
    ['{{ a[b].c[d.e] }}', ['b', 'd', 'a']],
    ['{% for i in (x..y) %}{% endfor %}{{ "s" | append: z, }}', ['x', 'y', 'z']],
    ['{{ a | default: b, allow_false: c }}', ['a', 'b', 'c']],
    [
      '{% render "other", p: q, r: "s" %}{% render "more" with t as u %}{% render "third" for v as w %}',
      ['q', 't', 'v'],
    ],
    ['{% raw %}{{ a }}{% endraw %}{% comment %}{{ b }}{% endcomment %}{% # {{ c %}', []],
    ['{{ "a" }}{{ 1 }}{{ nil }}{{ empty }}{{ true }}', []],
  ])('%s uses %j', (text, names) => {
    expect(variablesOf(text)).toEqual(names)
  })

  it('lists includes with their version, arguments and place', () => {
    const { includes } = analyse(
      textContent('x {% render "a-b@12", p: 1 %}{% render "c" for list as item %}'),
    )
    expect(includes).toEqual([
      {
        ref: 'a-b@12',
        name: 'a-b',
        version: 12,
        args: ['p'],
        path: ['template_content'],
        range: { start: 2, end: 29, line: 1, column: 3 },
      },
      {
        ref: 'c',
        name: 'c',
        args: ['item'],
        path: ['template_content'],
        range: { start: 29, end: 62, line: 1, column: 30 },
      },
    ])
  })

  it.each<[string, ReturnType<typeof problemsOf>]>([
    ['a {{ b', [['open_output', 1, 3, '{{ b']]],
    ['a\n {% if b %}c', [['open_tag', 2, 2, '{% if b %}']]],
    ['{% iff b %}', [['unknown_tag', 1, 1, '{% iff b %}']]],
    ['{% endif %}', [['unexpected_tag', 1, 1, '{% endif %}']]],
    ['{% if a %}{% else %}{% elsif b %}{% endif %}', [['unexpected_tag', 1, 21, '{% elsif b %}']]],
    ['{% if a %}{% endfor %}{% endif %}', [['unexpected_tag', 1, 11, '{% endfor %}']]],
    [
      '{{ a | up }}{{ b | nope: c }}',
      [
        ['unknown_filter', 1, 8, 'up'],
        ['unknown_filter', 1, 20, 'nope'],
      ],
    ],
    ['{{ a | replace }}', [['filter_arguments', 1, 8, 'replace']]],
    ['{{ a b }}', [['incomplete_expression', 1, 4, 'a b']]],
    ['{% if a == %}{% endif %}', [['incomplete_expression', 1, 7, 'a ==']]],
    ['{{ a | upcase | }}', [['syntax', 1, 15, '|']]],
    ['{{ a = b }}', [['syntax', 1, 7, ' b ']]],
    ['{% assign a b %}', [['syntax', 1, 13, 'b']]],
    ['{% assign for-x = 1 %}', [['invalid_name', 1, 11, 'for-x']]],
    ['{{ a-b }}', [['invalid_name', 1, 4, 'a-b']]],
    ['{% for x of y %}{% endfor %}', [['syntax', 1, 10, 'of']]],
    ['{{ [a] }}', [['dynamic_name', 1, 4, '[a]']]],
    ['{% if a == "b %}{% endif %}', [['open_string', 1, 12, '"b']]],
    ['{{ "\\u0000" }}', [['nul_character', 1, 4, '"\\u0000"']]],
    ['{{ "\\ud800" }}', [['lone_surrogate', 1, 4, '"\\ud800"']]],
    ['{% if a %}x{% else extra %}{% endif %}', [['unexpected_text', 1, 20, 'extra']]],
  ])('%j has the problems %j', (text, problems) => {
    expect(problemsOf(text)).toEqual(problems)
  })

  it('looks at every field of a chat, whatever is wrong with another', () => {
    const { variables, problems } = analyse({
      kind: 'chat',
      messages: [
        { role: 'user', content: '{{ broken' },
        { role: 'user', content: [{ type: 'resource_link', uri: 'x:{{ a }}', name: 'n' }] },
      ],
    })
    expect(problems.map((problem) => problem.path)).toEqual([['messages', 0, 'content']])
    expect(variables.map(({ name, places }) => [name, places[0]?.path])).toEqual([
      ['a', ['messages', 1, 'content', 0, 'uri']],
    ])
  })
})

describe('proposeVariables', () => {
  it('reads types and what may be left out from the text', () => {
    const text = `{{ a }}{% if b %}{{ b }}{% endif %}{{ c | default: "x" }}{% for d in ds %}{{ d.x }}{% endfor %}
      {{ e.f }}{% unless g == blank %}{{ g }}{% endunless %}{% if h == "x" %}{% endif %}{{ k | join: "," }}`
    expect(proposeVariables(analyse(textContent(text)))).toEqual([
      { name: 'a', type: 'string', required: true },
      { name: 'b', type: 'string', required: false },
      { name: 'c', type: 'string', required: false },
      { name: 'ds', type: 'array', required: true },
      { name: 'e', type: 'object', required: true },
      { name: 'g', type: 'string', required: false },
      { name: 'h', type: 'string', required: true },
      { name: 'k', type: 'array', required: true },
    ])
  })

  it.each<[string, Record<string, string>]>([
    // Only asked whether it is true.
    ['{% if a %}x{% endif %}', { a: 'boolean?' }],
    ['{% unless a %}x{% endunless %}', { a: 'boolean?' }],
    ['{% if a and not b or c %}x{% endif %}', { a: 'boolean?', b: 'boolean?', c: 'boolean?' }],
    ['{% if a == true %}x{% elsif b != false %}y{% endif %}', { a: 'boolean', b: 'boolean' }],
    // Anything else that is done with it makes it a text.
    ['{% if a %}{{ a }}{% endif %}', { a: 'string?' }],
    ['{% if a == blank %}x{% endif %}{% if b != nil %}y{% endif %}', { a: 'string?', b: 'string?' }],
    ['{% if a contains "x" %}y{% endif %}', { a: 'string' }],
    ['{% if a | default: false %}x{% endif %}', { a: 'string?' }],
    // Counted with.
    [
      '{{ a | times: 2 }}{{ 3 | plus: b }}{{ c | default: 1 | round }}',
      { a: 'number', b: 'number', c: 'number?' },
    ],
    ['{% if a > 3 %}x{% endif %}{% if 2 == b %}y{% endif %}', { a: 'number', b: 'number' }],
    ['{% for i in (1..a) %}{{ i }}{% endfor %}', { a: 'number' }],
    ['{% for i in l limit: a %}{{ i }}{% endfor %}', { l: 'array', a: 'number' }],
    ['{{ a | size | plus: 1 }}{{ b | append: "x" | plus: 1 }}', { a: 'string', b: 'string' }],
    // The most telling use counts.
    [
      '{% if a %}{{ a.b }}{% endif %}{% if l %}{% for i in l %}{{ i }}{% endfor %}{% endif %}',
      { a: 'object?', l: 'array?' },
    ],
    // Needed in some branches only.
    ['{% if a %}{{ b }}{% endif %}', { a: 'boolean?', b: 'string?' }],
    ['{% if a %}{{ b }}{{ c }}{% else %}{{ c }}{% endif %}', { a: 'boolean?', b: 'string?', c: 'string' }],
    ['{% if a %}{{ b }}{% endif %}{{ b }}', { a: 'boolean?', b: 'string' }],
    [
      '{% case a %}{% when "x" %}{{ b }}{% else %}{{ c }}{% endcase %}',
      { a: 'string', b: 'string?', c: 'string?' },
    ],
    [
      '{% if a %}{% if b %}{{ c }}{% else %}{{ c }}{% endif %}{% else %}{{ c }}{% endif %}',
      { a: 'boolean?', b: 'boolean?', c: 'string' },
    ],
  ])('of %s tells %j', (text, told) => {
    const inferred = proposeVariables(analyse(textContent(text)))
    expect(
      Object.fromEntries(inferred.map(({ name, type, required }) => [name, `${type}${required ? '' : '?'}`])),
    ).toEqual(told)
  })

  it('takes all fields together', () => {
    const messages = ['{% if a %}{{ b }}{% endif %}', '{{ b }}{{ a }}'].map((content) => ({
      role: 'user' as const,
      content,
    }))
    expect(proposeVariables(analyse({ kind: 'chat', messages }))).toEqual([
      { name: 'a', type: 'string', required: false },
      { name: 'b', type: 'string', required: true },
    ])
  })
})

describe('checkPrompt', () => {
  const a: Variable = { name: 'a', type: 'string', required: true }

  it('names an undeclared variable with its places, and warns of an unused one', () => {
    const { problems, warnings } = checkPrompt({
      content: textContent('{{ A }} {{ A }}'),
      variables: [a],
    })
    expect(problems.map(({ code, message, range, hint }) => [code, message, range?.column, hint])).toEqual([
      ['undeclared_variable', 'A is used but not declared', 4, 'Did you mean a?'],
      ['undeclared_variable', 'A is used but not declared', 12, 'Did you mean a?'],
    ])
    expect(warnings).toEqual([
      { code: 'unused_variable', message: 'a is declared but not used', path: ['variables', 0] },
    ])
  })

  it('checks what is passed to an included prompt', () => {
    const other = included('other', '{{ p }}{{ q }}', {
      version: 3,
      variables: [
        { name: 'p', type: 'string', required: true },
        { name: 'q', type: 'string', required: false },
      ],
    })
    const check = (text: string) =>
      checkPrompt({ content: textContent(text), variables: [], includes: new Map([['other', other]]) })
    expect(check('{% render "other", p: "x" %}')).toMatchObject({ problems: [], warnings: [] })
    expect(check('{% render "other", z: "x" %}')).toMatchObject({
      problems: [{ code: 'missing_argument', message: 'other@3 requires p, which is not passed' }],
      warnings: [{ code: 'unknown_argument', message: 'other@3 has no variable z' }],
    })
    expect(check('{% render "nothing" %}').problems).toMatchObject([{ code: 'unknown_include' }])
  })

  it('leaves includes alone while they are not known', () => {
    expect(checkPrompt({ content: textContent('{% render "x" %}'), variables: [] }).problems).toEqual([])
  })
})

it('what is only tested stays a text where nobody chose its type', () => {
  const analysis = analyse(textContent('{% if a %}x{% endif %}'))
  expect(proposeVariables(analysis)).toEqual([{ name: 'a', type: 'boolean', required: false }])
  expect(inferVariables(analysis)).toEqual([{ name: 'a', type: 'string', required: false }])
})

import { describe, expect, it } from 'vitest'
import type { PromptContent } from './content/content.ts'
import { errorOf, renderText, textContent } from './template/testing.ts'
import { analyse, compilePrompt, inferVariables, renderPrompt } from './template.ts'

describe('renderPrompt', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['Hello {{ name }}!', { name: 'Ada' }, 'Hello Ada!'],
    ['{{name}}{{ name }}{{- name -}} x', { name: 'a' }, 'aaax'],
    ['a <b> & "c" \'d\' {{ v }}', { v: '<i> & "' }, 'a <b> & "c" \'d\' <i> & "'],
    ['{"a": {"b": {{ n }}}, "c": []}', { n: '1' }, '{"a": {"b": 1}, "c": []}'],
    ['{% if x %}yes{% else %}no{% endif %}', { x: '' }, 'yes'],
    ['{% if x %}yes{% else %}no{% endif %}', {}, 'no'],
    ['{% if x == blank %}blank{% elsif x %}{{ x }}{% endif %}', { x: ' ' }, 'blank'],
    ['{% unless x %}no{% else %}{{ x }}{% endunless %}', { x: 'a' }, 'a'],
    ['{% case x %}{% when "a", "b" %}1{% when "c" or "d" %}2{% else %}3{% endcase %}', { x: 'd' }, '2'],
    ['{% case x %}{% when "a" %}1{% else %}3{% endcase %}', { x: 'z' }, '3'],
    [
      '{% for i in l %}{{ forloop.index }}/{{ forloop.length }}:{{ i }} {% endfor %}',
      { l: ['a', 'b'] },
      '1/2:a 2/2:b ',
    ],
    ['{% for i in l reversed limit: 2 offset: 1 %}{{ i }}{% endfor %}', { l: ['1', '2', '3', '4'] }, '32'],
    ['{% for i in l %}{{ i }}{% else %}none{% endfor %}', { l: [] }, 'none'],
    ['{% for i in (2..4) %}{{ i }}{% unless forloop.last %},{% endunless %}{% endfor %}', {}, '2,3,4'],
    [
      '{% for a in l %}{% for b in a.m %}{{ forloop.index0 }}{{ b }}{% endfor %}{% endfor %}',
      { l: [{ m: ['x', 'y'] }] },
      '0x1y',
    ],
    ['{% assign y = x | upcase %}{{ y }}{{ x }}', { x: 'a' }, 'Aa'],
    ['{% if x %}{% assign y = "set" %}{% endif %}[{{ y }}]', {}, '[]'],
    [
      '{{ o }} {{ o.a.b }} {{ o["a"] }} {{ l[0] }} {{ l.size }} {{ l.last }}',
      { o: '{"a":{"b":1}}', l: '[1,[2]]' },
      '{"a":{"b":1}} 1 {"b":1} 1 2 [2]',
    ],
    ['{% raw %}{{ x }} {% if %}{% endraw %}', {}, '{{ x }} {% if %}'],
    ['a{% comment %} {{ x }} {% if %} {% endcomment %}b{% # note %}c', {}, 'abc'],
    ['{{ x | default: "d" }}{{ y | default: "e" }}', { x: '', y: 'y' }, 'dy'],
    ['{{ "1" }}{{ 2 }}{{ -3.5 }}{{ true }}{{ nil }}', {}, '12-3.5true'],
    ['{% if a and b or c %}1{% endif %}{% if not a %}2{% endif %}', { a: 'x', c: 'x' }, '1'],
    [
      '{% assign l = "a,b" | split: "," %}{% if l contains "b" %}in{% endif %}{% if s contains "ell" %}sub{% endif %}',
      { s: 'hello' },
      'insub',
    ],
    ['{ not a mark } {x} % %} }}', {}, '{ not a mark } {x} % %} }}'],
    ['😀{{ x }}é', { x: '👍🏽' }, '😀👍🏽é'],
    ['', {}, ''],
  ])('renders %j with %j', (text, values, expected) => {
    expect(renderText(text, values, { variables: allOptional(text) })).toBe(expected)
  })

  it('gives numbers and booleans in their type', () => {
    const text = '{% if n > 2 %}big{% endif %}{% if b %}b{% endif %}{{ n | plus: 1 }}'
    const variables = [
      { name: 'n', type: 'integer', required: true },
      { name: 'b', type: 'boolean', required: true },
    ] as const
    expect(renderText(text, { n: '10', b: 'false' }, { variables: [...variables] })).toBe('big11')
  })

  it('renders the text and URIs of a chat, and its messages as readable text', () => {
    const content: PromptContent = {
      kind: 'chat',
      messages: [
        { role: 'system', content: 'You know {{ topic }}.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Explain {{ topic }}' },
            { type: 'image', data: 'aGk=', mimeType: 'image/png' },
            {
              type: 'resource',
              resource: { uri: 'test://{{ topic }}', text: 'About {{ topic }}', mimeType: 'text/plain' },
            },
            { type: 'resource_link', uri: 'https://example.org/{{ topic }}', name: 'page', title: 'Page' },
          ],
        },
      ],
    }
    const compiled = compilePrompt({
      content,
      variables: inferVariables(analyse(content)),
      includes: new Map(),
    })
    const { messages, content: text } = renderPrompt(compiled, { topic: 'tides' })
    expect(messages).toEqual([
      { role: 'system', content: 'You know tides.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Explain tides' },
          { type: 'image', data: 'aGk=', mimeType: 'image/png' },
          {
            type: 'resource',
            resource: { uri: 'test://tides', text: 'About tides', mimeType: 'text/plain' },
          },
          { type: 'resource_link', uri: 'https://example.org/tides', name: 'page', title: 'Page' },
        ],
      },
    ])
    expect(text).toBe(
      '[system]\nYou know tides.\n\n[user]\nExplain tides\n[image image/png]\nAbout tides\n[Page](https://example.org/tides)',
    )
  })

  it('makes one user message of a text', () => {
    const compiled = compilePrompt({ content: textContent('Hi'), variables: [], includes: new Map() })
    expect(renderPrompt(compiled, {})).toEqual({
      content: 'Hi',
      messages: [{ role: 'user', content: 'Hi' }],
      warnings: [],
    })
  })

  it('names the member that does not exist, with its place', () => {
    const error = errorOf(() => renderText('a\n  {{ o.b.c }}', { o: { b: {} } }))
    expect(error.code).toBe('unprocessable')
    expect(error.details).toEqual([
      {
        path: ['template_content'],
        code: 'undefined_variable',
        message: 'o.b.c is not defined',
        range: { start: 7, end: 12, line: 2, column: 6 },
      },
    ])
  })

  it('refuses to compile what has problems, naming all of them', () => {
    const content = textContent('{{ a | nope }} {{ b | upcase: 1 }} {{ c')
    const error = errorOf(() => compilePrompt({ content, variables: [], includes: new Map() }))
    expect(error.code).toBe('unprocessable')
    expect(error.details.map((detail) => detail.code)).toEqual(['open_output'])
  })
})

/** Every variable optional, and a text unless its use needs a list or an object. */
function allOptional(text: string) {
  return inferVariables(analyse(textContent(text))).map(({ name, type }) => ({
    name,
    type: type === 'array' || type === 'object' ? type : ('string' as const),
    required: false,
  }))
}

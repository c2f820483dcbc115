import { describe, expect, it } from 'vitest'
import { textContent } from '../../prompts/template/testing.ts'
import { checkWithFixes } from '../../prompts/template.ts'
import { findDialects } from './find.ts'
import { type Fix, withEdits } from './finding.ts'

function checked(text: string, declared: string[] = []) {
  const variables = declared.map((name) => ({ name, type: 'string' as const, required: true }))
  return checkWithFixes({ content: textContent(text), variables })
}

function firstFix(text: string): Fix | undefined {
  const { problems, warnings, fixes } = checked(text)
  return [...problems, ...warnings].map((each) => fixes.get(each)).find((fix) => fix !== undefined)
}

/** What no Liquid is: the text, a part of the hint of its first problem, and the text after its button. */
const HINTS: readonly [string, string, string?][] = [
  ['{{\n "kind": "note"\n}}', '{% raw %}{{{% endraw %}', '{% raw %}{{\n "kind": "note"\n}}{% endraw %}'],
  ['{{ "a": {"b": 1}}}', '{% raw %}{{{% endraw %}', '{% raw %}{{ "a": {"b": 1}}}{% endraw %}'],
  ['title = {{Deep Learning}}', 'A name is one word'],
  ['Write {{ and stop', '{% raw %}{{{% endraw %}', 'Write {% raw %}{{{% endraw %} and stop'],
  ['{{#if x}}a{{/if}}', '{% if x %}', '{% if x %}a{% endif %}'],
  [
    '{{#if a}}1{{else if b}}2{{else}}3{{/if}}',
    '{% if x %}',
    '{% if a %}1{% elsif b %}2{% else %}3{% endif %}',
  ],
  ['{{#if (eq a "b")}}x{{/if}}', '{% if x %}', '{% if a == "b" %}x{% endif %}'],
  ['{{#unless x}}a{{/unless}}', '{% unless x %}', '{% unless x %}a{% endunless %}'],
  [
    '{{#each xs}}{{@index}}{{this}}{{/each}}',
    '{% for item in list %}',
    '{% for item in xs %}{{ forloop.index0 }}{{ item }}{% endfor %}',
  ],
  [
    '{{#each turns}}{{role}}: {{this.text}}{{#if ../last}}!{{/if}}{{/each}}{{end}}',
    '{% for item in list %}',
    '{% for item in turns %}{{ item.role }}: {{ item.text }}{% if last %}!{% endif %}{% endfor %}{{end}}',
  ],
  ['{{#each xs as |x|}}{{x.y}}{{/each}}', '{% for item in list %}', '{% for x in xs %}{{x.y}}{% endfor %}'],
  [
    '{{#each xs as |x i|}}{{i}}. {{x}}{{/each}}',
    '{% for item in list %}',
    '{% for x in xs %}{{ forloop.index0 }}. {{x}}{% endfor %}',
  ],
  ['{{#if xs.length}}a{{/if}}', '{% if x %}', '{% if xs.size > 0 %}a{% endif %}'],
  ['{{!-- a {{b}} --}} x', '{% comment %}', '{% comment %} a {{b}} {% endcomment %} x'],
  ['{% for x in ["a","b"] %}{{ x }}{% endfor %}', 'No list is written in a text'],
  ['{{ ["a","b"] | join: ", " }}', 'No list is written in a text'],
  ['{% for x in xs[1:] %}{{ x }}{% endfor %}', 'limit and offset'],
  ['{{ x | string }}', 'leave it out', '{{ x }}'],
  ['{{ xs | list }}', 'leave it out', '{{ xs }}'],
  [
    '{% if x in ["a", "b"] %}q{% endif %}',
    'the whole comes first',
    '{% if x == "a" or x == "b" %}q{% endif %}',
  ],
  [
    '{% if kind == "what is none" and y is defined %}a{% endif %}',
    'asks whether there is a value',
    '{% if kind == "what is none" and y != nil %}a{% endif %}',
  ],
  ['{{ xs | map(attribute="name") }}', 'follow a colon', '{{ xs | map: "name" }}'],
  ['{{ x | tojson(indent=2) }}', 'follow a colon', '{{ x | json: 2 }}'],
  ['{{ xs | selectattr("a", "equalto", "b") }}', 'follow a colon', '{{ xs | where: "a", "b" }}'],
  ['{{ x.split() }}', 'Nothing is called here', '{{ x | split: " " }}'],
  ['{{ !a ? "b" : "c" }}', '{% if y %}', '{% if not a %}{{ "b" }}{% else %}{{ "c" }}{% endif %}'],
  ['{{~#if x~}} a {{~/if~}}', '{% if x %}', '{%- if x -%} a {%- endif -%}'],
  ['{{@index}}', 'forloop.index0'],
  ['{{~ x ~}}', '{{- x -}}', '{{- x -}}'],
  ['{{helper arg}}', 'filter behind a bar'],
  ['{{json data}}', 'filter behind a bar', '{{data | json}}'],
  ['{{#x}}a{{/x}}', '{% for item in x %}'],
  ['{{^x}}a{{/x}}', '{% unless x %}', '{% unless x %}a{% endunless %}'],
  ['{{{ name }}}', '{{ name }}', '{{ name }}'],
  ['{{&name}}', '{{ name }}', '{{name}}'],
  ['{{>partial}}', '{% render "name", x: x %}', '{% render "partial" %}'],
  ['{{!note}}', '{% comment %}', '{% comment %}note{% endcomment %}'],
  ['{{!-- note --}}', '{% comment %}', '{% comment %} note {% endcomment %}'],
  ['{{=<% %>=}}', 'raw'],
  ['{{role "system"}}\nYou help.', 'messages of a chat prompt'],
  ['{{media url=photo}}', 'parts of a message'],
  ['{{$input}}', '{{ input }}', '{{ input }}'],
  ['{{plugin.fn $x}}', 'filter behind a bar'],
  ['{% set x = 1 %}', '{% assign x', '{% assign x = 1 %}'],
  ['{% set x %}a{% endset %}', '{% assign x'],
  ['{% macro f(x) %}', 'no macros'],
  ['{% if a %}{% elif b %}{% endif %}', '{% elsif', '{% if a %}{% elsif b %}{% endif %}'],
  ['{{ x if y else z }}', '{% if y %}{{ x }}', '{% if y %}{{ x }}{% else %}{{ z }}{% endif %}'],
  ['{{ y ? x : "z" }}', '{% if y %}{{ x }}', '{% if y %}{{ x }}{% else %}{{ "z" }}{% endif %}'],
  ['{{ x || "none" }}', '| default:', '{{ x | default: "none" }}'],
  ['{% if x is defined %}a{% endif %}', '{% if x == nil %}', '{% if x != nil %}a{% endif %}'],
  ['{% if x is not none %}a{% endif %}', '{% if x == nil %}', '{% if x != nil %}a{% endif %}'],
  ['{% if x in y %}a{% endif %}', 'contains', '{% if y contains x %}a{% endif %}'],
  ['{% if a && !b %}a{% endif %}', 'and, or, not', '{% if a and not b %}a{% endif %}'],
  ['{% if (a or b) and c %}a{% endif %}', 'no parentheses'],
  ['{% for k, v in d.items() %}{% endfor %}', 'pair[0]'],
  ['{% for i in range(3) %}{% endfor %}', '(1..3)', '{% for i in (0..2) %}{% endfor %}'],
  ['{% for x in xs if x.y %}{% endfor %}', 'where'],
  [
    '{% if xs|length > 0 and y | count == 2 %}{% endif %}',
    'A filter comes last',
    '{% if xs.size > 0 and y.size == 2 %}{% endif %}',
  ],
  ['{{ x is defined }}', 'stands in a tag'],
  ['{{ range .Items }}a{{ end }}', '{% for item in list %}'],
  ['{% if x', 'A tag ends with %}'],
  ['{% for x in xs | sort %}{% endfor %}', '{% assign sorted'],
  ['{{ f(x) }}', 'Nothing is called'],
  ['{{ x.upper() }}', 'Nothing is called', '{{ x | upcase }}'],
  ['{{ x | default("y") }}', 'follow a colon', '{{ x | default: "y" }}'],
  ['{{ a ~ b }}', '| append:', '{{ a | append: b }}'],
  ['{{ a + 1 }}', '| plus:', '{{ a | plus: 1 }}'],
  ['{{ a - b }}', '| plus: 1'],
  ['{% include "x.jinja" %}', '{% render', '{% render "x" %}'],
  ['{% extends "x" %}', 'no layouts'],
  ['{% block x %}', 'no layouts'],
  ['{% verbatim %}{{ x }}{% endverbatim %}', '{% raw %}', '{% raw %}{{ x }}{% endraw %}'],
  ['{% capture x %}a{% endcapture %}', 'append'],
  ['{% break %}', 'A loop runs through'],
  ['{% echo x %}', '{{ value }}', '{{ x }}'],
  ['{% If x %}', 'Did you mean {% if %}?'],
  ['{% fro x in xs %}', 'Did you mean {% for %}?'],
  ['{{ x | allcaps }}', 'Did you mean upcase? The filters are: abs, append,', '{{ x | upcase }}'],
  ['{{ x | tojson }}', 'Did you mean json?', '{{ x | json }}'],
  ['{{ x | length }}', 'Did you mean size?', '{{ x | size }}'],
  ['{{ x | capitlize }}', 'Did you mean capitalize?', '{{ x | capitalize }}'],
  ['{{ x | safe }}', 'Nothing is escaped here'],
  ['{{ x | zzzzzzzz }}', 'The filters are: abs,'],
  ['{{ user-name }}', 'a letter, then letters, digits', '{{ user_name }}'],
  ['{{ café }}', 'such as cafe', '{{ cafe }}'],
  ['{{ x[1:] }}', 'Parts are cut by a filter'],
  ['{{ 1st }}', 'a letter, then letters', '{{ st }}'],
]

describe('what is no Liquid is told with what to write instead', () => {
  it.each(HINTS)('%j', (text, hint) => {
    expect(checked(text).problems[0]?.hint).toContain(hint)
  })

  it.each(HINTS.flatMap(([text, , after]) => (after === undefined ? [] : [[text, after] as const])))(
    '%j becomes %j at the press of a button',
    (text, after) => {
      expect(withEdits(text, firstFix(text)?.edits ?? [])).toBe(after)
      expect(checked(after).problems.filter(({ code }) => code !== 'undeclared_variable')).toEqual([])
    },
  )

  it('names the word that stands where no word can', () => {
    expect(checked('{{role "system"}}').problems[0]?.message).toBe(
      'An operator or "|" is expected between role and "system"',
    )
    expect(checked('{{ a and }}').problems[0]?.message).toBe('The expression lacks a value')
  })

  it('leaves a block that is not closed as it is', () => {
    expect(firstFix('{{#if x}}a')?.label).toBe('Wrap in raw')
    expect(firstFix('{{#each xs}}{{#if x}}a{{/each}}{{/if}}')?.label).toBe('Wrap in raw')
  })
})

/** What is legal: the text, the code of the warning, a part of its message, and the text after its button. */
const WARNINGS: readonly [string, string, string, string?][] = [
  [
    'Answer {question} with {context}.',
    'f_string',
    '{question} and 1 more',
    'Answer {{ question }} with {{ context }}.',
  ],
  ['<context>{context}</context>', 'f_string', '{context}', '<context>{{ context }}</context>'],
  ['```\n{code}\n```', 'f_string', '{code}', '```\n{{ code }}\n```'],
  [
    'Answer {question} as {"a": 1} or {}',
    'f_string',
    '{question}',
    'Answer {{ question }} as {"a": 1} or {}',
  ],
  [
    '{x!r}, {p:.2f}, {user.name}',
    'f_string',
    '{x!r} and 2 more',
    '{{ x | json }}, {{ p | round: 2 }}, {{ user.name }}',
  ],
  ['{{ q }} and {x!r}', 'f_string', '{x!r}', '{{ q }} and {{ x | json }}'],
  ['{x!r} { y } {z}', 'f_string', '{x!r} and 1 more', '{{ x | json }} { y } {{ z }}'],
  ['Hello ${name}', 'dollar_braces', '${name}', 'Hello {{ name }}'],
  ['Dear $name, hello', 'dollar_text', '$name', 'Dear {{ name }}, hello'],
  ['Hello %(name)s', 'percent_name', '%(name)s', 'Hello {{ name }}'],
  ['Hello <%= user.name %>', 'erb_output', '<%= user.name %>', 'Hello {{ user.name }}'],
  ['{# note #}\nDo {{ x }}', 'jinja_comment', '{# #}', '{% comment %} note {% endcomment %}\nDo {{ x }}'],
  ['{% if x != None %}a{% endif %}', 'foreign_value', 'None', '{% if x != nil %}a{% endif %}'],
  [
    '{% if x == True or y == none %}a{% endif %}',
    'foreign_value',
    'True',
    '{% if x == true or y == nil %}a{% endif %}',
  ],
  [
    '{% for x in xs %}{{ loop.index }}{{ x }}{% endfor %}',
    'jinja_loop',
    'loop',
    '{% for x in xs %}{{ forloop.index }}{{ x }}{% endfor %}',
  ],
  ['{{ x or "y" }}', 'default_by_or', '{{ x or "y" }}', '{{ x | default: "y" }}'],
  ['{{ .Name }}', 'go_field', '{{ .Name }}', '{{ Name }}'],
  ['{{else}}', 'handlebars', '{{else}}'],
  ['{% if xs.length > 0 %}a{% endif %}', 'length_member', '.length', '{% if xs.size > 0 %}a{% endif %}'],
  [
    '{% if xs.length and y %}a{% endif %}',
    'length_member',
    '.length',
    '{% if xs.size > 0 and y %}a{% endif %}',
  ],
  [
    '{{ xs.length }}{% for x in xs %}{{ x }}{% endfor %}',
    'length_member',
    '.length',
    '{{ xs.size }}{% for x in xs %}{{ x }}{% endfor %}',
  ],
  ['First {0}, then {1}.', 'f_string', '{0}'],
  ['{{ this.x }}', 'handlebars', '{{ this.x }}'],
  [
    'Key: ${{ secrets.API_KEY }}',
    'workflow_expression',
    'secrets a variable',
    'Key: ${% raw %}{{ secrets.API_KEY }}{% endraw %}',
  ],
  [
    '```jinja\n{{ x }}{% if y %}a{% endif %}\n```',
    'quoted_template',
    'block of code',
    '```jinja\n{% raw %}{{ x }}{% if y %}a{% endif %}{% endraw %}\n```',
  ],
  ['---\nname: x\nmodel: y\n---\nHello', 'front_matter', 'the model reads', 'Hello'],
  ['json: {{"a": "{x}"}} for {q}', 'f_string', "Python's f-strings", 'json: {"a": "{{ x }}"} for {{ q }}'],
]

describe('what means something else elsewhere is warned of', () => {
  it.each(WARNINGS)('%j', (text, code, message) => {
    const [[found] = []] = findDialects([text], { kind: 'text', declared: new Set() })
    expect([found?.code, found?.warns]).toEqual([code, true])
    expect(found?.message).toContain(message)
    const [place] = found?.places ?? []
    expect(text.slice(place?.start, place?.end).trim()).not.toBe('')
  })

  it.each(WARNINGS.flatMap(([text, , , after]) => (after === undefined ? [] : [[text, after] as const])))(
    '%j becomes %j at the press of a button',
    (text, after) => {
      const [[found] = []] = findDialects([text], { kind: 'text', declared: new Set() })
      expect(withEdits(text, found?.fix?.edits ?? [])).toBe(after)
    },
  )

  it.each([
    ['Answer {question} about {topic}s.', 'Answer {{ question }} about {{ topic }}s.'],
    ['{prefix}{suffix} of {question}', '{{ prefix }}{{ suffix }} of {{ question }}'],
    ['Answer {question} with t={temp}, {n}x', 'Answer {{ question }} with t={{ temp }}, {{ n }}x'],
    [
      'Answer {question}: https://example.org/{user}',
      'Answer {{ question }}: https://example.org/{{ user }}',
    ],
    ['Write to @{handle} about {topic}', 'Write to @{{ handle }} about {{ topic }}'],
  ])('a field without doubt lets others count that touch something: %j', (text, after) => {
    expect(withEdits(text, firstFix(text)?.edits ?? [])).toBe(after)
  })

  it('a fix is not offered that would leave something wrong, or read what nobody named', () => {
    for (const text of [
      '{% if x is string %}a{% endif %}',
      '{% for k, v in xs %}{{ k }}{% endfor %}',
      '{% for x in ["a"] %}{{ x }}{% endfor %}',
      '{{if .X}}a{{else}}b{{end}}',
      '---\nname: a\nmodel: b\n---\nsystem:\nYou help.\nuser:\nHi',
    ]) {
      const { problems, warnings, fixes } = checked(text)
      for (const each of [...problems, ...warnings]) {
        const { edits, messages } = fixes.get(each) ?? {}
        expect(messages).toBeUndefined()
        if (edits === undefined) continue
        const faults = (of: string) =>
          checked(of).problems.filter(({ code }) => code !== 'undeclared_variable')
        expect(faults(withEdits(text, edits)).length).toBeLessThanOrEqual(faults(text).length)
      }
    }
  })

  it('goes out with its place and what to write instead', () => {
    const { warnings } = checked('Answer\n{question}.')
    expect(warnings).toEqual([
      {
        code: 'f_string',
        message: '{question} is plain text here',
        hint: 'A variable is written {{ question }}',
        path: ['template_content'],
        range: { start: 7, end: 17, line: 2, column: 1 },
      },
    ])
  })

  it('takes a word in braces for a variable that was declared, whatever else there is', () => {
    const text = 'a { b } \\frac{a}{b} {{ x }} {question}'
    expect(checked(text, ['x']).warnings).toEqual([])
    expect(checked(text, ['x', 'question']).warnings.map(({ code }) => code)).toEqual([
      'unused_variable',
      'f_string',
    ])
  })

  it.each([
    [
      'system:\nYou help.\n\nuser:\n{{ q }}',
      [
        ['system', 'You help.'],
        ['user', '{{ q }}'],
      ],
    ],
    [
      '# System:\nA\n## assistant:\nB',
      [
        ['system', 'A'],
        ['assistant', 'B'],
      ],
    ],
    [
      '{{role "system"}}\nA\n{{role "user"}}\n{{q}}\n{{role "model"}}B',
      [
        ['system', 'A'],
        ['user', '{{q}}'],
        ['assistant', 'B'],
      ],
    ],
    ['Head\n{{role "user"}}A', [['user', 'Head\n\nA']]],
    [
      'System: You help.\nUser: {{ q }}\nmore',
      [
        ['system', 'You help.'],
        ['user', '{{ q }}\nmore'],
      ],
    ],
    ['\n\nHuman: {{ q }}\n\nAssistant:', [['user', '{{ q }}']]],
    [
      '### System:\nA\n### User:\nB',
      [
        ['system', 'A'],
        ['user', 'B'],
      ],
    ],
    [
      '**System:** You help.\n**User:** B',
      [
        ['system', 'You help.'],
        ['user', 'B'],
      ],
    ],
    [
      '<|system|>\nA\n<|user|>\nB',
      [
        ['system', 'A'],
        ['user', 'B'],
      ],
    ],
    [
      '<|im_start|>system\nA<|im_end|>\n<|im_start|>user\nB<|im_end|>',
      [
        ['system', 'A'],
        ['user', 'B'],
      ],
    ],
  ])('splits %j into messages', (text, messages) => {
    const fix = firstFix(text)
    expect(fix?.label).toBe('Split into messages')
    expect(fix?.messages?.map(({ role, content }) => [role, content])).toEqual(messages)
  })
})

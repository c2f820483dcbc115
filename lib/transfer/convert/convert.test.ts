import { describe, expect, it } from 'vitest'
import { convert, type SourceLanguage } from './convert.ts'
import { converted } from './testing.ts'

/** What a text becomes. */
const CASES: readonly [SourceLanguage, string, string][] = [
  ['f-string', 'Answer {question} from {context}.', 'Answer {{ question }} from {{ context }}.'],
  ['f-string', '{{"answer": "{x}"}}', '{"answer": "{{ x }}"}'],
  ['f-string', '{{{x}}}', '{% raw %}{{% endraw %}{{ x }}}'],
  ['f-string', '{user.name} {tags[0]} {row[id]}', '{{ user.name }} {{ tags[0] }} {{ row.id }}'],
  ['f-string', '{x!s} {x:s} {x:.3}', '{{ x }} {{ x }} {{ x | slice: 0, 3 }}'],
  ['f-string', '{p:.2f} {q:.1%}', '{{ p | round: 2 }} {{ q | times: 100 | round: 1 | append: "%" }}'],
  ['f-string', 'Use {user-name} and {my var}', 'Use {{ user_name }} and {{ my_var }}'],
  ['python-format', 'a {"k": 1} {x} }', 'a {"k": 1} {{ x }} }'],
  ['semantic-kernel', 'Sum up: {{$input}} {{ $style }}', 'Sum up: {{ input }} {{ style }}'],
  ['semantic-kernel', `{{ "quoted" }} {{'x'}}`, 'quoted x'],
  ['double-braces', '{{name}} {{ user name }} {single}', '{{ name }} {{ user_name }} {single}'],
  [
    'double-braces',
    'Set ${{ secrets.KEY }} for {{x}}',
    'Set ${% raw %}{{ secrets.KEY }}{% endraw %} for {{ x }}',
  ],
  ['mustache', 'Hi {{name}} {{{raw}}} {{& too}}', 'Hi {{ name }} {{ raw }} {{ too }}'],
  ['mustache', '{{#tags}}{{.}} {{/tags}}', '{% for tag in tags %}{{ tag }} {% endfor %}'],
  ['mustache', '{{#items}}{{title}}{{/items}}', '{% for item in items %}{{ item.title }}{% endfor %}'],
  ['mustache', '{{#x}}a {{x}}{{/x}}', '{% if x.size > 0 %}a {{ x }}{% endif %}'],
  ['mustache', '{{#user}}{{name}}{{/user}}', '{% if user %}{{ user.name }}{% endif %}'],
  [
    'mustache',
    '{{#isOpen}}open{{/isOpen}}{{^isOpen}}shut{{/isOpen}}',
    '{% if isOpen %}open{% endif %}{% unless isOpen %}shut{% endunless %}',
  ],
  ['mustache', 'a\n{{! note }}\nb {{=<% %>=}}<% x %>', 'a\n{% comment %} note {% endcomment %}b {{ x }}'],
  ['handlebars', '{{#if x}}a {{x}}{{else}}b{{/if}}', '{% if x.size > 0 %}a {{ x }}{% else %}b{% endif %}'],
  ['handlebars', '{{#unless flag}}a{{/unless}}', '{% unless flag %}a{% endunless %}'],
  [
    'handlebars',
    '{{#if a}}1{{else if (eq b "x")}}2{{else}}3{{/if}}',
    '{% if a %}1{% elsif b == "x" %}2{% else %}3{% endif %}',
  ],
  [
    'handlebars',
    '{{#each items}}\n{{@index}}. {{this.title}} {{../name}}{{#unless @last}},{{/unless}}\n{{/each}}\n',
    '{% for item in items %}{{ forloop.index0 }}. {{ item.title }} {{ name }}{% unless forloop.last %},{% endunless %}\n{% endfor %}',
  ],
  [
    'handlebars',
    '{{#each user}}{{@key}}={{this}} {{/each}}',
    '{% for item in user %}{{ item[0] }}={{ item[1] }} {% endfor %}',
  ],
  [
    'handlebars',
    '{{#each tags as |tag i|}}{{i}}{{tag}}{{/each}}',
    '{% for tag in tags %}{{ forloop.index0 }}{{ tag }}{% endfor %}',
  ],
  [
    'handlebars',
    '{{#with user}}{{name}} {{@root.x}}{{/with}}',
    '{% if user %}{{ user.name }} {{ x }}{% endif %}',
  ],
  [
    'handlebars',
    '{{json data}} {{lookup map key}} {{items.length}}',
    '{{ data | json }} {{ map[key] }} {{ items.size }}',
  ],
  [
    'handlebars',
    '{{~ x ~}} \\{{y}} {{!-- note --}}',
    '{{ x }}{% raw %}{{y}}{% endraw %} {% comment %} note {% endcomment %}',
  ],
  ['handlebars', '{{{{raw}}}}{{ x }}{{{{/raw}}}} {{y}}', '{% raw %}{{ x }}{% endraw %} {{ y }}'],
  ['handlebars', '{{#if (and a (or b c))}}x{{/if}}', '{% if a and b or c %}x{% endif %}'],
  ['handlebars', '{{#*inline "p"}}[{{x}}]{{/inline}}{{> p}}{{> p x="y"}}', '[{{ x }}][y]'],
  ['nunjucks', '{{ x }}{# note #}\n', '{{ x }}{% comment %} note {% endcomment %}\n'],
  [
    'nunjucks',
    '{% for k, v in rows %}{{ k }}{% endfor %}',
    '{% for pair in rows %}{{ pair[0] }}{% endfor %}',
  ],
  ['nunjucks', '{{ x | dump }} {{ list.length }}', '{{ x | json }} {{ list.size }}'],
  ['nunjucks', '{% verbatim %}{{ x }}{% endverbatim %} {{ y }}', '{% raw %}{{ x }}{% endraw %} {{ y }}'],
  ['jinja2', '{{ x }}\n', '{{ x }}'],
  ['jinja2', '{{ x if y == 1 }}', '{% if y == 1 %}{{ x }}{% endif %}'],
  [
    'jinja2',
    '{% for a in b[:3] %}{{ a }}{% endfor %}',
    '{% assign b_value = b | slice: 0, 3 %}{% for a in b_value %}{{ a }}{% endfor %}',
  ],
  ['jinja2', '{% if "a" in query %}x{% endif %}', '{% if query contains "a" %}x{% endif %}'],
  ['liquid', '{% if x %}{{ x }}{% endif %}', '{% if x %}{{ x }}{% endif %}'],
]

it.each(CASES)('%s: %s', (language, text, wanted) => {
  const found = converted(text, language)
  expect(found.text).toBe(wanted)
  expect(found.format).toBe('liquid')
})

it('keeps a text literal that has no templates, or only braces that mean nothing', () => {
  expect(converted('a {{ b }}', 'none')).toEqual({
    text: 'a {{ b }}',
    format: 'text',
    variables: [],
    notes: [],
  })
  expect(converted('{{{{"a": 1}}}}', 'f-string')).toMatchObject({ text: '{{"a": 1}}', format: 'text' })
})

it.each<[SourceLanguage, string, RegExp]>([
  ['handlebars', 'a\n{{#if x}}b', /is not closed/],
  ['handlebars', 'a\n{{#each x}}{{shout this}}{{/each}}', /helper "shout"/],
  ['handlebars', 'a\n{{set "x" y}}', /keeps a value/],
  ['handlebars', 'a\n{{> other}}', /not brought/],
  ['mustache', 'a\n{{#x}}b{{/y}}', /is not closed/],
  ['dotprompt', 'a\n{{#each m}}{{role "user"}}{{/each}}', /within a block/],
  ['liquid', 'a\n{{ x | allcaps }}', /upcase/],
])('%s refuses %s', (language, text, message) => {
  const found = convert(text, language)
  if (!('refused' in found)) throw new Error('It is not refused')
  expect(found.refused[0]).toEqual({ line: 2, message: expect.stringMatching(message) })
})

it.each<[SourceLanguage, string, string]>([
  ['semantic-kernel', 'a\n{{plugin.call $x}}{{plugin.call $y}}', '{{ plugin_call_x }}{{ plugin_call_y }}'],
  ['semantic-kernel', 'a\n{{now}}{{now}}', '{{ now }}{{ now }}'],
  ['semantic-kernel', 'a\n{{SomeLongPluginName.Summarize "text"}}', '{{ Summarize }}'],
  ['handlebars', 'a\n{{list x.y}}{{list x.y}}', '{{ list_x_y }}{{ list_x_y }}'],
  ['dotprompt', 'a\n{{@state.step}}', '{{ state.step }}'],
])('%s: what a program gives is a variable, and a note says so: %s', (language, text, wanted) => {
  const { text: made, notes } = converted(text, language)
  expect(made).toBe(`a\n${wanted}`)
  expect(notes[0]).toEqual({ line: 2, message: expect.stringMatching(/program/) })
})

it('tells calls apart whose names would be one', () => {
  const { text } = converted('{{day "a"}}{{day "b"}}{{day "a"}}', 'semantic-kernel')
  expect(text).toBe('{{ day }}{{ day_2 }}{{ day }}')
})

it('spells the variables of Semantic Kernel as its source declares them, or as the text does first', () => {
  const names = ['userInput']
  expect(
    converted('{{$USERINPUT}} {{$Style}} {{$style}}', 'semantic-kernel', new Map(), { names }).text,
  ).toBe('{{ userInput }} {{ Style }} {{ Style }}')
})

describe('layouts', () => {
  const partials = new Map([
    [
      'base',
      'A {% block x %}own {{ n }}{% endblock %} B{% block y %}Y{% block z %}Z{% endblock %}{% endblock %}',
    ],
    ['mid', '{% extends "base" %}{% block x %}mid {{ super() }}{% endblock %}'],
    ['self', '{% extends "self" %}'],
    ['twice', '{% block x %}{% endblock %}'],
  ])

  it.each<[string, string]>([
    ['a {% block q %}b {{ n }}{% endblock q %} c', 'a b {{ n }} c'],
    ['{% extends "base" %}', 'A own {{ n }} BYZ'],
    ['{% extends "base" %}left out{% block x %}child{% endblock %}', 'A child BYZ'],
    [
      '{% extends "mid" %}{% block x %}c {{ super() }}!{% endblock %}{% block z %}zz{% endblock %}',
      'A c mid own {{ n }}! BYzz',
    ],
    ['{% extends "base" %}{% set n = "set" %}', '{% assign n = "set" %}A own {{ n }} BYZ'],
  ])('are put together: %s', (text, wanted) => {
    expect(converted(text, 'nunjucks', partials).text).toBe(wanted)
  })

  it.each([
    ['{% extends "gone" %}{% block x %}a{% endblock %}', /was not brought/],
    ['{% extends "self" %}', /was not brought/],
    ['{% extends "twice" %}{% block x %}{% block x %}a{% endblock %}{% endblock %}', /hold themselves/],
    ['{% block x %}a', /not closed/],
  ])('are refused: %s', (text, message) => {
    expect(convert(text, 'jinja2', partials)).toEqual({
      refused: expect.arrayContaining([{ line: 1, message: expect.stringMatching(message) }]),
    })
  })
})

describe('partials', () => {
  const partials = new Map([
    ['Sign Off', 'Yours, {{name}}'],
    ['loop', '{{> loop}}'],
  ])

  it.each<[SourceLanguage, string, string]>([
    ['handlebars', '{{> "Sign Off"}}', '{% render "sign-off", name: name %}'],
    [
      'handlebars',
      '{{#each people}}{{> "Sign Off"}}{{/each}}',
      '{% for item in people %}{% render "sign-off", name: item.name %}{% endfor %}',
    ],
    [
      'handlebars',
      '{{> "Sign Off" user}}{{> "Sign Off" name="Ada"}}',
      '{% render "sign-off", name: user.name %}{% render "sign-off", name: "Ada" %}',
    ],
    ['mustache', '{{> Sign Off}}', '{% render "sign-off", name: name %}'],
    ['nunjucks', '{% include "Sign Off" %}', '{% render "sign-off", name: name %}'],
  ])('%s includes them with what they need: %s', (language, text, wanted) => {
    expect(converted(text, language, partials).text).toBe(wanted)
  })

  it('refuses one that includes itself', () => {
    expect(convert('{{> loop}}', 'handlebars', partials)).toEqual({
      refused: [{ line: 1, message: expect.stringMatching(/never ends/) }],
    })
  })
})

it('splits dotprompt at its roles', () => {
  expect(
    convert('{{role "system"}}\nYou help {{name}}.\n{{history}}{{role "user"}}{{q}}', 'dotprompt'),
  ).toMatchObject({
    messages: [
      { role: 'system', text: '\nYou help {{ name }}.\n' },
      { placeholder: 'history' },
      { role: 'user', text: '{{ q }}' },
    ],
    format: 'liquid',
  })
})

it('says what the source tells of the variables', () => {
  const text =
    '{{name}}{{#if topic}}{{topic}}{{/if}}{{#each tags}}{{this}}{{/each}}{{#if flag}}x{{/if}}{{user.id}}'
  expect(converted(text, 'handlebars').variables).toEqual([
    { name: 'name', type: 'string', required: true },
    { name: 'topic', type: 'string', required: false },
    { name: 'tags', type: 'array', required: true },
    { name: 'flag', type: 'boolean', required: false },
    { name: 'user', type: 'object', required: true },
  ])
})

it('takes the types that the source declares', () => {
  const types = new Map([['row', 'array' as const]])
  expect(converted('{{#row}}{{id}}{{/row}}', 'mustache', new Map(), { types }).text).toBe(
    '{% for item in row %}{{ item.id }}{% endfor %}',
  )
})

it('learns from the other texts of a prompt', () => {
  const found = converted('{{#if note}}a{{/if}}', 'handlebars', new Map(), { beside: ['{{note}}'] })
  expect(found).toMatchObject({
    text: '{% if note.size > 0 %}a{% endif %}',
    variables: [{ name: 'note', type: 'string', required: false }],
  })
})

it('calls the items of loops alike that stand one behind the other', () => {
  const loop = '{% for x in a %}{{ x }}{% for x in b %}{{ x }}{% endfor %}{% endfor %}'
  expect(converted(loop + loop, 'jinja2').text).toBe(
    '{% for x in a %}{{ x }}{% for x_2 in b %}{{ x_2 }}{% endfor %}{% endfor %}'.repeat(2),
  )
})

it('gives tags a line of their own that had one', () => {
  const text =
    'Hi\n{{#if x}}\n{{x}} is\n{{else}}\nnone\n{{/if}}\n{{#each items}}\n- {{title}}\n{{/each}}\nBye'
  expect(converted(text, 'handlebars').text).toBe(
    'Hi\n{%- if x.size > 0 %}\n{{ x }} is\n{%- else %}\nnone\n{%- endif %}\n{%- for item in items %}\n- {{ item.title }}\n{%- endfor %}\nBye',
  )
})

it.each([
  ['{% if "a" in query %}x{% endif %}', 'query', 'string'],
  ['{% if "a" in tags %}x{% endif %}', 'tags', 'array'],
  ['{% if "a" in tags %}x{% endif %}{{ tags }}', 'tags', 'string'],
  ['{% if "a" in found %}{% for each in found %}{{ each }}{% endfor %}{% endif %}', 'found', 'array'],
])('tells whether what is looked through is a text: %s', (text, name, type) => {
  const { variables } = converted(text, 'jinja2')
  expect(variables.find((variable) => variable.name === name)?.type ?? 'string').toBe(type)
})

it.each(['mustache', 'handlebars'] as const)(
  'says in %s what it takes for parts of an object',
  (language) => {
    const { notes } = converted('a\n{{#verbose}}{{style}}{{/verbose}}', language)
    expect(notes).toEqual([
      { line: 2, message: expect.stringContaining('read as an object, with "verbose.style"') },
    ])
    expect(converted('{{#isOn}}{{style}}{{/isOn}}', language).notes).toEqual([])
  },
)

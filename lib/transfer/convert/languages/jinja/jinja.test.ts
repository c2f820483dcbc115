import { expect, it } from 'vitest'
import { convert } from '../../convert.ts'
import { converted, rendered } from '../../testing.ts'

const VALUES = {
  name: 'Ada',
  topic: '',
  count: 3,
  flag: true,
  tags: ['red', 'blue'],
  items: [
    { title: 'One', price: 2, done: true },
    { title: 'Two', price: 5, done: false },
  ],
  user: { name: 'Bob', role: 'admin' },
  text: 'first\n\nsecond',
}

/** Templates, and what Jinja 3.1 for Python makes of them with these values. */
const CASES: readonly [template: string, rendered: string][] = [
  ['Hello {{ name }}!\n', 'Hello Ada!'],
  ['{# note #}\nDo {{ name }}\n\n', '\nDo Ada\n'],
  ['{% if topic %}On {{ topic }}{% else %}Free{% endif %}', 'Free'],
  ['{% if name and not topic %}a{% elif flag %}b{% endif %}', 'a'],
  [
    '{% for tag in tags %}{{ loop.index }}/{{ loop.length }} {{ tag }}{% if not loop.last %}, {% endif %}{% else %}none{% endfor %}',
    '1/2 red, 2/2 blue',
  ],
  [
    '{%- for item in items -%}\n- {{ item.title }}: {{ item["price"] }}\n{% endfor %}',
    '- One: 2\n- Two: 5\n',
  ],
  ['{% for k, v in user.items() %}{{ k }}={{ v }};{% endfor %}', 'name=Bob;role=admin;'],
  ['{% set total = count + 1 %}{{ total }} {{ count * 2 - 1 }} {{ count // 2 }} {{ count % 2 }}', '4 5 1 1'],
  ['{{ "many" if count > 2 else "few" }} {{ "x" if topic }}', 'many '],
  [
    '{{ topic or "none" }} {{ topic | default("none", true) }} {{ missing | default("none") }}',
    'none none none',
  ],
  [
    '{{ name ~ "-" ~ count }} {{ "Mr " + name }} {{ name | upper }} {{ name.lower() }}',
    'Ada-3 Mr Ada ADA ada',
  ],
  [
    '{{ tags | join(", ") }} {{ tags | length }} {{ tags | first }} {{ tags | last }}',
    'red, blue 2 red blue',
  ],
  [
    '{% if "red" in tags %}a{% endif %}{% if name in ["Ada", "Eve"] %}b{% endif %}{% if "x" not in tags %}c{% endif %}',
    'abc',
  ],
  ['{{ text | indent(2) }}', 'first\n\n  second'],
  ['{{ text | indent }}|', 'first\n\n    second|'],
  ['{% raw %}{{ name }} {% if %}{% endraw %}', '{{ name }} {% if %}'],
  ['{% if missing is defined %}a{% else %}b{% endif %}{% if name is none %}c{% endif %}', 'b'],
  [
    '{% set ns = namespace(sum=0) %}{% for item in items %}{% set ns.sum = ns.sum + item.price %}{% endfor %}{{ ns.sum }}',
    '7',
  ],
  [
    '{% set mode = "a" %}{% for tag in tags %}{% if loop.first %}{% set mode = "b" %}{% endif %}{{ mode }}{% endfor %}{{ mode }}',
    'baa',
  ],
  [
    '{% macro row(title, mark="-") %}{{ mark }} {{ title }}\n{% endmacro %}{% for item in items %}{{ row(item.title) }}{% endfor %}{{ row("End", mark="*") }}',
    '- One\n- Two\n* End\n',
  ],
  [
    '{% set held %}{% for tag in tags %}{{ tag }};{% endfor %}{% endset %}[{{ held | upper }}]',
    '[RED;BLUE;]',
  ],
  ['{% filter upper %}a {{ name }}{% endfilter %}', 'A ADA'],
  ['{% for item in items if item.done %}{{ item.title }}{% endfor %}', 'One'],
  [
    '{% for i in range(1, count + 1) %}{{ i }}{% endfor %}{% for i in range(2) %}{{ i }}{% endfor %}',
    '12301',
  ],
  [
    '{{ items | map(attribute="title") | join("/") }} {{ items | selectattr("title", "equalto", "Two") | map(attribute="price") | first }}',
    'One/Two 5',
  ],
  ['{% if (flag or topic) and (name or count) %}a{% endif %}{% if not (flag and topic) %}b{% endif %}', 'ab'],
  ['{{ count > 2 }}', 'True'],
  ['{{ name[:2] }} {{ name[1:] }} {{ tags[0] }} {{ tags[-1] }} {{ user["name"] }}', 'Ad da red blue Bob'],
  ['{{ name.startswith("A") }} {{ "yes" if name.endswith("a") }}', 'True yes'],
  ['{{ user.get("role", "none") }} {{ user.get("age", "none") }}', 'admin none'],
  ['{% with who = name %}{{ who }}{% endwith %}', 'Ada'],
  ['{% set names = ["a", "b"] %}{% for n in names %}{{ n }}{% endfor %}', 'ab'],
  ['{"k": {"v": "{{ name }}"}} {{ "{{" }} 100%', '{"k": {"v": "Ada"}} {{ 100%'],
  ['{% if count is even %}e{% elif count is odd %}o{% endif %}', 'o'],
  ['a\n  {%- if flag %}\n  b\n  {%- endif %}\nc', 'a\n  b\nc'],
  ['{{ name | replace("d", "D") | trim }} {{ name | capitalize }}', 'ADa Ada'],
  ['{% if tags | length > 1 and count >= 3 %}x{% endif %}', 'x'],
  ['{% if user.role == "admin" %}A{% endif %}{% if not user.role != "admin" %}B{% endif %}', 'AB'],
]

it.each(CASES)('%s', (template, wanted) => {
  const found = converted(template, 'jinja2')
  const values = Object.fromEntries(
    found.variables.flatMap(({ name, type }) => {
      if (!(name in VALUES)) return []
      const value = VALUES[name as keyof typeof VALUES]
      // What is only asked for is a boolean here.
      return [[name, type === 'boolean' ? Boolean(value) : value]]
    }),
  )
  expect(rendered(found, values)).toBe(wanted)
})

it.each([
  ['{% extends "base" %}', /layout was not brought/],
  ['{{ text | wordwrap }}', /"wordwrap" has none here/],
  ['{{ now() }}', /"now" cannot be called/],
  ['{% if a %}b', /is not closed/],
  ['{% include "other" %}', /was not brought/],
  ['{{ a + b }}', /cannot be seen/],
])('refuses %s', (template, message) => {
  const found = convert(template, 'jinja2')
  expect(found).toEqual({
    refused: expect.arrayContaining([expect.objectContaining({ message: expect.stringMatching(message) })]),
  })
})

it('names the line of what it refuses', () => {
  expect(convert('one\ntwo {{ x | wordwrap }}\n{{ y | urlize }}', 'jinja2')).toMatchObject({
    refused: [{ line: 2 }, { line: 3 }],
  })
})

it('declares a default that holds wherever the variable stands', () => {
  const found = converted('{{ tone | default("warm") }} {{ tone | default("warm") | upper }}', 'jinja2')
  expect(found.text).toBe('{{ tone }} {{ tone | upcase }}')
  expect(found.variables).toEqual([{ name: 'tone', type: 'string', default: 'warm', required: false }])
})

it('takes the settings of an environment', () => {
  const template = 'a\n  {% if x %}\n  b\n  {% endif %}\nc'
  const found = converted(template, 'jinja2', new Map(), { trimBlocks: true, lstripBlocks: true })
  expect(rendered(found, { x: true })).toBe('a\n  b\nc')
})

/*
 * Templates that try to hold a thread or fill its memory, for tests and for the bench.
 */

export const HOSTILE_VARIABLES = [
  { name: 'text', type: 'string', required: false },
  { name: 'list', type: 'array', required: false },
] as const

export const HOSTILE_VALUES = {
  text: 'ab '.repeat(40_000),
  list: Array.from({ length: 9_000 }, (_, index) => `item ${(index * 7_919) % 9_000}`),
}

const LOOP = '{% for i in (1..9000) %}'

export const HOSTILE_TEXTS: Readonly<Record<string, string>> = {
  'nested loops':
    '{% for i in (1..10000) %}{% for j in (1..10000) %}{{ i | times: j }}{% endfor %}{% endfor %}',
  'empty nested loops': '{% for i in (1..10000) %}{% for j in (1..10000) %}{% endfor %}{% endfor %}',
  'nested ifs in loops': `${LOOP}${LOOP}${'{% if i %}'.repeat(40)}x${'{% endif %}'.repeat(40)}{% endfor %}{% endfor %}`,
  'huge range': '{% for i in (1..999999999) %}x{% endfor %}',
  'endless range': '{% for i in (-9e99..9e99) %}x{% endfor %}',
  'eight sorts': `{{ list ${'| sort_natural '.repeat(8)}| size }}`,
  'sorts in a loop': `${LOOP}{% assign s = list | sort | reverse %}{% endfor %}`,
  'maps in a loop': `${LOOP}{% assign s = list | map: "a.b.c.d.e.f" | uniq | compact %}{% endfor %}`,
  'doubling text':
    '{% assign a = text %}{% for i in (1..64) %}{% assign a = a | append: a %}{% endfor %}{{ a }}',
  'doubling lists':
    '{% assign a = list %}{% for i in (1..64) %}{% assign a = a | concat: a %}{% endfor %}{{ a | size }}',
  'lists of long texts': `{% assign a = "" | split: "," %}${LOOP}{% assign b = text | split: "|" %}{% assign a = a | concat: b %}{% endfor %}{{ a | sort_natural | size }}`,
  'long needles': `{% assign n = text | slice: 0, 60000 | append: "!" %}${LOOP}{{ text | remove: n | size }}{% endfor %}`,
  'last of many': `{% assign n = text | slice: 0, 33 %}${LOOP}{{ text | remove_last: n | size }}{% endfor %}`,
  'contains in a loop': `${LOOP}{% if list contains "nothing" %}{% endif %}{% endfor %}`,
  'JSON in a loop': `${LOOP}{% assign a = list | json %}{% endfor %}`,
  'equal long texts': `${LOOP}{% if text == text %}{% assign a = text | upcase %}{% endif %}{% endfor %}`,
  'characters in a loop': `${LOOP}{% assign a = text | slice: 0, 5 %}{% assign b = text | truncate: 9 %}{% endfor %}`,
  'words in a loop': `${LOOP}{% assign a = text | truncatewords: 99999 %}{% endfor %}`,
  'spaces in a loop': `{% assign s = text | replace: "ab", "  " %}${LOOP}{% assign a = s | squish | strip %}{% endfor %}`,
  'replacing in a loop': `${LOOP}{% assign a = text | replace: "a", "aaaaaaaa" | replace: "a", "aaaaaaaa" %}{% endfor %}`,
  'encoding in a loop': `${LOOP}{% assign a = text | url_encode | escape | url_decode %}{% endfor %}`,
  'long conditions': `${LOOP}{% if ${'i == 0 or '.repeat(2_000)} i == 0 %}{% endif %}{% endfor %}`,
  'long comparisons': `{% if ${'i == '.repeat(15_000)} i %}{% endif %}`,
  'many choices': `${LOOP}{% case i %}{% when ${'0, '.repeat(3_000)} 0 %}{% endcase %}{% endfor %}`,
  'long filter chains': `${LOOP}{{ i ${'| plus: 1 '.repeat(2_000)}}}{% endfor %}`,
  'long paths': `${LOOP}{% if list${'.first'.repeat(8_000)} %}{% endif %}{% endfor %}`,
  'deep tags': '{% if true %}'.repeat(5_000),
  'deep members': `{{ text${'[text'.repeat(9_000)} }}`,
  'deep ranges': `{{ ${'('.repeat(20_000)} }}`,
  'open quotes': '{{ "'.repeat(20_000),
  'open marks': '{% raw %}{% '.repeat(8_000),
  'open braces': '{'.repeat(100_000),
  'spaces in marks': `{%${' '.repeat(50_000)}{%${' '.repeat(49_000)}`,
  'many comments': '{% comment %}{% endcomment %}'.repeat(3_400),
  'many outputs': '{{ text.size | plus: 1 }}'.repeat(4_000),
  'many short outputs': '{{a.b}}'.repeat(14_000),
  'many unknown filters': '{{ a | b }}'.repeat(9_000),
  'many lines': '{{ x }}\n'.repeat(12_000),
  'many names': Array.from({ length: 9_000 }, (_, index) => `{{ v${index} }}`).join(''),
}

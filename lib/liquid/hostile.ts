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

/** What hostile filters work on: long text, text of other kinds, many items, one long item many times. */
const INPUTS: Readonly<Record<string, string>> = {
  text: 'text',
  'spaces only': 'spaces',
  'no spaces': 'solid',
  'characters of two units': 'pairs',
  list: 'list',
  'one long item many times': 'copies',
  'many members': 'members',
  'no items': 'none',
}

/** Arguments that cost something to read, to look for or to put in. */
const ARGUMENTS = ['text', 'copies', 'members', '999999999', 'dots']

const MOST_ARGUMENTS = 2

export const HOSTILE_FILTER_VALUES = {
  text: 'ab '.repeat(10_000),
  spaces: ' '.repeat(40_000),
  solid: 'a'.repeat(40_000),
  pairs: '\u{1F600}'.repeat(15_000),
  dots: 'a.'.repeat(15_000),
  item: 'x'.repeat(20_000),
  list: HOSTILE_VALUES.list.slice(0, 4_000),
  members: Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`member ${index}`, index])),
}

export const HOSTILE_FILTER_VARIABLES = Object.entries(HOSTILE_FILTER_VALUES).map(([name, value]) => ({
  name,
  type: Array.isArray(value)
    ? ('array' as const)
    : typeof value === 'object'
      ? ('object' as const)
      : ('string' as const),
  required: false,
}))

/** A list of 512 references to one text: little memory that becomes 10 MB where it is printed. */
const COPIES =
  '{% assign none = "" | split: "," %}{% assign copies = item | split: "|" %}' +
  '{% for i in (1..9) %}{% assign copies = copies | concat: copies %}{% endfor %}'

/** A filter in a loop, on every hostile input, with every hostile argument: title and template. */
export function hostileCalls(filter: string, mostArguments: number): [string, string][] {
  return Object.entries(INPUTS).flatMap(([title, input]) =>
    argumentLists(Math.min(mostArguments, MOST_ARGUMENTS)).map((args): [string, string] => {
      const call = args.length === 0 ? filter : `${filter}: ${args.join(', ')}`
      return [`${title} | ${call}`, `${COPIES}${LOOP}{% assign x = ${input} | ${call} %}{% endfor %}`]
    }),
  )
}

/** The rest of the language in a loop, over the same values. */
export const HOSTILE_STEPS: readonly [string, string][] = [
  '{% if spaces == blank %}{% endif %}',
  '{% if members == empty or members == blank %}{% endif %}',
  '{% if text == text or text < solid or spaces > 5 %}{% endif %}',
  '{% if copies == copies %}{% endif %}',
  '{% if copies contains text or text contains copies %}{% endif %}',
  '{% if members.size == 1 or members[solid] or list[solid] %}{% endif %}',
  '{% case copies %}{% when text, copies, members, blank %}{% endcase %}',
  '{% for x in members limit: spaces offset: solid %}{% endfor %}',
  '{% for x in members reversed %}{% endfor %}',
  '{% for x in (spaces..solid) %}{% endfor %}',
  '{{ copies }}',
  '{{ members }}',
].map((step) => [step, `${COPIES}${LOOP}${step}{% endfor %}`])

function argumentLists(count: number): string[][] {
  if (count === 0) return [[]]
  const one = ARGUMENTS.map((argument) => [argument])
  return count === 1
    ? one
    : [...one, ['"a"', 'solid'], ['"a"', 'copies'], ['999999999', 'solid'], ['text', 'text']]
}

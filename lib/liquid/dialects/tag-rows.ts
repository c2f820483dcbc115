import { isPromptName } from '../name-rules.ts'
import { TAGS_ELSEWHERE } from './known-names.ts'
import { LIST_HINT } from './output-rows.ts'
import {
  firstGroup,
  liquidFilters,
  type Match,
  outsideQuotes,
  type Row,
  scriptSigns,
  withCounts,
} from './row.ts'

const JINJA = 'Jinja'

function tagHint(match: Match): string {
  return TAGS_ELSEWHERE.get(firstGroup(match)) ?? ''
}

function renamed(from: RegExp, to: string) {
  return ({ source }: Match) => source.replace(from, to)
}

/** `x is defined` and the like as a condition of this language. */
function withoutIs({ source }: Match): string | undefined {
  return outsideQuotes(source, (code) =>
    code
      .replace(/\bis\s+(?:not\s+defined|undefined)\b/g, '== nil')
      .replace(/\bis\s+not\s+(?:none|null|nil|undefined)\b/gi, '!= nil')
      .replace(/\bis\s+(?:none|null|nil)\b/gi, '== nil')
      .replace(/\bis\s+defined\b/g, '!= nil')
      .replace(/\bis\s+not\s+empty\b/g, '!= empty')
      .replace(/\bis\s+empty\b/g, '== empty'),
  )
}

/** `range(3)` and `range(1, 4)` as ranges, whose ends are both included. */
function asRange({ source }: Match): string | undefined {
  const found = /\brange\(\s*(\d{1,6})\s*(?:,\s*(\d{1,6})\s*)?\)/.exec(source)
  if (found === null) return undefined
  const [from, to] = found[2] === undefined ? [0, Number(found[1])] : [Number(found[1]), Number(found[2])]
  return source.replace(found[0], `(${from}..${to - 1})`)
}

/** `x in ["a", "b"]` as comparisons. */
function equalToAny(part: string, list: string): string | undefined {
  const values = /^\[(.*)\]$/.exec(list)?.[1]?.match(/"[^"]*"|'[^']*'|[^\s,]+/g)
  return values?.map((value) => `${part} == ${value}`).join(' or ')
}

/** A slice of the list of a loop as its modifiers. */
function sliceOfLoop({ source, groups: [slice = '', start = '', end = ''] }: Match): string | undefined {
  const [from, to] = [Number(start), Number(end)]
  if (!source.endsWith(slice) || from < 0 || to < 0 || (end !== '' && to <= from)) return undefined
  const limit = end === '' ? '' : ` limit: ${to - from}`
  return `${source.slice(0, -slice.length)}${limit}${from === 0 ? '' : ` offset: ${from}`}`
}

/** What stands in `{% %}` in other languages; the first row that matches counts. */
export const TAG_ROWS: readonly Row[] = [
  {
    code: 'tag_white_space',
    dialect: JINJA,
    in: 'tag',
    pattern: /^[~+]/d,
    write: () => 'White space is dropped by a dash: {%- if x -%}; without one it stays',
    fix: {
      label: 'Turn {%~ into {%-',
      whole: true,
      make: ({ source }) =>
        `{%${source.startsWith('~') ? '-' : ''} ${source.replace(/^[~+]|[~+]$/g, '').trim()} %}`,
    },
  },
  {
    code: 'jinja_set',
    dialect: JINJA,
    in: 'tag',
    pattern: /^(set|let)\s+[A-Za-z]\w*\s*=(?!=)/d,
    write: tagHint,
    fix: { label: 'Turn {% set %} into {% assign %}', make: renamed(/^\w+/, 'assign') },
  },
  {
    code: 'jinja_elif',
    dialect: JINJA,
    in: 'tag',
    pattern: /^(elif|elseif|else\s+if)\b/d,
    write: () => TAGS_ELSEWHERE.get('elif') ?? '',
    fix: { label: 'Turn {% elif %} into {% elsif %}', make: renamed(/^(?:elif|elseif|else\s+if)/, 'elsif') },
  },
  {
    code: 'jinja_include',
    dialect: JINJA,
    in: 'tag',
    pattern: /^(include)\s+("[^"]*"|'[^']*')/d,
    write: tagHint,
    fix: {
      label: 'Turn {% include %} into {% render %}',
      make: ({ source, groups: [all = '', , quoted = ''] }) => {
        const name = quoted.slice(1, -1).replace(/\.\w+$/, '')
        return isPromptName(name) && all === source ? `render "${name}"` : undefined
      },
    },
  },
  {
    code: 'verbatim',
    dialect: 'Twig',
    in: 'tag',
    pattern: /^(verbatim|endverbatim)$/d,
    write: tagHint,
    fix: { label: 'Turn {% verbatim %} into {% raw %}', make: renamed(/verbatim/, 'raw') },
  },
  {
    code: 'echo',
    dialect: 'Liquid of other systems',
    in: 'tag',
    pattern: /^(echo|print)\s+(.+)$/d,
    write: tagHint,
    fix: {
      label: 'Turn {% echo x %} into {{ x }}',
      whole: true,
      make: ({ groups: [, , value = ''] }) => `{{ ${value} }}`,
    },
  },
  {
    code: 'is_test',
    dialect: JINJA,
    in: 'tag',
    pattern: /^(?:if|elsif|unless)\b.*\sis\s+(?:not\s+)?\w+/d,
    seen: () => '"is" is a test of Jinja',
    write: () =>
      'Here {% if x %} asks whether there is a value, {% if x == nil %} whether there is none, {% if x == empty %} whether it is empty',
    fix: { label: 'Turn "is defined" into a comparison', make: withoutIs },
  },
  {
    code: 'in_operator',
    dialect: JINJA,
    in: 'tag',
    pattern: /^(if|elsif|unless)\s+(\S+)\s+in\s+(\S+|\[.*\])$/d,
    write: () => 'Here the whole comes first: {% if list contains x %}',
    fix: {
      label: 'Turn x in y into y contains x',
      make: ({ groups: [, tag = '', part = '', whole = ''] }) =>
        `${tag} ${equalToAny(part, whole) ?? `${whole} contains ${part}`}`,
    },
  },
  {
    code: 'in_operator',
    dialect: JINJA,
    in: 'tag',
    pattern: /^(?:if|elsif|unless)\b.*\sin\s/d,
    write: () =>
      'Here the whole comes first: {% if list contains x %}, or {% unless list contains x %} for the contrary',
  },
  {
    code: 'script_operator',
    dialect: 'JavaScript',
    in: 'tag',
    pattern: /^(?:if|elsif|unless|assign)\b.*(?:&&|\|\||[!=]==|!(?=[\w(]))/d,
    write: () => 'Here and, or, not, == and !=',
    fix: {
      label: 'Turn && into and',
      make: ({ source }) => scriptSigns(source),
    },
  },
  {
    code: 'pair_loop',
    dialect: JINJA,
    in: 'tag',
    pattern: /^for\s+\w+\s*,\s*\w+/d,
    write: () =>
      'A loop has one name; over an object it gives pairs: {% for pair in x %}{{ pair[0] }}: {{ pair[1] }}{% endfor %}',
  },
  {
    code: 'range_call',
    dialect: JINJA,
    in: 'tag',
    pattern: /^for\s+\w+\s+in\s+range\s*\(/d,
    write: () => 'A range is written with both its ends: {% for i in (1..3) %}',
    fix: { label: 'Turn range() into (1..n)', make: asRange },
  },
  {
    code: 'slice',
    dialect: JINJA,
    in: 'tag',
    pattern: /^for\s.*\[\s*(-?\d*)\s*:\s*(-?\d*)\s*\]/d,
    seen: () => 'A slice is cut out in Jinja and Python',
    write: () => 'A loop takes a part by limit and offset: {% for x in xs limit: 3 offset: 1 %}',
    fix: { label: 'Turn [a:b] into limit and offset', make: sliceOfLoop },
  },
  {
    code: 'list_literal',
    dialect: JINJA,
    in: 'tag',
    pattern: /(?<![\w\])"'])\[/d,
    seen: () => 'A list in brackets is one of Jinja',
    write: () => LIST_HINT,
  },
  {
    code: 'loop_condition',
    dialect: JINJA,
    in: 'tag',
    pattern: /^for\s+\w+\s+in\s.*\s(?:if|recursive)\b/d,
    write: () =>
      'Put {% if %} into the loop, or choose before: {% assign chosen = list | where: "member", "value" %}',
  },
  {
    code: 'loop_filter',
    dialect: JINJA,
    in: 'tag',
    pattern: /^for\s.*\|/d,
    write: () => 'A loop goes over a name: {% assign sorted = list | sort %}{% for item in sorted %}',
  },
  {
    code: 'loop_of',
    dialect: 'JavaScript',
    in: 'tag',
    pattern: /^for\s+(?:const\s+|let\s+)?\w+\s+of\s/d,
    write: () => 'Write {% for item in list %}',
    fix: {
      label: 'Turn "of" into "in"',
      make: renamed(/^for\s+(?:const\s+|let\s+)?(\w+)\s+of\s+/, 'for $1 in '),
    },
  },
  {
    code: 'filter_in_condition',
    dialect: JINJA,
    in: 'tag',
    pattern: /^(?:if|elsif|unless)\b.*\|\s*(?:\w+\s*(?:[<>=!]|and\b|or\b)|(?:length|count)$)/d,
    write: () =>
      'A filter comes last in a condition: {% if x.size > 0 %}, or {% assign n = x | size %}{% if n > 0 %}',
    fix: {
      label: 'Turn x | length into x.size',
      make: ({ source }) => {
        const made = outsideQuotes(source, (code) =>
          code.replace(/([A-Za-z][\w.]*)\s*\|\s*(?:length|count|size)\b/g, '$1.size'),
        )
        return withCounts(made)
      },
    },
  },
  {
    code: 'filter_parentheses',
    dialect: JINJA,
    in: 'tag',
    pattern: /\|\s*(\w+)\s*\(/d,
    write: (match) => `Arguments follow a colon: {{ x | ${firstGroup(match)}: … }}`,
    fix: { label: 'Turn | f(x) into | f: x', make: ({ source }) => liquidFilters(source) },
  },
  {
    code: 'method_call',
    dialect: JINJA,
    in: 'tag',
    pattern: /[A-Za-z]\w*\.\w+\(/d,
    write: () => 'Nothing is called here; filters stand behind a bar: {% assign y = x | downcase %}',
  },
  {
    code: 'parentheses',
    dialect: JINJA,
    in: 'tag',
    pattern: /^(?:if|elsif|unless)\b.*\((?!\s*[\w.]+\s*\.\.)/d,
    write: () =>
      'Conditions have no parentheses here: put one {% if %} into another, or {% assign %} a part first',
  },
  {
    code: 'arithmetic',
    dialect: JINJA,
    in: 'tag',
    pattern: /^(?:if|elsif|unless|assign|case)\b.*[\w\])"']\s*(?:\+|\s[-*/%~]\s)\s*[\w("']/d,
    write: () => 'Filters calculate and join: {% assign n = n | plus: 1 %}, {% assign t = a | append: b %}',
  },
]

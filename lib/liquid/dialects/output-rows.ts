import { HANDLEBARS, HANDLEBARS_ROWS } from './handlebars-rows.ts'
import { FILTERS_ELSEWHERE } from './known-names.ts'
import { filterOfCall, firstGroup, isValue, liquidFilters, type Match, type Row, scriptSigns } from './row.ts'

const JINJA = 'Jinja'

const CALL_HINT =
  'Nothing is called here; filters stand behind a bar, such as {{ x | upcase }}, and members are read by their path'
export const LIST_HINT =
  'No list is written in a text: pass it as a variable, or write {% assign xs = "a,b" | split: "," %}'
const NO_SIGNS = 'Here filters calculate and join: {{ n | plus: 1 }}, {{ a | append: b }}'
const BOOLEAN =
  'and and or give true or false here; what stands in for a missing value is {{ x | default: "…" }}'

/** `x.upper()` and the like, whose method is a filter here. */
function methodAsFilter({ groups: [, path = '', method = '', args = ''] }: Match): string | undefined {
  const isKnown = FILTERS_ELSEWHERE.has(method.toLowerCase()) || /^(?:join|split|replace)$/.test(method)
  const filter = isKnown ? filterOfCall(method, args) : undefined
  return filter && `${path} | ${filter}`
}

function condition(test: string, then: string, otherwise: string): string | undefined {
  if (!isValue(then) || (otherwise !== '' && !isValue(otherwise))) return undefined
  const rest = otherwise === '' ? '' : `{% else %}{{ ${otherwise} }}`
  return `{% if ${test} %}{{ ${then} }}${rest}{% endif %}`
}

/** A slice as the filter, which takes a start and a length; not every slice has them. */
function sliceAsFilter({ source, groups: [slice = '', start = '', end = ''] }: Match): string | undefined {
  const from = start === '' ? 0 : Number(start)
  const to = end === '' ? 0 : Number(end)
  const length = to - from
  const isKnown =
    source.endsWith(slice) && length > 0 && (start === '' || end !== '' ? from >= 0 && to > 0 : from < 0)
  return isKnown ? `${source.slice(0, -slice.length)} | slice: ${from}, ${length}` : undefined
}

/** What stands in `{{ }}` in other languages; the first row that matches counts. */
export const OUTPUT_ROWS: readonly Row[] = [
  ...HANDLEBARS_ROWS,
  {
    code: 'dotprompt_role',
    dialect: 'dotprompt',
    in: 'output',
    pattern: /^role\s+("[^"]*"|'[^']*')/d,
    seen: (match) => `role ${firstGroup(match)} begins a message in dotprompt`,
    write: () => 'Roles are the messages of a chat prompt: give messages instead of one text',
  },
  {
    code: 'dotprompt_media',
    dialect: 'dotprompt',
    in: 'output',
    pattern: /^media\s+\w+\s*=/d,
    seen: () => '{{media}} puts a picture in, in dotprompt',
    write: () =>
      'Pictures are parts of a message of a chat prompt: {"type": "image", …} or {"type": "resource_link", …}',
  },
  {
    code: 'dollar_name',
    dialect: 'Semantic Kernel',
    in: 'output',
    pattern: /^\$([A-Za-z]\w*)$/d,
    write: (match) => `A name begins with a letter: write {{ ${firstGroup(match)} }}`,
    fix: { label: 'Turn {{$x}} into {{ x }}', make: (match) => ` ${firstGroup(match)} ` },
  },
  {
    code: 'go_field',
    dialect: "Go's templates",
    in: 'output',
    pattern: /^\.([A-Za-z]\w*(?:\.\w+)*)$/d,
    write: (match) =>
      `A variable is {{ ${firstGroup(match)} }}; what is to be sent as it stands goes between {% raw %} and {% endraw %}`,
    warns: true,
    fix: { label: 'Turn {{ .x }} into {{ x }}', make: firstGroup },
  },
  {
    code: 'slice',
    dialect: JINJA,
    in: 'output',
    pattern: /\[\s*(-?\d*)\s*:\s*(-?\d*)\s*(?::\s*-?\d*\s*)?\]/d,
    seen: ({ groups: [slice] }) => `${slice} is a slice of Jinja and Python`,
    write: () => 'Parts are cut by a filter: {{ x | slice: 0, 3 }} from where and how many',
    fix: { label: 'Turn [a:b] into | slice', make: sliceAsFilter },
  },
  {
    code: 'list_literal',
    dialect: JINJA,
    in: 'output',
    pattern: /^\[.*\]\s*\|/d,
    seen: () => 'A list in brackets is one of Jinja',
    write: () => LIST_HINT,
  },
  {
    code: 'filter_parentheses',
    dialect: JINJA,
    in: 'output',
    pattern: /\|\s*(\w+)\s*\(/d,
    write: (match) => `Arguments follow a colon: {{ x | ${firstGroup(match)}: … }}`,
    fix: { label: 'Turn | f(x) into | f: x', make: ({ source }) => liquidFilters(source) },
  },
  {
    code: 'method_call',
    dialect: JINJA,
    in: 'output',
    pattern: /^([A-Za-z][\w.]*)\.(\w+)\((.*)\)$/d,
    write: () => CALL_HINT,
    fix: { label: 'Turn x.f() into x | f', make: methodAsFilter },
  },
  { code: 'call', dialect: JINJA, in: 'output', pattern: /^[A-Za-z][\w.]*\(/d, write: () => CALL_HINT },
  {
    code: 'inline_if',
    dialect: JINJA,
    in: 'output',
    pattern: /^(.+?)\s+if\s+(.+?)(?:\s+else\s+(.+))?$/d,
    write: () => 'Here {% if y %}{{ x }}{% else %}{{ z }}{% endif %}',
    fix: {
      label: 'Turn x if y else z into {% if %}',
      whole: true,
      make: ({ groups: [, then = '', test = '', otherwise = ''] }) => condition(test, then, otherwise),
    },
  },
  {
    code: 'default_operator',
    dialect: 'JavaScript',
    in: 'output',
    pattern: /^(.+?)\s*(?:\|\||\?\?)\s*(.+)$/d,
    write: () => 'What stands in for a missing value is {{ x | default: "…" }}',
    fix: {
      label: 'Turn a || b into a | default: b',
      make: ({ groups: [, left = '', right = ''] }) =>
        isValue(left) && isValue(right) ? `${left} | default: ${right}` : undefined,
    },
  },
  {
    code: 'inline_if',
    dialect: 'JavaScript',
    in: 'output',
    pattern: /^(.+?)\s*\?\s*(.+?)\s*:\s*(.+)$/d,
    write: () => 'Here {% if y %}{{ x }}{% else %}{{ z }}{% endif %}',
    fix: {
      label: 'Turn y ? x : z into {% if %}',
      whole: true,
      make: ({ groups: [, test = '', then = '', otherwise = ''] }) =>
        condition(scriptSigns(test), then, otherwise),
    },
  },
  {
    code: 'default_by_or',
    dialect: JINJA,
    in: 'output',
    pattern: /^([A-Za-z][\w.]*)\s+or\s+(.+)$/d,
    write: () => BOOLEAN,
    warns: true,
    fix: {
      label: 'Turn a or b into a | default: b',
      make: ({ groups: [, left = '', right = ''] }) =>
        isValue(right) ? `${left} | default: ${right}` : undefined,
    },
  },
  {
    code: 'concatenation',
    dialect: JINJA,
    in: 'output',
    pattern: /^(\S+)\s*~\s*(\S+)$/d,
    write: () => 'Texts are joined by filters: {{ a | append: b }}',
    fix: {
      label: 'Turn a ~ b into a | append: b',
      make: ({ groups: [, left = '', right = ''] }) =>
        isValue(left) && isValue(right) ? `${left} | append: ${right}` : undefined,
    },
  },
  {
    code: 'arithmetic',
    dialect: JINJA,
    in: 'output',
    pattern: /^(\S+)\s*\+\s*("[^"]*"|'[^']*'|\d+)$/d,
    write: () => NO_SIGNS,
    fix: {
      label: 'Turn + into a filter',
      make: ({ groups: [, left = '', right = ''] }) =>
        isValue(left) ? `${left} | ${/^\d/.test(right) ? 'plus' : 'append'}: ${right}` : undefined,
    },
  },
  {
    code: 'arithmetic',
    dialect: JINJA,
    in: 'output',
    pattern: /^[\w.)\]"'][^:|{}]*?(?:\s(?:[-*/%~]|\/\/|\*\*)\s|[+~])\s*[\w("']/d,
    write: () => NO_SIGNS,
  },
  {
    code: 'literal_json',
    dialect: 'JSON',
    in: 'output',
    pattern: /^(?:["'][^"']*["']\s*:|["'][^"']*["']\s*,|[{[])/d,
    seen: () => 'This looks like JSON in doubled braces',
    write: () => 'A literal {{ is written {% raw %}{{{% endraw %}; a single { needs nothing',
  },
  {
    code: 'go_block',
    dialect: "Go's templates",
    in: 'output',
    pattern: /^(?:range|if|with|template|define|block|include)\s.*[.$"'\u00B7]/d,
    write: () =>
      'Here {% if x %}…{% endif %} and {% for item in list %}…{% endfor %}; what is to be sent as it stands goes between {% raw %} and {% endraw %}',
  },
  {
    code: 'is_test',
    dialect: JINJA,
    in: 'output',
    pattern: /\sis\s+(?:not\s+)?\w+$/d,
    write: () => 'What is asked for stands in a tag: {% if x == nil %}…{% endif %}',
  },
  {
    code: 'two_words',
    dialect: HANDLEBARS,
    in: 'output',
    pattern: /^(?!not\b)([A-Za-z][\w.]*)((?:\s+(?!(?:and|or|contains)\b)[\w.$@"'=/\u00B7]+)+)$/d,
    seen: ({ source }) => `"${source}" are several words`,
    write: ({ groups: [all = ''] }) =>
      `A name is one word${/^[\w\s]+$/.test(all) ? `, such as {{ ${all.trim().replace(/\s+/g, '_')} }}` : ''}; what works on a value is a filter behind a bar: {{ x | json }}`,
    fix: {
      label: 'Turn {{json x}} into {{ x | json }}',
      make: ({ groups: [, name = '', value = ''] }) =>
        /^json$/i.test(name) && isValue(value.trim()) ? `${value.trim()} | json` : undefined,
    },
  },
]

import { isPromptName } from '../name-rules.ts'
import { firstGroup, type Match, type Row } from './row.ts'

export const HANDLEBARS = 'Handlebars'
const MUSTACHE = 'Mustache'

/** What Handlebars' blocks and words are here; `handlebars.ts` rewrites a text that has them. */
const HANDLEBARS_HINTS: Readonly<Record<string, string>> = {
  if: 'Here {% if x %}a{% else %}b{% endif %}',
  unless: 'Here {% unless x %}a{% endunless %}',
  each: 'Here {% for item in list %}{{ item }}{% endfor %}',
  with: 'Here members are read by their path: {{ x.member }}',
  else: 'Here {% else %}, and {% elsif x %} for another condition',
  this: 'Here the loop names its item: {% for item in list %}{{ item }}{% endfor %}',
  '@': 'Here {{ forloop.index0 }}, {{ forloop.first }}, {{ forloop.last }} within {% for %}',
  '.': 'Here everything is read from where it is: {{ x }}, {{ item.x }}',
}

function handlebarsHint(match: Match): string {
  return HANDLEBARS_HINTS[firstGroup(match)] ?? ''
}

/** What stands in `{{ }}` in Mustache and Handlebars. */
export const HANDLEBARS_ROWS: readonly Row[] = [
  {
    code: 'mustache_unescaped',
    dialect: MUSTACHE,
    in: 'output',
    pattern: /^\{\s*([A-Za-z][\w.]*)$/d,
    seen: (match) => `{{{ ${firstGroup(match)} }}} keeps HTML as it is in Mustache and Handlebars`,
    write: (match) => `Nothing is escaped here: write {{ ${firstGroup(match)} }}`,
    fix: {
      label: 'Turn {{{x}}} into {{ x }}',
      whole: true,
      make: (match) => `{{ ${firstGroup(match)} }}`,
    },
  },
  {
    code: 'mustache_ampersand',
    dialect: MUSTACHE,
    in: 'output',
    pattern: /^&\s*([A-Za-z][\w.]*)$/d,
    write: (match) => `Nothing is escaped here: write {{ ${firstGroup(match)} }}`,
    fix: { label: 'Turn {{&x}} into {{ x }}', make: firstGroup },
  },
  {
    code: 'mustache_partial',
    dialect: MUSTACHE,
    in: 'output',
    pattern: /^>\s*([\w./-]+)/d,
    seen: (match) => `{{> ${firstGroup(match)}}} is a partial of Mustache and Handlebars`,
    write: () => 'Another prompt is put in with {% render "name", x: x %}; it sees only what is passed to it',
    fix: {
      label: 'Turn {{> x}} into {% render %}',
      whole: true,
      make: ({ source, groups: [all = '', name = ''] }) =>
        isPromptName(name) && all === source ? `{% render "${name}" %}` : undefined,
    },
  },
  {
    code: 'mustache_comment',
    dialect: MUSTACHE,
    in: 'output',
    // A negation of JavaScript begins alike, and has an operator.
    pattern: /^!(?!\(?[\w.]+\)?\s+(?:\?|&&|\|\||[!=]==?)\s)(?:--([^]*?)-{0,2}|(?!--)([^]*))$/d,
    seen: () => '{{! }} is a comment of Mustache and Handlebars',
    write: () => 'Write {% comment %}…{% endcomment %} or {% # … %}',
    fix: {
      label: 'Turn {{! }} into {% comment %}',
      whole: true,
      make: ({ groups: [, dashed, plain] }) => `{% comment %}${dashed || plain}{% endcomment %}`,
    },
  },
  {
    code: 'mustache_delimiters',
    dialect: MUSTACHE,
    in: 'output',
    pattern: /^=/d,
    write: () => 'The braces cannot be exchanged; {% raw %}…{% endraw %} keeps them as they are',
  },
  {
    code: 'handlebars',
    dialect: HANDLEBARS,
    in: 'output',
    pattern: /^~?[#/^]\s*(if|unless|each|with)\b/d,
    write: handlebarsHint,
  },
  {
    code: 'handlebars',
    dialect: HANDLEBARS,
    in: 'output',
    pattern: /^~?(else)\b/d,
    write: handlebarsHint,
    warns: true,
  },
  {
    code: 'handlebars',
    dialect: HANDLEBARS,
    in: 'output',
    pattern: /^(this)\b/d,
    write: handlebarsHint,
    warns: true,
  },
  { code: 'handlebars', dialect: HANDLEBARS, in: 'output', pattern: /^(@)\w+/d, write: handlebarsHint },
  {
    code: 'handlebars',
    dialect: HANDLEBARS,
    in: 'output',
    pattern: /^(\.)(?:\.\/|$)/d,
    write: handlebarsHint,
  },
  {
    code: 'mustache_section',
    dialect: MUSTACHE,
    in: 'output',
    pattern: /^([#^/])\s*([\w.]+)/d,
    seen: ({ source }) => `{{${source}}} belongs to a section of Mustache`,
    write: ({ groups: [, sign, name] }) =>
      sign === '^'
        ? `Here {% unless ${name} %}…{% endunless %}`
        : `Here {% if ${name} %}…{% endif %}, and for a list {% for item in ${name} %}{{ item.member }}{% endfor %}`,
  },
  {
    code: 'handlebars_white_space',
    dialect: HANDLEBARS,
    in: 'output',
    pattern: /^~|~$/d,
    write: () => 'White space is dropped by a dash: {{- x -}}',
    fix: {
      label: 'Turn {{~ into {{-',
      whole: true,
      make: ({ source }) =>
        `{{${source.startsWith('~') ? '-' : ''} ${source.replace(/^~|~$/g, '').trim()} ${source.endsWith('~') ? '-' : ''}}}`,
    },
  },
]

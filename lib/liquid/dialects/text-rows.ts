import { withoutCode } from './code-blocks.ts'
import type { Finding, TextEdit } from './finding.ts'
import type { Cut } from './pieces.ts'

/* Constructs of other languages that are plain text here. */

/** One kind of placeholder that is plain text here; the first group is the name. */
interface Placeholder {
  code: string
  pattern: RegExp
  language: string
  label: string
}

const PLACEHOLDERS: readonly Placeholder[] = [
  {
    code: 'percent_name',
    pattern: /%\(([A-Za-z]\w{0,63})\)[sdifr]/g,
    language: 'Python',
    label: 'Turn %(x)s into {{ x }}',
  },
  {
    code: 'erb_output',
    pattern: /<%[=-]\s{0,9}@?([A-Za-z]\w{0,63}(?:\.\w{1,64}){0,4})\s{0,9}-?%>/g,
    language: 'ERB and EJS',
    label: 'Turn <%= x %> into {{ x }}',
  },
]
/** In small letters, as parameters are: in capitals it is a variable of the environment. */
const DOLLAR_BRACES = /(?<![\\$\w])[$#]\{([a-z][A-Za-z0-9_]{0,63})\}/g
const DOLLAR_NAME = /(?<![\\$\w])\$([A-Za-z]\w{0,63})\b/g
/** What only stands in scripts. */
const SCRIPT = /^#!|\$\(|\b(?:echo|export|function|const|let|var|then|fi|esac)\s|=>|;\s{0,9}$/m

/** Signs of code, near which a dollar sign before a word is no placeholder. */
const CODE = /[`{};=]|["']\$|\$\w+(?:->|::|\[|\()/
/** Words with a dollar sign that belong to languages and tools, and texts that speak of these. */
const DOLLAR_WORD =
  /^(?:ref|schema|id|defs|anchor|comment|vocabulary|match|group|project|sort|limit|skip|unwind|lookup|set|unset|inc|push|pull|addToSet|in|nin|eq|ne|gt|gte|lt|lte|and|or|not|nor|exists|regex|expr|sum|avg|min|max|first|last|count|facet|bucket|merge|out|scope|rootScope|http|q|timeout|watch|apply|digest|event|el|refs|emit|router|route|store|slots|attrs|props|state|derived|effect|this|self|argv|argc|env|home|path|user|pwd|uid)$/
const DOLLAR_TALK =
  /\b(?:MongoDB|PHP|Perl|Angular(?:JS)?|jQuery|Vue|Svelte|JSON[ -]Schema|OpenAPI|shell|bash|PowerShell|Makefile|aggregation|pipeline stages?|regex|LaTeX)\b/i

export function placeholders(whole: Cut, hasLiquid: boolean, declared: ReadonlySet<string>): Finding[] {
  const cut = { ...whole, prose: withoutCode(whole.prose) }
  const isScript = SCRIPT.test(cut.prose)
  const dollars = (pattern: RegExp, language: string, label: string, code: string) =>
    plainNames(
      cut,
      { code, pattern, language, label },
      (name) => declared.has(name) || !(hasLiquid || isScript),
    )
  const braces = dollars(
    DOLLAR_BRACES,
    'JavaScript, Ruby and shells',
    'Turn ${x} into {{ x }}',
    'dollar_braces',
  )
  const isDollarText =
    braces.length > 0 || !(hasLiquid || isScript || CODE.test(cut.prose) || DOLLAR_TALK.test(cut.prose))
  return [
    ...PLACEHOLDERS.flatMap((each) => plainNames(cut, each, (name) => declared.has(name) || !hasLiquid)),
    ...braces,
    ...plainNames(
      cut,
      {
        code: 'dollar_text',
        pattern: DOLLAR_NAME,
        language: "Python's string.Template",
        label: 'Turn $x into {{ x }}',
      },
      (name) => declared.has(name) || (isDollarText && /^[a-z]\w/.test(name) && !DOLLAR_WORD.test(name)),
    ),
  ]
}

function plainNames(
  { prose, text }: Cut,
  { code, pattern, language, label }: Placeholder,
  isMeant: (name: string) => boolean,
): Finding[] {
  const edits = [...prose.matchAll(pattern)]
    .filter(([, name = '']) => isMeant(name))
    .map(
      ({ 0: all, 1: name, index }): TextEdit => ({
        from: index,
        to: index + all.length,
        insert: `{{ ${name} }}`,
      }),
    )
  const [first] = edits
  if (first === undefined) return []
  return [
    {
      code,
      places: edits.map(({ from, to }) => ({ start: from, end: to })),
      message: `${text.slice(first.from, first.to)} is plain text here; it is a placeholder of ${language}`,
      hint: `A variable is written ${first.insert}`,
      warns: true,
      fix: { label, edits },
    },
  ]
}

/** Jinja's `{# note #}`, which would be sent to the model. */
export function jinjaComments({ read: whole, text }: Cut): Finding[] {
  const read = withoutCode(whole)
  const edits: TextEdit[] = []
  for (let at = read.indexOf('{#'); at >= 0; at = read.indexOf('{#', at + 2)) {
    const close = read.indexOf('#}', at + 2)
    if (close < 0) break
    // {#anchor}, {#if} and ${#list} are other things: a comment begins with white space, or has no brace.
    const isComment =
      read[at - 1] !== '$' &&
      close > at + 2 &&
      (/[\s-]/.test(read[at + 2] ?? '') || !/[{}]/.test(read.slice(at + 2, Math.min(close, at + 500))))
    if (!isComment) continue
    edits.push({
      from: at,
      to: close + 2,
      insert: `{% comment %}${text.slice(at + 2, close).replace(/^-|-$/g, '')}{% endcomment %}`,
    })
    at = close
  }
  if (edits.length === 0) return []
  return [
    {
      code: 'jinja_comment',
      places: edits.map(({ from, to }) => ({ start: from, end: to })),
      message: '{# #} is a comment of Jinja; here it is plain text that the model reads',
      hint: 'Write {% comment %}…{% endcomment %} or {% # … %}',
      warns: true,
      fix: { label: 'Turn {# #} into {% comment %}', edits },
    },
  ]
}

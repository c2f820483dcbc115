import fc from 'fast-check'
import { WORLD } from '../../testing.ts'

/* Random templates of Jinja and Nunjucks. */

const scrap = fc.constantFrom(
  'a',
  'Hello ',
  '\n',
  '\n\n',
  '  ',
  ' \n',
  '- ',
  '{',
  '}',
  '"k": {1}',
  '.',
  '%}',
  '}}',
)
const dash = fc.constantFrom('', '', '', '', '-')

interface Place {
  texts: readonly string[]
  loops: number
  levels: number
  isPython: boolean
}

function text(place: Place): fc.Arbitrary<string> {
  const name = fc.constantFrom(...place.texts)
  const quoted = fc
    .constantFrom('"a"', "'b c'", '""', '"it\'s"', '"\\n"', '"%}"', '"}}"')
    .filter((each) => place.isPython || !each.includes('}'))
  const methods = place.isPython
    ? ['.upper()', '.lower()', '.strip()', '.capitalize()', '.replace("a", "b")', '[:2]', '[1:]']
    : ['.toUpperCase()', '.trim()', '.slice(0, 2)', '.replace("a", "b")']
  return fc.oneof(
    { weight: 4, arbitrary: name },
    quoted,
    fc
      .tuple(
        name,
        fc.constantFrom(
          ' | upper',
          ' | lower',
          ' | trim',
          ' | replace("a", "<")',
          ' | default("d")',
          ' | default("d", true)',
          ' | indent(2)',

          ' | capitalize',
        ),
      )
      .map(([of, filter]) => of + filter),
    fc.tuple(name, fc.constantFrom(...methods)).map(([of, method]) => of + method),
    fc.tuple(name, name).map(([one, other]) => `${one} ~ "-" ~ ${other}`),
    fc.tuple(name, name).map(([one, other]) => `${one} or ${other}`),
    fc.tuple(name, name).map(([one, other]) => `${one} and ${other}`),
    fc.tuple(name, name).map(([one, other]) => `("(" ~ ${one}) + ${other}`),
    fc.constantFrom(
      'tags | join(", ")',
      'tags | first',
      'words | length',
      'tags | last | default("none")',
      'items | length',
      'user.title | length ~ "x"',
    ),
    fc.constantFrom('count + 1', 'count * 2 - limit', 'count % 2', '(count + limit) * 3').filter(() => true),
  )
}

const IN_LOOP = [
  'loop.first',
  'not loop.last',
  'loop.index > 1',
  'loop.length == 2',
  'item.done',
  'item.tags',
  'item.title',
  'item.size_of',
]
const AT_ROOT = [
  ...WORLD.texts.filter((name) => !name.includes('-')),
  ...WORLD.flags,
  ...WORLD.numbers,
  ...WORLD.lists,
  'user.tags',
  'user.done',
  'user.title',
  'items',
]

/** One question. */
function single(place: Place): fc.Arbitrary<string> {
  const one = fc.constantFrom(...AT_ROOT, ...(place.loops === 1 ? IN_LOOP : []))
  const name = fc.constantFrom(...place.texts)
  return fc.oneof(
    one,
    one.map((each) => (/[=<>]|^not/.test(each) ? each : `not ${each}`)),
    fc.tuple(name, fc.constantFrom('==', '!=')).map(([of, sign]) => `${of} ${sign} "a"`),
    fc.constantFrom(
      'count > 1',
      'count <= limit',
      'limit == 7',
      'count is even',
      'count is odd',
      'flag == true',
    ),
    name.map((of) => `${of} in ["a", "Ada"]`),
    fc
      .constantFrom(
        '"a" in tags',
        '"a" not in words',
        'topic is defined',
        'topic is not defined',
        'name in tags',
        'tags | length > 1',
        'words | length == 0',
      )
      .filter((each) => place.isPython || !each.includes('is ')),
  )
}

function test(place: Place): fc.Arbitrary<string> {
  const one = single(place)
  const wide = fc.tuple(fc.constantFrom('and', 'or'), one, one).map(([op, a, b]) => `${a} ${op} ${b}`)
  return fc.oneof(
    one,
    wide,
    fc.tuple(fc.constantFrom('and', 'or'), wide, wide).map(([op, a, b]) => `(${a}) ${op} (${b})`),
    fc.tuple(fc.constantFrom('and', 'or'), wide, wide).map(([op, a, b]) => `${a} ${op} ${b}`),
    wide.map((each) => `not (${each})`),
  )
}

function template(place: Place): fc.Arbitrary<string> {
  const part = fc.oneof(
    { weight: 4, arbitrary: scrap },
    { weight: 3, arbitrary: output(place) },
    { weight: 4, arbitrary: place.levels > 0 ? block({ ...place, levels: place.levels - 1 }) : scrap },
  )
  return fc.array(part, { maxLength: 5 }).map((parts) => parts.join(''))
}

function output(place: Place): fc.Arbitrary<string> {
  return fc.oneof(
    fc.tuple(text(place), dash, dash).map(([of, left, right]) => `{{${left} ${of} ${right}}}`),
    fc
      .tuple(text(place), test(place), text(place))
      .map(([of, cond, other]) => `{{ ${of} if ${cond} else ${other} }}`),
    test(place).map((of) => `{{ "yes" if ${of} }}`),
    fc.constantFrom(
      '{# note #}',
      '{#- note -#}',
      '{% raw %}{{ x }}{% endraw %}',
      '{% raw %} {% if %} {% endraw %}',
    ),
    place.loops > 0
      ? fc.constantFrom('{{ loop.index }}', '{{ loop.revindex0 }}', '{{ loop.index0 + 1 }}')
      : fc.constant('{{ user.title }}'),
    fc.constantFrom(...WORLD.flags.map((name) => `{{ 1 if ${name} else 0 }}`)),
  )
}

function block(place: Place): fc.Arbitrary<string> {
  const body = template(place)
  const line = fc.constantFrom('', '\n')
  const choice = fc
    .tuple(
      test(place),
      body,
      test(place),
      body,
      fc.constantFrom('none', 'else', 'elif'),
      dash,
      dash,
      dash,
      line,
    )
    .map(([of, then, second, other, kind, a, b, c, end]) => {
      const middle =
        kind === 'none' ? '' : kind === 'else' ? `{% else ${c}%}${other}` : `{%${c} elif ${second} %}${other}`
      return `{%${a} if ${of} ${b}%}${end}${then}${middle}{%${c} endif ${a}%}${end}`
    })
  // Within a loop Nunjucks reads a name that was set to nothing as what it was outside of it; Jinja and we do not.
  const isInNunjucksLoop = place.loops > 0 && !place.isPython
  const something = fc.constantFrom('"a"', '""', 'name ~ "-"', '"b" ~ topic')
  const set = fc
    .tuple(fc.constantFrom('made', 'other'), isInNunjucksLoop ? something : text(place), dash)
    .map(([to, of, right]) => `{% set ${to} = ${of} ${right}%}{{ ${to} }}{% if ${to} %}!{% endif %}`)
  const capture = fc
    .tuple(template({ ...place, levels: 0 }), fc.constantFrom('', '{% set held = name %}'))
    .map(([of, before]) => `${before}{% set held %}${of}{% endset %}[{{ held }}]`)
  const others = [choice, choice, set, capture]
  return place.loops > 1
    ? fc.oneof(...others)
    : fc.oneof(...others, { weight: 4, arbitrary: loop(place, body) })
}

function loop(place: Place, body: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const line = fc.constantFrom('', '\n')
  const inner = { ...place, loops: place.loops + 1 }
  const records = fc
    .tuple(
      fc.constantFrom(...WORLD.records),
      template({ ...inner, texts: ['item.title', 'name'] }),
      body,
      fc.boolean(),
      dash,
    )
    .map(
      ([of, each, none, hasElse, left]) =>
        `{% for item in ${of} %}${each}${hasElse ? `{% else %}${none}` : ''}{%${left} endfor %}`,
    )
  const plain = fc
    .tuple(
      fc.constantFrom(...WORLD.lists, 'user.tags'),
      template({ ...inner, loops: 2, texts: ['word'] }),
      line,
    )
    .map(([of, each, end]) => `{% for word in ${of} %}${end}${each}{% endfor %}${end}`)
  const ranges = template({ ...inner, loops: 2, texts: ['name'] }).map(
    (each) => `{% for i in range(3) %}{{ i }}${each}{% endfor %}`,
  )
  const pairs = fc.constant(
    place.isPython
      ? '{% for k, v in user.items() %}{{ k }}={{ v if k == "title" }};{% endfor %}'
      : '{% for k, v in user %}{{ k }}={{ v if k == "title" }};{% endfor %}',
  )
  return fc.oneof(records, plain, ranges, pairs)
}

/** Templates over the names of the world. */
export function templates(flavor: 'jinja2' | 'nunjucks'): fc.Arbitrary<string> {
  const texts = [...WORLD.texts.filter((name) => !name.includes('-')), 'user.title', 'order.title']
  return template({ texts, loops: 0, levels: 3, isPython: flavor === 'jinja2' })
}

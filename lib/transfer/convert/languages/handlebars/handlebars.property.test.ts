import fc from 'fast-check'
import Handlebars from 'handlebars'
import { expect, it } from 'vitest'
import { expectSame, leftOutNames, Tally, type Values, WORLD, worldValues } from '../../testing.ts'

const engine = Handlebars.create()
// Helpers are everybody's own; these ask what is true as `#if` does.
const isTrue = (of: unknown) => Boolean(of) && !Handlebars.Utils.isEmpty(of)
engine.registerHelper({
  eq: (one: unknown, other: unknown) => one === other,
  ne: (one: unknown, other: unknown) => one !== other,
  gt: (one: number, other: number) => one > other,
  and: (one: unknown, other: unknown) => (isTrue(one) ? other : one),
  or: (one: unknown, other: unknown) => (isTrue(one) ? one : other),
  not: (one: unknown) => !isTrue(one),
  json: (of: unknown) => JSON.stringify(of),
  upper: (of: string) => of.toUpperCase(),
  join: (list: unknown[], glue: string) => list.join(glue),
})

/**
 * Values that are made anew each time they are asked for: a loop over the very object that is the current one is no level
 * for Handlebars, so that `../` passes it by. Values of JSON have no such sameness.
 */
function render(template: string, values: Values): string {
  const anew = Object.entries(values).map(([name, value]) => [
    name,
    { enumerable: true, get: (): unknown => structuredClone(value) },
  ])
  const root: Values = Object.defineProperties({}, Object.fromEntries(anew))
  return engine.compile(template, { noEscape: true })(root)
}

const scrap = fc.constantFrom(
  'a',
  'Hello ',
  '\n',
  '\n\n',
  '  ',
  '\t',
  ' \n',
  '- ',
  '{',
  '}',
  '{% if %}',
  '"k": {1}',
  '{%',
  '%}',
  '.',
)
const tilde = fc.constantFrom('', '', '', '~')

/** Where a template is: names that can be read there. */
interface Place {
  texts: readonly string[]
  depth: number
  /** How many blocks may still be nested. */
  levels: number
}

const ROOT_TEXTS = [...WORLD.texts, ...WORLD.objects.map((name) => `${name}.title`)]

function condition(place: Place): fc.Arbitrary<string> {
  const any =
    place.depth === 0
      ? [...WORLD.texts, ...WORLD.flags, ...WORLD.numbers, ...WORLD.lists, 'user.tags', 'user.done']
      : [...place.texts, 'this.done', 'this.size_of', 'this.tags', '../flag', '@first', '@last']
  return fc.constantFrom(...any)
}

function test(place: Place): fc.Arbitrary<string> {
  const one = condition(place)
  const truth = fc.oneof(
    one,
    fc
      .tuple(fc.constantFrom(...place.texts), fc.constantFrom('eq', 'ne'))
      .map(([name, op]) => `(${op} ${name} "a")`),
    one.map((each) => `(not ${each})`),
  )
  return fc.oneof(
    one,
    truth,
    fc
      .tuple(fc.constantFrom('and', 'or'), truth, truth)
      .map(([op, left, right]) => `(${op} ${left} ${right})`),
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.constantFrom('and', 'or'), truth, truth, truth, truth)
      .map(([op, inner, a, b, c, d]) => `(${op} (${inner} ${a} ${b}) (${inner} ${c} ${d}))`),
  )
}

function template(place: Place): fc.Arbitrary<string> {
  const part = fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 4, arbitrary: scrap },
    { weight: 3, arbitrary: output(place) },
    { weight: 4, arbitrary: place.levels > 0 ? block({ ...place, levels: place.levels - 1 }) : scrap },
  )
  return fc.array(part, { maxLength: 5 }).map((parts) => parts.join(''))
}

function output(place: Place): fc.Arbitrary<string> {
  const name = fc.constantFrom(...place.texts)
  return fc.oneof(
    fc.tuple(name, tilde, tilde).map(([each, left, right]) => `{{${left}${each}${right}}}`),
    name.map((each) => `{{{${each}}}}`),
    name.map((each) => `{{& ${each} }}`),
    name.map((each) => `{{upper ${each}}}`),
    fc.tuple(name, name).map(([one, other]) => `{{or ${one} ${other}}}`),
    fc.constantFrom(
      '{{! note }}',
      '{{!-- a }} --}}',
      '\\{{name}}',
      '{{json @root.user}}',
      '{{@root.name}}',
      '{{"text" 1}}',
    ),
    place.depth > 0
      ? fc.constantFrom('{{@index}}', '{{../name}}', '{{@root.topic}}')
      : fc.constant('{{join tags ", "}}'),
  )
}

function block(place: Place): fc.Arbitrary<string> {
  const body = template(place)
  const strips = fc.tuple(tilde, tilde, tilde, tilde, tilde, tilde)
  const lines = fc.constantFrom('', '\n')
  const choice = fc
    .tuple(
      fc.constantFrom('if', 'unless'),
      test(place),
      body,
      body,
      fc.constantFrom('none', 'else', '^', 'chain'),
      strips,
      lines,
    )
    .map(([name, of, then, other, kind, [a, b, c, d, e, f], line]) => {
      const middle = {
        none: '',
        else: `{{${c}else${d}}}`,
        '^': `{{${c}^${d}}}`,
        chain: `{{${c}else if flag${d}}}`,
      }[kind]
      return `{{${a}#${name} ${of}${b}}}${line}${then}${line}${kind === 'none' ? '' : `${middle}${line}${other}`}{{${e}/${name}${f}}}${line}`
    })
  if (place.depth >= 2) return choice
  const inner: Place = {
    depth: place.depth + 1,
    levels: place.levels,
    texts: ['this.title', 'title', './title'],
  }
  const plain: Place = { depth: 3, levels: 0, texts: ['this', '.'] }
  const record =
    place.depth === 0 ? fc.constantFrom(...WORLD.records) : fc.constantFrom('../items', '@root.people')
  const loops = fc
    .tuple(record, template(inner), body, fc.boolean(), lines)
    .map(
      ([name, each, none, hasElse, line]) =>
        `{{#each ${name}}}${line}${each}${hasElse ? `{{else}}${line}${none}` : ''}{{/each}}${line}`,
    )
  const texts = fc
    .tuple(
      place.depth === 0 ? fc.constantFrom(...WORLD.lists) : fc.constantFrom('tags', 'this.tags'),
      template(plain),
      lines,
    )
    .map(([name, each, line]) => `{{#each ${name}}}${line}${each}{{/each}}${line}`)
  const withs = fc
    .tuple(fc.constantFrom(...WORLD.objects), template(inner), lines)
    .map(([name, each, line]) => (place.depth === 0 ? `{{#with ${name}}}${line}${each}${line}{{/with}}` : ''))
  return fc.oneof(choice, loops, texts, withs)
}

it('renders what Handlebars renders', () => {
  const tally = new Tally()
  fc.assert(
    fc.property(
      template({ depth: 0, levels: 3, texts: ROOT_TEXTS }),
      worldValues,
      leftOutNames,
      (made, values, leftOut) => expectSame(made, 'handlebars', values, leftOut, render, tally),
    ),
    { seed: 105, numRuns: 1_500 },
  )
  expect(tally.same).toBeGreaterThan(1000)
})

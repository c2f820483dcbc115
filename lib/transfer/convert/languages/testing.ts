import fc from 'fast-check'
import { WORLD } from '../testing.ts'

/* Random templates of Mustache. */

const scrap = fc.constantFrom(
  'a',
  'Hello ',
  '\n',
  '\n\n',
  '  ',
  ' \n',
  '\t',
  '- ',
  '}',
  '"k": {1}',
  '.',
  '%}',
  '{%',
)
const line = fc.constantFrom('', '\n')

interface Place {
  texts: readonly string[]
  isRoot: boolean
  levels: number
}

function template(place: Place): fc.Arbitrary<string> {
  const part = fc.oneof(
    { weight: 4, arbitrary: scrap },
    { weight: 3, arbitrary: output(place) },
    { weight: 4, arbitrary: place.levels > 0 ? section({ ...place, levels: place.levels - 1 }) : scrap },
  )
  return fc.array(part, { maxLength: 5 }).map((parts) => parts.join(''))
}

function output({ texts }: Place): fc.Arbitrary<string> {
  const name = fc.constantFrom(...texts)
  return fc.oneof(
    name.map((each) => `{{${each}}}`),
    name.map((each) => `{{ ${each} }}`),
    name.map((each) => `{{{${each}}}}`),
    name.map((each) => `{{& ${each}}}`),
    fc.constantFrom('{{! note }}', '{{!\nnote\n}}', '{{=<% %>=}}<% name %><%={{ }}=%>'),
  )
}

function section(place: Place): fc.Arbitrary<string> {
  const body = template(place)
  const any = place.isRoot
    ? [...WORLD.texts, ...WORLD.flags, ...WORLD.numbers, ...WORLD.lists]
    : ['done', 'is_open']
  const inverted = fc
    .tuple(fc.constantFrom(...any), body, line)
    .map(([of, inner, end]) => `{{^${of}}}${end}${inner}{{/${of}}}${end}`)
  const condition = fc
    .tuple(fc.constantFrom('is_open', 'name'), body, line)
    .map(([of, inner, end]) => `{{#${of}}}${end}${inner}{{${of}}}{{/${of}}}${end}`)
  if (!place.isRoot) return inverted
  const inside: Place = {
    texts: ['title', 'name', 'size_of'],
    isRoot: false,
    levels: Math.min(1, place.levels),
  }
  const loop = fc
    .tuple(fc.constantFrom('items', 'user'), template(inside), line)
    .map(([of, inner, end]) => `{{#${of}}}${end}{{title}}${inner}{{/${of}}}${end}`)
  const plain = fc
    .tuple(fc.constantFrom(...WORLD.lists), template({ ...inside, texts: ['.', 'name'], levels: 0 }), line)
    .map(([of, inner, end]) => `{{#${of}}}${end}{{.}}${inner}{{/${of}}}${end}`)
  return fc.oneof(inverted, condition, loop, plain)
}

/** Templates over the names of the world; the name of every text stands outside of sections, too. */
export const mustacheTemplates = template({
  texts: [...WORLD.texts, 'user.title'],
  isRoot: true,
  levels: 3,
}).map((made) => `{{name}}${made}`)

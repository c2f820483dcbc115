import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Variable } from '../../liquid/variable.ts'
import type { Message } from '../content/content.ts'
import { changedFields, mergeVersions, type VersionFields } from './version-merge.ts'

const BASE: VersionFields = {
  title: 'Greeting',
  description: 'Greets somebody',
  content: { kind: 'text', template_content: 'Hello {{ name }}.\n\nBe kind.\n\nBye.' },
  variables: [{ name: 'name', type: 'string', required: true }],
  config: { temperature: 0.5, limits: { tokens: 100, seconds: 10 } },
  publish: { prompt: true, tool: false, skill: false },
}
const text = (template_content: string): Partial<VersionFields> => ({
  content: { kind: 'text', template_content },
})
const NONE = new Map<string, never>()
const merge = (
  mine: Partial<VersionFields>,
  theirs: Partial<VersionFields>,
  base: Partial<VersionFields> = {},
) => mergeVersions({ ...BASE, ...base }, { ...BASE, ...base, ...mine }, { ...BASE, ...base, ...theirs })

describe('what does not overlap', () => {
  it('is joined by line', () => {
    const merged = merge(
      text('Hello {{ name }}!\n\nBe kind.\n\nBye.'),
      text('Hello {{ name }}.\n\nBe kind.\n\nGoodbye.'),
    )
    expect(merged.conflicts).toEqual([])
    expect(merged.joined).toEqual(['content'])
    expect(merged.build(NONE)).toEqual({ ...BASE, ...text('Hello {{ name }}!\n\nBe kind.\n\nGoodbye.') })
  })

  it('is joined by field, by key of the config and by key of a variable', () => {
    const name = BASE.variables[0]!
    const merged = merge(
      {
        title: 'Greet',
        config: { temperature: 0.9, limits: { tokens: 100, seconds: 10 } },
        variables: [{ ...name, description: 'Whom' }],
      },
      {
        publish: { prompt: true, tool: true, skill: false },
        config: { temperature: 0.5, limits: { tokens: 200, seconds: 10 } },
        variables: [{ ...name, example: 'Ada' }],
      },
    )
    expect(merged.conflicts).toEqual([])
    expect(merged.build(NONE)).toEqual({
      ...BASE,
      title: 'Greet',
      publish: { prompt: true, tool: true, skill: false },
      config: { temperature: 0.9, limits: { tokens: 200, seconds: 10 } },
      variables: [{ ...name, description: 'Whom', example: 'Ada' }],
    })
  })

  it('keeps new variables of both, and drops what one took out', () => {
    const variable = (name: string): Variable => ({ name, type: 'string', required: true })
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(variable) as [Variable, Variable, Variable, Variable]
    const merged = merge({ variables: [a, c] }, { variables: [a, b, d] }, { variables: [a, b] })
    expect(merged.conflicts).toEqual([])
    expect(merged.build(NONE).variables).toEqual([a, c, d])
  })

  it('is joined by message, and inside a message by line', () => {
    const chat = (...messages: Message[]): Partial<VersionFields> => ({ content: { kind: 'chat', messages } })
    const system = (content: string): Message => ({ role: 'system', content })
    const user: Message = { role: 'user', content: 'Hi' }
    const merged = merge(
      chat(system('one\ntwo\nthree!'), user),
      chat(system('ONE\ntwo\nthree'), user, { role: 'assistant', content: 'Yes?' }),
      chat(system('one\ntwo\nthree'), user),
    )
    expect(merged.conflicts).toEqual([])
    expect(merged.build(NONE).content).toEqual(
      chat(system('ONE\ntwo\nthree!'), user, { role: 'assistant', content: 'Yes?' }).content,
    )
  })
})

describe('what overlaps', () => {
  it('is a conflict for each place, chosen piece by piece or written by hand', () => {
    const merged = merge(
      text('Hi {{ name }}.\n\nBe kind.\n\nSee you.'),
      text('Dear {{ name }}.\n\nBe kind.\n\nGoodbye.'),
    )
    expect(merged.conflicts.map(({ field, base, mine, theirs }) => [field, base, mine, theirs])).toEqual([
      ['content', 'Hello {{ name }}.', 'Hi {{ name }}.', 'Dear {{ name }}.'],
      ['content', 'Bye.', 'See you.', 'Goodbye.'],
    ])
    expect(merged.joined).toEqual([])
    const [first, second] = merged.conflicts.map(({ id }) => id) as [string, string]
    const build = (choices: [string, 'mine' | 'theirs' | { text: string }][]) => {
      const { content } = merged.build(new Map(choices))
      return content.kind === 'text' ? content.template_content : undefined
    }
    expect(
      build([
        [first, 'theirs'],
        [second, 'mine'],
      ]),
    ).toBe('Dear {{ name }}.\n\nBe kind.\n\nSee you.')
    expect(
      build([
        [first, { text: 'Hey\n{{ name }}' }],
        [second, { text: '' }],
      ]),
    ).toBe('Hey\n{{ name }}\n\nBe kind.\n')
  })

  it('names the key of a config and the attribute of a variable', () => {
    const name = BASE.variables[0]!
    const merged = merge(
      { config: { temperature: 1 }, variables: [{ ...name, type: 'enum', enum: ['a'] }] },
      { config: { temperature: 0, limits: { tokens: 100, seconds: 5 } }, variables: [] },
    )
    expect(merged.conflicts.map(({ field, place }) => `${field} ${place}`)).toEqual([
      'variables name',
      'config temperature',
      'config limits',
    ])
    const theirs = new Map(merged.conflicts.map(({ id }) => [id, 'theirs'] as const))
    expect(merged.build(theirs)).toEqual({
      ...BASE,
      config: { temperature: 0, limits: { tokens: 100, seconds: 5 } },
      variables: [],
    })
    const mine = new Map(merged.conflicts.map(({ id }) => [id, 'mine'] as const))
    expect(merged.build(mine).config).toEqual({ temperature: 1 })
  })

  it('is chosen as a whole when one made a chat of the text', () => {
    const merged = merge(
      { content: { kind: 'chat', messages: [{ role: 'user', content: 'Hi' }] } },
      text('Hello.'),
    )
    expect(merged.conflicts).toMatchObject([{ field: 'content', mine: '[user]\nHi', isText: false }])
  })
})

const fields: fc.Arbitrary<VersionFields> = fc.record({
  title: fc.constantFrom('', 'a', 'b'),
  description: fc.array(fc.constantFrom('a', 'b', ''), { maxLength: 4 }).map((lines) => lines.join('\n')),
  content: fc.oneof(
    fc
      .array(fc.constantFrom('a', 'b', ''), { maxLength: 6 })
      .map((lines) => ({ kind: 'text' as const, template_content: lines.join('\n') })),
    fc
      .array(
        fc.record({
          role: fc.constantFrom('system' as const, 'user' as const),
          content: fc.constantFrom('a', 'a\nb', 'c'),
        }),
        { minLength: 1, maxLength: 4 },
      )
      .map((messages) => ({ kind: 'chat' as const, messages })),
  ),
  variables: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('x', 'y', 'z'),
      type: fc.constant('string' as const),
      required: fc.boolean(),
    }),
    { selector: ({ name }) => name },
  ),
  config: fc.dictionary(
    fc.constantFrom('a', 'b'),
    fc.oneof(fc.integer(), fc.dictionary(fc.constantFrom('c'), fc.integer())),
  ),
  publish: fc.record({ prompt: fc.boolean(), tool: fc.boolean(), skill: fc.boolean() }),
})

describe('for all versions', () => {
  it('a side that changed nothing leaves the other as it is', () => {
    fc.assert(
      fc.property(fields, fields, (base, changed) => {
        for (const merged of [mergeVersions(base, changed, base), mergeVersions(base, base, changed)]) {
          expect(merged.conflicts).toEqual([])
          expect(changedFields(merged.build(NONE), changed)).toEqual([])
        }
      }),
    )
  })

  it('the same change of both is no conflict', () => {
    fc.assert(
      fc.property(fields, fields, (base, changed) => {
        const merged = mergeVersions(base, changed, structuredClone(changed))
        expect(merged.conflicts).toEqual([])
        expect(changedFields(merged.build(NONE), changed)).toEqual([])
      }),
    )
  })

  it('both orders have the same conflicts, and the same result when every choice is exchanged', () => {
    fc.assert(
      fc.property(fields, fields, fields, (base, mine, theirs) => {
        const [one, other] = [mergeVersions(base, mine, theirs), mergeVersions(base, theirs, mine)]
        expect(other.conflicts.length).toBe(one.conflicts.length)
        const content = (merged: typeof one, choice: 'mine' | 'theirs') =>
          merged.build(new Map(merged.conflicts.map(({ id }) => [id, choice]))).content
        expect(content(one, 'mine')).toEqual(content(other, 'theirs'))
      }),
    )
  })
})

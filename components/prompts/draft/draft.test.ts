import { describe, expect, test } from 'vitest'
import type { VersionFields } from '#components/changes/version-fields.ts'
import { analyse } from '#lib/prompts/template.ts'
import { changedParts, type Draft, differs, draftOf, fieldsOfDraft, readConfig, textAt } from './draft.ts'
import { changeDraft } from './draft-change.ts'

const FIELDS: VersionFields = {
  content: { kind: 'text', template_content: 'Say {{ x }} and {{ x.y }}.' },
  variables: [
    { name: 'x', type: 'object', required: true },
    { name: 'n', type: 'integer', required: false, default: 3, min: 1, max: 9, example: 4 },
    { name: 'e', type: 'enum', required: true, enum: ['a', 'b'], default: 'a' },
    { name: 's', type: 'string', required: false, default: '', pattern: '^a', description: 'A text' },
  ],
  config: { temperature: 0.2 },
  title: 'Title',
  description: '',
  publish: { prompt: true, tool: false, skill: false },
}
const CHAT: VersionFields = {
  ...FIELDS,
  content: {
    kind: 'chat',
    messages: [
      { role: 'system', content: 'Be kind.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi {{ x }}' },
          { type: 'image', data: 'AA==', mimeType: 'image/png' },
        ],
      },
    ],
  },
}

describe('a draft', () => {
  test('says what it was made of', () => {
    for (const fields of [FIELDS, CHAT]) {
      expect(fieldsOfDraft(draftOf(fields))).toEqual(fields)
      expect(differs(draftOf(fields), fields)).toBe(false)
      expect(changedParts(draftOf(fields), fields)).toEqual([])
    }
  })

  test('differs as soon as anything would be saved otherwise', () => {
    const draft = draftOf(FIELDS)
    const changes: [Draft, string][] = [
      [changeDraft(draft, { type: 'text', path: ['template_content'], text: '' }), 'text'],
      [changeDraft(draft, { type: 'variable-remove', id: 'v0' }), 'variables'],
      [changeDraft(draft, { type: 'set', fields: { config: '' } }), 'configuration'],
      [changeDraft(draft, { type: 'set', fields: { title: 'Other' } }), 'title'],
      [
        changeDraft(draft, { type: 'set', fields: { publish: { prompt: true, tool: true, skill: false } } }),
        'publishing',
      ],
    ]
    for (const [changed, part] of changes) {
      expect(differs(changed, FIELDS)).toBe(true)
      expect(changedParts(changed, FIELDS)).toEqual([part])
    }
    expect(differs({ ...draft, config: '{"temperature":' }, FIELDS)).toBe(true)
    expect(differs({ ...draft, config: '{ "temperature": 0.2 }' }, FIELDS)).toBe(false)
  })

  test('keeps a value that is no JSON as text, for the check to name', () => {
    const draft = changeDraft(draftOf(FIELDS), { type: 'variable', id: 'v1', fields: { default: 'three' } })
    expect(fieldsOfDraft(draft).variables[1]).toMatchObject({ default: 'three' })
  })

  test('reads a config that is an object and nothing else', () => {
    expect(readConfig(' ')).toEqual({})
    expect(readConfig('{"a":1}')).toEqual({ a: 1 })
    for (const text of ['[]', '1', '{', 'null']) expect(readConfig(text)).toBeUndefined()
  })
})

describe('a change of kind', () => {
  test('makes the text the first message, and back', () => {
    const chat = changeDraft(draftOf(FIELDS), { type: 'kind', kind: 'chat', id: 'new' })
    expect(chat.messages).toEqual([{ id: 'new', role: 'user', content: 'Say {{ x }} and {{ x.y }}.' }])
    const text = changeDraft(chat, { type: 'kind', kind: 'text', id: 'other' })
    expect(differs(text, FIELDS)).toBe(false)
  })

  test('keeps roles and attachments of messages whose text did not change meanwhile', () => {
    const draft = draftOf(CHAT)
    const text = changeDraft(draft, { type: 'kind', kind: 'text', id: 'a' })
    expect(text.text).toBe('Be kind.\n\nHi {{ x }}')
    expect(changeDraft(text, { type: 'kind', kind: 'chat', id: 'b' })).toMatchObject({
      messages: draft.messages,
    })
    const edited = changeDraft(text, { type: 'text', path: ['template_content'], text: 'Mine' })
    expect(changeDraft(edited, { type: 'kind', kind: 'chat', id: 'b' }).messages).toEqual([
      { id: 'b', role: 'user', content: 'Mine' },
    ])
  })
})

describe('messages', () => {
  const draft = draftOf(CHAT)
  test('move within the list and never out of it', () => {
    const order = (changed: Draft) => changed.messages.map(({ id }) => id)
    expect(order(changeDraft(draft, { type: 'message-move', id: 'm0', to: 1 }))).toEqual(['m1', 'm0'])
    expect(order(changeDraft(draft, { type: 'message-move', id: 'm1', to: -1 }))).toEqual(['m1', 'm0'])
    expect(order(changeDraft(draft, { type: 'message-move', id: 'm1', to: 9 }))).toEqual(['m0', 'm1'])
  })

  test('come back where they were', () => {
    const [first] = draft.messages
    if (!first) throw new Error('no message')
    const without = changeDraft(draft, { type: 'message-remove', id: 'm0' })
    expect(changeDraft(without, { type: 'message-add', message: first, at: 0 })).toEqual(draft)
  })

  test('are edited at their path', () => {
    const path = ['messages', 1, 'content', 0, 'text']
    const changed = changeDraft(draft, { type: 'text', path, text: 'Bye' })
    expect(textAt(changed, path)).toBe('Bye')
    expect(changed.messages[1]?.content[1]).toEqual(draft.messages[1]?.content[1])
    expect(textAt(changeDraft(draft, { type: 'part-remove', id: 'm1', part: 1 }), path)).toBe('Hi {{ x }}')
  })

  test('get parts behind what they say', () => {
    const picture = { type: 'image' as const, data: 'AA==', mimeType: 'image/png' }
    const link = { type: 'resource_link' as const, uri: '{{ url }}', name: 'picture' }
    const added = (id: string, parts: Parameters<typeof changeDraft>[1] & { type: 'parts-add' }) =>
      changeDraft(draft, { ...parts, id }).messages.find((each) => each.id === id)?.content
    const parts = { type: 'parts-add' as const, id: '', parts: [picture, link] }
    expect(added('m0', parts)).toEqual([{ type: 'text', text: 'Be kind.' }, picture, link])
    expect(added('m1', parts)).toEqual([{ type: 'text', text: 'Hi {{ x }}' }, picture, picture, link])
    expect(added('m0', { ...parts, parts: [] })).toEqual([{ type: 'text', text: 'Be kind.' }])
    const unwritten = changeDraft(draft, { type: 'text', path: ['messages', 0, 'content'], text: '' })
    expect(changeDraft(unwritten, { ...parts, id: 'm0' }).messages[0]?.content).toEqual([picture, link])
  })

  test('have links whose address is written', () => {
    const link = { type: 'resource_link' as const, uri: '{{ url }}', name: 'picture' }
    const linked = changeDraft(draft, { type: 'parts-add', id: 'm1', parts: [link] })
    const path = ['messages', 1, 'content', 2, 'uri']
    expect(textAt(linked, path)).toBe('{{ url }}')
    expect(textAt(linked, ['messages', 1, 'content', 2, 'text'])).toBeUndefined()
    expect(textAt(changeDraft(linked, { type: 'text', path, text: '{{ it }}' }), path)).toBe('{{ it }}')
  })
})

test('a variable is renamed where it is declared and wherever it is used, and nowhere else', () => {
  const template_content =
    'x {{ x }}{% for i in x %}{{ i }}{% endfor %}{% assign z = x.a[x.b] %}{{ xx }} {{ "x" }}'
  const fields = { ...FIELDS, content: { kind: 'text' as const, template_content } }
  const places = analyse(fields.content).variables.find(({ name }) => name === 'x')?.places ?? []
  const changed = changeDraft(draftOf(fields), { type: 'variable-rename', id: 'v0', name: 'input', places })
  expect(changed.text).toBe(
    'x {{ input }}{% for i in input %}{{ i }}{% endfor %}{% assign z = input.a[input.b] %}{{ xx }} {{ "x" }}',
  )
  expect(changed.variables[0]?.name).toBe('input')
})

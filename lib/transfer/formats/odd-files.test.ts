import { describe, expect, it } from 'vitest'
import { readSources } from './index.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const read = (files: Record<string, Uint8Array>) => {
  const { items, unread } = readSources(
    Object.entries(files).map(([path, bytes]) => ({ path, bytes })),
    {},
  )
  return { items, unread: unread.map(({ path }) => path) }
}

/** What came of one file. */
function outcome(path: string, bytes: Uint8Array | string) {
  const { items, unread } = read({ [path]: typeof bytes === 'string' ? utf8(bytes) : bytes })
  const [item] = items
  if (item === undefined) return { unread }
  const notes = item.notes.map(({ line, message }) => `${line ?? ''} ${message}`)
  return { kind: item.kind, format: item.format, name: item.name, notes }
}

const CHAT = '---\nname: talk\nkind: chat\n---\n@@@ system\nBe kind.\n@@@ user\n{{ q }}\n'
const messagesOf = (text: string) => {
  const [item] = read({ 'talk.md': utf8(text) }).items
  return item?.kind === 'prompt' ? item.versions[0]?.messages : undefined
}

describe('a prompt file', () => {
  const plain = messagesOf(CHAT)
  it.each([
    ['a mark of byte order', `\uFEFF${CHAT}`],
    ['line ends of Windows', CHAT.replaceAll('\n', '\r\n')],
    ['line ends of old Macs', CHAT.replaceAll('\n', '\r')],
    ['blank lines before it', `\n \n\t\n${CHAT}`],
    ['all of that', `\uFEFF${`\n\n${CHAT}`.replaceAll('\n', '\r\n')}`],
  ])('is the same with %s', (_, text) => {
    expect(plain).toHaveLength(2)
    expect(messagesOf(text)).toEqual(plain)
  })

  it('names lines as they stand behind blank ones', () => {
    expect(outcome('talk.md', `\n\n${CHAT.replace('@@@ system', '@@@ nobody')}`)).toMatchObject({
      kind: 'refused',
      notes: [expect.stringMatching(/^7 /)],
    })
  })
})

describe('a file without a text', () => {
  it.each([
    ['note.txt', ''],
    ['empty.md', '\n \n\t\n'],
    ['do-it/SKILL.md', ''],
    ['do-it/SKILL.md', '---\nname: do-it\ndescription: Does it\n---\n'],
    ['patterns/sum/system.md', '\n'],
    ['empty.prompt', '---\nmodel: m\n---\n'],
    ['empty.prompty', '---\nname: P\n---\n'],
    ['.cursor/rules/x.mdc', '---\ndescription: d\n---\n\n'],
    ['c.prompt.yml', 'model: m\nmessages:\n  - role: user\n    content: " "\n'],
    ['lf.json', '{"name":"lf","version":1,"prompt":"","type":"text","config":{},"labels":[],"tags":[]}'],
  ])('is refused: %s', (path, text) => {
    expect(outcome(path, text)).toMatchObject({
      kind: 'refused',
      notes: expect.arrayContaining([expect.stringContaining('It holds no text')]),
    })
  })
})

describe('a file in another encoding', () => {
  const texts: Record<string, string> = {
    'a.md': '---\nname: a\n---\nHi\n',
    'do-it/SKILL.md': '---\nname: do-it\n---\nHi\n',
    'g.prompt.yml': 'model: m\nmessages: []\n',
    'promptfooconfig.yaml': 'prompts: [Hi]\nproviders: [p]\n',
    'l.json': '{"lc":1}',
    't.csv': 'act,prompt\nA,B\n',
  }
  it.each(Object.keys(texts))('is refused and told: %s', (path) => {
    const text = texts[path] ?? ''
    for (const bytes of [Buffer.from(text, 'utf16le'), Buffer.concat([utf8(text), Buffer.from([0xe9])])])
      expect(outcome(path, bytes)).toMatchObject({
        kind: 'refused',
        notes: [expect.stringMatching(/^1 The file is (?:no text|not valid UTF-8)/)],
      })
  })

  it('is read where its mark says which', () => {
    const marked = (path: string) =>
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(texts[path] ?? '', 'utf16le')])
    expect(outcome('a.md', marked('a.md'))).toMatchObject({ kind: 'prompt', format: 'incipit' })
    expect(outcome('t.csv', marked('t.csv'))).toMatchObject({ kind: 'prompt', format: 'table' })
  })

  it('refuses a pattern of which half is lost', () => {
    const files = {
      'patterns/sum/system.md': utf8('Sum up.\n'),
      'patterns/sum/user.md': Buffer.from('Go\0'),
      'patterns/other/system.md': utf8('Other.\n'),
    }
    expect(read(files).items).toMatchObject([
      { kind: 'refused', name: 'sum' },
      { kind: 'prompt', name: 'other' },
    ])
  })
})

describe('a broken file', () => {
  it('is refused with its line where it seems to hold a prompt, and else told to be unread', () => {
    const langfuse = '{"name":"lf",\n"version":1,"prompt":"Hi {{who}}","type":"te'
    expect(outcome('lf.json', langfuse)).toMatchObject({
      kind: 'refused',
      notes: [expect.stringMatching(/^2 The JSON cannot be read/)],
    })
    expect(outcome('tsconfig.json', '{ // options\n"compilerOptions": {} }')).toEqual({
      unread: ['tsconfig.json'],
    })
  })

  it('is told to be unread where it is whole and empty', () => {
    expect(outcome('t.csv', 'act,prompt\n')).toEqual({ unread: ['t.csv'] })
    expect(outcome('promptfooconfig.yaml', 'prompts:\nproviders: []\n')).toEqual({
      unread: ['promptfooconfig.yaml'],
    })
  })

  it('says that its front matter has no end', () => {
    for (const path of ['a.md', 'do-it/SKILL.md', '.cursor/rules/x.mdc']) {
      const cut = outcome(path, '---\nname: a\ndescription: "It is\n\nDo it.\n')
      expect(cut).toMatchObject({
        kind: 'prompt',
        notes: expect.arrayContaining([expect.stringMatching(/^1 Its front matter has no end/)]),
      })
    }
    expect(outcome('rule.md', '---\n\nA rule of dashes stands above.\n')).toMatchObject({ notes: [] })
  })
})

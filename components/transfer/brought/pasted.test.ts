import { describe, expect, it } from 'vitest'
import { pastedPath, recognize } from './pasted.ts'

describe('a pasted text', () => {
  it.each([
    ['You help with {{ topic }}.', '.txt'],
    ['# Title\n\nYou help.', '.md'],
    ['---\nname: a\nkind: chat\n---\n@@@ system\nuser:\nYou help.', '.md'],
    ['{"name": "a", "prompt": "x"}', '.json'],
    ['[{"role": "user", "content": "x"}]', '.json'],
    ['{"name": "a"}\n{"name": "b"}', '.jsonl'],
    ['---\nmodel: x\ninput:\n  schema:\n    name: string\n---\nHi {{name}}', '.prompt'],
    ['{{role "system"}}\nYou help.', '.prompt'],
    ['---\nname: a\nmodel:\n  api: chat\n---\nsystem:\nYou help.\n\nuser:\n{{q}}', '.prompty'],
    ['name: a\nmessages:\n  - role: user\n    content: x', '.prompt.yml'],
    ['act,prompt\n"Poet","Write, please"', '.csv'],
    ['Hello, friend\nhow, are, you', '.txt'],
    ['Well, this is a sentence of a letter that goes on, and on.\nYours, me', '.txt'],
  ] as const)('%j is %s', (text, ending) => {
    expect(recognize(text)).toBe(ending)
  })

  it('becomes a file by its name, or by a number', () => {
    expect(pastedPath({ text: 'x', name: ' My / prompt ' }, 1, '.md')).toBe('My - prompt.md')
    expect(pastedPath({ text: 'x', name: '' }, 3, '.prompt.yml')).toBe('pasted-3.prompt.yml')
    const own = '---\ntitle: T\nname: "its-own"\n---\nname: other'
    expect(pastedPath({ text: own, name: 'typed' }, 1, '.md')).toBe('its-own.md')
  })
})

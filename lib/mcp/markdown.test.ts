import { describe, expect, it } from 'vitest'
import { categoryMarkdown, promptMarkdown } from './markdown.ts'

const source = {
  name: 'greet',
  version: 2,
  latest_version: 3,
  title: 'Greeting',
  description: 'Says hello.',
  category: 'communication',
  checksum: 'abc',
  labels: [{ label: 'production', version: 2 }],
  includes: [{ name: 'tone', version: 1, checksum: 'def', ref: 'tone', newer: null }],
  variables: [
    { name: 'who', type: 'string' as const, required: true, description: 'Whom to greet' },
    { name: 'style', type: 'enum' as const, required: false, enum: ['short', 'long'] },
  ],
  format: 'liquid' as const,
  template_content: 'Hello {{ who }}',
}

describe('promptMarkdown', () => {
  it('shows the facts, the variables and the text', () => {
    const text = promptMarkdown(source)
    expect(text).toContain('# Greeting\n\nSays hello.\n\n- Name: `greet`')
    expect(text).toContain('- Version: 2 (the newest is 3)')
    expect(text).toContain('- Labels: production → 2')
    expect(text).toContain('- Includes: tone@1')
    expect(text).toContain('- `who` (string, required): Whom to greet')
    expect(text).toContain('- `style` (enum, optional): One of: short, long')
    expect(text).toContain('```liquid\nHello {{ who }}\n```')
  })

  it('fences a text that has fences itself', () => {
    const text = promptMarkdown({ ...source, template_content: '````\ncode\n````\n' })
    expect(text).toContain('`````liquid\n````\ncode\n````\n`````')
  })

  it('shows the messages of a chat, pictures by their size', () => {
    const text = promptMarkdown({
      ...source,
      template_content: undefined,
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }] },
      ],
    })
    expect(text).toContain('### system\n\n```liquid\nBe kind.\n```')
    expect(text).toContain('"data": "(3 bytes)"')
  })
})

describe('categoryMarkdown', () => {
  it('lists prompts and tells that there are more', () => {
    const category = { name: 'Data', description: 'Models and queries' }
    expect(categoryMarkdown(category, [{ name: 'a', title: 'A' }], true)).toBe(
      '# Data\n\nModels and queries\n\n- `a`: A\n- … and more: search_prompts lists them.',
    )
    expect(categoryMarkdown(category, [], false)).toBe('# Data\n\nModels and queries')
  })
})

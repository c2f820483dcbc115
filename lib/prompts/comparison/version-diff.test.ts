import { describe, expect, it } from 'vitest'
import type { PromptContent } from '../content/content.ts'
import { textContent } from '../template/testing.ts'
import { type ComparedVersion, diffVersions, sourceText } from './version-diff.ts'

const version: ComparedVersion = {
  title: 'Title',
  description: null,
  content: textContent('Hello {{ a }}'),
  variables: [{ name: 'a', type: 'string', required: true }],
  config: { b: 1, a: [2] },
  publish: { prompt: true, tool: false },
}

describe('diffVersions', () => {
  it('names the parts that differ', () => {
    const changed: ComparedVersion = {
      ...version,
      title: 'New title',
      content: textContent('Hello, {{ a }}'),
      variables: [{ name: 'a', type: 'integer', required: true }],
    }
    expect(
      diffVersions(version, changed).map(({ field, added, removed }) => [field, added, removed]),
    ).toEqual([
      ['title', 1, 1],
      ['content', 1, 1],
      ['variables', 1, 1],
    ])
  })

  it('does not mind the order of keys', () => {
    expect(
      diffVersions(version, { ...version, config: { a: [2], b: 1 }, publish: { tool: false, prompt: true } }),
    ).toEqual([])
  })

  it('shows a chat as its author wrote it, without its bytes', () => {
    const chat: PromptContent = {
      kind: 'chat',
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look:' },
            { type: 'image', data: 'A'.repeat(400), mimeType: 'image/png' },
          ],
        },
      ],
    }
    const text = sourceText(chat)
    expect(text.startsWith('[system]\nBe brief.\n\n[user]\nLook:\n{')).toBe(true)
    expect(text).toContain('400 characters of base64')
    expect(text.length).toBeLessThan(250)
  })
})

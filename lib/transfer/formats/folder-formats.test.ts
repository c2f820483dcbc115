import { describe, expect, it } from 'vitest'
import { file, fixtures, readAll } from './testing.ts'

describe('skills, patterns and claude-prompts', () => {
  it('keeps the body of a skill literal, reads a head that is no YAML, and names the files beside it', () => {
    const { prompt, unread } = readAll(fixtures('skills'))
    const { version, notes } = prompt('release-notes')
    expect(version).toMatchObject({
      format: 'text',
      config: { skill: { license: 'MIT', 'allowed-tools': 'Read, Grep' } },
    })
    expect(version.template_content).toContain('{% raw %} where it is')
    expect(version.description).toContain('Use when: a version is tagged')
    expect(notes).toMatchObject([{ line: 3 }, { message: expect.stringContaining('references/style.md') }])
    expect(unread).toEqual([])
  })

  it('reads a skill at the top without taking the files around it', () => {
    const { prompt, unread } = readAll([
      file('SKILL.md', '---\nname: top\ndescription: x\n---\nDo it.'),
      file('scripts/a.py', 'x'),
      file('other.json', '{}'),
    ])
    expect(prompt('top').version.template_content).toBe('Do it.')
    expect(unread).toEqual(['other.json'])
  })

  it('reads patterns, with words of the user where there are any', () => {
    const { prompt, unread } = readAll(fixtures('fabric'))
    expect(prompt('weigh_claims').version.messages).toMatchObject([
      { role: 'system' },
      { role: 'user', content: 'CONTENT:' },
    ])
    expect(prompt('draft_reply').version).toMatchObject({ format: 'text' })
    expect(unread).toEqual([])
  })

  it('reads claude-prompts with the texts beside them, and the older form in Markdown', () => {
    const { prompt } = readAll(fixtures('claude-prompts'))
    const { version, category } = prompt('outline')
    expect(category).toBe('writing')
    expect(version).toMatchObject({
      title: 'Outline a text',
      description: 'Makes an outline of a text.',
      messages: [{ role: 'system' }, { role: 'user' }],
    })
    expect(version.variables).toMatchObject([
      { name: 'topic', required: true },
      { name: 'depth', type: 'number', default: 2 },
    ])
    expect(version.config).toEqual({ 'claude-prompts': { gateConfiguration: { include: ['clarity'] } } })
    expect(prompt('older').version.messages).toMatchObject([
      { role: 'system', content: 'You explain.' },
      { role: 'user', content: 'Explain {{ thing }} please.' },
    ])
    expect(prompt('inline').version.template_content).toBe('Name three of {{ things }}.')
  })

  it('reads the older form of claude-prompts with its list, and what that names and is not there', () => {
    const { prompt, refused, unread } = readAll(fixtures('claude-prompts-list'))
    const { version, category, origin } = prompt('tidy_notes')
    expect({ category, path: origin.path }).toEqual({ category: 'notes', path: 'notes/tidy_notes.md' })
    expect(version).toMatchObject({
      title: 'Tidy notes',
      description: 'Puts notes in order.',
      variables: [
        { name: 'notes', required: true, description: 'What was written down' },
        { name: 'tone', required: false },
      ],
      config: { 'claude-prompts': { gates: ['clarity'] } },
    })
    expect(refused('sort_mail')).toMatchObject({
      origin: { path: 'notes/prompts.json' },
      notes: [{ line: 15, message: expect.stringContaining('notes/sort_mail.md') }],
    })
    expect(prompt('plain_page')).toMatchObject({
      category: 'notes',
      versions: [
        {
          description: 'Says what a page is about.',
          template_content:
            'What is {{ page }} about?\n\n## Arguments\n- page: Where it stands\n\n## Form of the answer\nOne sentence.',
          variables: [{ name: 'page', description: 'Where it stands' }],
        },
      ],
    })
    expect(unread).toEqual(['promptsConfig.json'])
  })

  it('refuses a prompt whose text did not come along, with the line that names it', () => {
    const { refused } = readAll([file('a/prompt.yaml', 'id: a\nname: A\nuserMessageTemplateFile: gone.md\n')])
    expect(refused('a').notes).toMatchObject([{ line: 3, message: expect.stringContaining('gone.md') }])
  })
})

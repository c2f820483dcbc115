import { describe, expect, it } from 'vitest'
import { file, fixtures, readAll } from './testing.ts'

describe('Markdown and text files', () => {
  const read = readAll(fixtures('texts'))

  it('takes front matter as fields, and keeps what has no place', () => {
    const { version, tags, category } = read.prompt('apology')
    expect(version).toMatchObject({
      title: 'An apology',
      description: 'Says sorry',
      config: { model: 'gpt-4o', front_matter: { author: 'Ada' } },
    })
    expect(version.template_content).toBe('Say sorry to {{ name }} for {{ reason }}.\n')
    expect({ tags, category }).toEqual({ tags: ['letters', 'sorry'], category: 'letters' })
  })

  it('takes lines of dashes that hold no fields as text', () => {
    expect(read.prompt('rule').version.template_content).toBe(
      '---\nA line between rules\n---\nWrite plainly.\n',
    )
  })

  it('leaves braces that are code as they are', () => {
    expect(read.prompt('documentation').version).toMatchObject({
      format: 'text',
      title: 'How workflows are written',
    })
  })

  it('reads the language that a text is in, or that its end names', () => {
    expect(read.prompt('fstring').version.template_content).toContain('Answer {{ question }}')
    expect(read.prompt('letter').version.template_content).toContain('Dear')
    expect(read.prompt('list').version.template_content).toContain('{{ forloop.index }}')
    expect(read.prompt('chat').version.messages).toMatchObject([
      { role: 'system' },
      { role: 'user', content: '{{ q }}' },
    ])
  })

  it('makes a loop that writes messages a place for them, and says what its items are here', () => {
    const { version, notes } = read.prompt('flow')
    expect(version.messages).toMatchObject([
      { role: 'system' },
      { type: 'placeholder', name: 'chat_history' },
      { role: 'user' },
    ])
    expect(notes).toMatchObject([{ line: 1 }, { line: 4, message: expect.stringContaining('chat_history') }])
  })

  it('keeps a talk whose conditions span messages as one text', () => {
    const text = 'system:\nYou help.\n\n{% if a %}\nuser:\n{{ q }}\n{% endif %}'
    expect(readAll([file('a.j2', text)]).prompt('a').version.template_content).toContain('user:')
  })

  it('puts templates together that stand beside each other', () => {
    const { prompt, refused } = readAll([
      file('mail/main.j2', '{% include "parts/rules.j2" %} {{ q }}'),
      file('mail/parts/rules.j2', 'Rules for {{ who }}.'),
      file('mail/base.j2', 'A {% block b %}b{% endblock %}'),
      file('mail/child.j2', '{% extends "base.j2" %}{% block b %}c {{ z }}{% endblock %}'),
      file('mail/letter.hbs', '{{> tone}}'),
      file('mail/_tone.hbs', 'Be {{how}}.'),
      file('one/same.j2', 'One'),
      file('two/same.j2', 'Two'),
      file('unsure.j2', '{% include "one/same.j2" %}'),
    ])
    expect(prompt('mail').version.template_content).toBe('{% render "rules", who: who %} {{ q }}')
    expect(prompt('child').version.template_content).toBe('A c {{ z }}')
    expect(prompt('letter').version.template_content).toBe('{% render "tone", how: how %}')
    expect(refused('unsure').notes).toMatchObject([{ line: 1 }])
  })

  it.each([
    ['a form that a model fills in', 'Report {phase}:\n{why — in a sentence}'],
    ['shell', 'Run ${BASE:-main} for {phase}.'],
    ['code', 'Answer {phase}.\n```js\nsend({ error: 1 })\n```'],
  ])('takes no words in braces for variables where others are none: %s', (_, text) => {
    const { version } = readAll([file('a.md', text)]).prompt('a')
    expect(version).toEqual({ template_content: text })
  })

  it('takes them beside JSON, which many leave as it is', () => {
    const { version } = readAll([file('a.txt', 'Answer {question} as {"answer": "…"}.')]).prompt('a')
    expect(version.template_content).toBe('Answer {{ question }} as {"answer": "…"}.')
  })

  it('takes parts of a value for what they are, and the title from where the text begins', () => {
    const { version } = readAll([file('a.md', 'For {{ user.name }}.\n\n# Part\nx')]).prompt('a')
    expect(version).toEqual({
      template_content: 'For {{ user.name }}.\n\n# Part\nx',
      variables: [{ name: 'user', type: 'object', required: true }],
    })
    expect(readAll([file('a.md', '<!-- note -->\n# Title\nx')]).prompt('a').version.title).toBe('Title')
  })

  it('takes a prompt for what it is called, where only the top has such files of a repository', () => {
    const files = ['roadmap.md', 'prompts/plan/roadmap.md', 'prompts/plan/README.md', 'a/requirements.txt']
    const { items } = readAll(files.map((path) => file(path, 'Plan it.')))
    expect(items.map(({ origin }) => origin.path)).toEqual(['prompts/plan/roadmap.md'])
  })

  it('knows roles behind several signs of a heading, and loops in loops that write them', () => {
    const text =
      '# # system:\nYou help.\n{% for item in past %}\n# # user:\n{{ item.q }}\n{% for each in item.all %}\n# # assistant:\n{{ each }}\n{% endfor %}\n{% endfor %}\n# # user:\n{{ q }}'
    expect(readAll([file('a.jinja2', text)]).prompt('a').version.messages).toMatchObject([
      { role: 'system', content: 'You help.' },
      { type: 'placeholder', name: 'past' },
      { role: 'user', content: '{{ q }}' },
    ])
  })

  it('knows where a text stands in its file that stays as it is', () => {
    const { places } = readAll([file('a.md', '---\ntitle: T\n---\n{% render "other" %}\n')]).prompt('a')
    expect(places).toEqual([{ path: ['template_content'], line: 4 }])
  })

  it('reads UTF-16 with its mark, and refuses what is no text', () => {
    expect(read.prompt('utf16').version.template_content).toBe('Hi')
    expect(read.refused('binary').notes).toMatchObject([{ line: 1 }])
  })

  it('leaves README alone, unless somebody brings it alone', () => {
    expect(read.unread).toEqual(['README.md'])
    expect(readAll([file('README.md', 'You help.')]).items).toHaveLength(1)
  })

  it('keeps a text whose language was guessed wrong as it is', () => {
    const { version, notes } = readAll([file('a.txt', 'Say {% frobnicate %} to {{ name }}.')]).prompt('a')
    expect(version).toMatchObject({ template_content: 'Say {% frobnicate %} to {{ name }}.', format: 'text' })
    expect(notes[0]?.message).toContain('stays as it is')
  })
})

describe('tables', () => {
  it('reads lists of prompts of the well-known kind, with places and their defaults', () => {
    const { prompt } = readAll(fixtures('tables'))
    const { version, origin } = prompt('Linux Terminal')
    expect(origin).toMatchObject({ path: 'awesome.csv', line: 2 })
    expect(version).toMatchObject({ title: 'Linux Terminal', config: { table: { contributor: 'ada' } } })
    expect(version.template_content).toContain('as a "terminal"')
    expect(prompt('Interviewer').version.variables).toEqual([
      { name: 'Position', type: 'string', default: 'Software Developer', required: false },
    ])
    expect(prompt('Interviewer').origin.line).toBe(4)
  })

  it('guesses columns and separators, and names what is wrong with its line', () => {
    const { prompt, refused } = readAll(fixtures('tables'))
    expect(prompt('Short note')).toMatchObject({ category: 'letters', tags: ['mail', 'short'] })
    expect(refused('Empty').notes).toMatchObject([{ line: 3 }])
    expect(refused('lines-3').notes).toMatchObject([{ line: 3 }])
    expect(prompt('lines-2').version.messages).toHaveLength(3)
    expect(prompt('First').version.template_content).toBe('Text of the first')
  })

  it('takes the columns that somebody chooses, and says which there are', () => {
    const table = file('t.csv', 'Wer,Was\nAda,Sag {{ wort }}\n')
    const { prompt } = readAll([table], { columns: { name: 'Wer', text: 'Was' } })
    expect(prompt('Ada').version.template_content).toBe('Sag {{ wort }}')
    expect(readAll([table], { columns: { text: 'Nix' } }).refused('t').notes[0]?.message).toContain(
      'it has Wer, Was',
    )
    expect(readAll([table]).refused('t').notes[0]?.message).toContain('Choose them with "columns"')
  })

  it('says where a quote opens that never closes', () => {
    const { items } = readAll([file('t.csv', 'name,prompt\na,b\nc,"d\ne')])
    expect(items.at(-1)).toMatchObject({ kind: 'refused', notes: [{ line: 3 }] })
  })

  it('gives two rows of one name a place each', () => {
    const { items } = readAll([file('t.csv', 'name,prompt\na,b\na,c')])
    expect(items.map(({ origin }) => origin.entry)).toEqual(['a', 'a (2)'])
  })
})

describe('rules and commands of coding agents', () => {
  const read = readAll(fixtures('agents'))

  it('makes places for arguments variables, and leaves prices and braces as they are', () => {
    const { version, notes } = read.prompt('fix')
    expect(version.template_content).toMatch(
      /^Fix issue \{\{ argument_1 \}\} with the priority \{\{ argument_2 \}\}\. All: \{\{ arguments \}\}/,
    )
    expect(version.template_content).toContain('$5,000 and {{ braces }} stay')
    expect(version.config).toMatchObject({ model: 'opus' })
    expect(notes.at(-1)?.message).toContain('run a command')
  })

  it('keeps rules literal, and reads inputs of prompt files', () => {
    expect(read.prompt('style').version).toMatchObject({
      format: 'text',
      config: { cursor: { globs: '*.ts,*.tsx' } },
    })
    expect(read.prompt('page').version.variables).toMatchObject([
      { name: 'pageName', description: 'MyPage' },
      { name: 'selection' },
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { threadMs } from '../../testing/time/processor-time.ts'
import { FORMATS, readSources } from './index.ts'
import { file, fixtures, readAll } from './testing.ts'

/** For some hundred kilobytes in ten forms: what grows with the square takes many times as long. */
const MOST_MS = 2_000

describe('files that hold no prompt', () => {
  it('are unread, by name', () => {
    const { items, unread } = readAll(fixtures('others'))
    expect(items).toEqual([])
    expect(unread).toEqual(fixtures('others').map(({ path }) => path))
  })

  it('are unread when they are broken, too', () => {
    const broken = [file('a.json', '{"a": '), file('b.yaml', 'a: [\n'), file('c.bin', '\0')]
    expect(readAll(broken)).toMatchObject({ items: [], unread: ['a.json', 'b.yaml', 'c.bin'] })
  })
})

describe('prompt files of other names', () => {
  const chat = '---\nname: greet\nkind: chat\n---\n@@@ system\nBe kind\n'
  it('are known by what no other form says', () => {
    const { prompt } = readAll([file('greet (1).md', chat)])
    expect(prompt('greet').version.messages).toEqual([{ role: 'system', content: 'Be kind' }])
  })

  it.each([
    [
      'in another language',
      'Use {{#if db}}{{db}}{{/if}}.',
      'Use {% if db.size > 0 %}{{ db }}{% endif %}.',
      undefined,
    ],
    ['with braces in code alone', 'Write\n```js\nconst a = "{{ name }}"\n```', undefined, 'text'],
  ])('are not those of agents, which have a name and a description, too: %s', (_, body, text, format) => {
    const head = '---\r\nname: helper\r\ndescription: Helps\r\n---\r\n'
    const { items, prompt } = readAll([file('helper.md', head + body.replaceAll('\n', '\r\n'))])
    expect(items[0]?.format).toBe('text')
    expect(prompt('helper').version).toMatchObject({ template_content: text ?? body, description: 'Helps' })
    expect(prompt('helper').version.format).toBe(format)
  })

  it('are ours with a fault in them, too, which is told when they are saved', () => {
    const text = '---\nname: letter\n---\nDear {{ who\n'
    expect(readSources([file('letter.md', text)], {}).items[0]?.format).toBe('incipit')
  })

  it('are not those that stand where agents keep theirs', () => {
    const text = '---\nname: helper\ndescription: Helps\n---\nHelp.\n'
    expect(readAll([file('.claude/agents/helper.md', text)]).items[0]?.format).toBe('agent-files')
    expect(readAll([file('agents/helper.md', text)]).items[0]?.format).toBe('incipit')
  })

  it('are read where somebody says what they are', () => {
    const text = '---\nname: greet\nvariables: [who]\n---\nHi {{ who }}\n'
    const { prompt } = readAll([file('copy.md', text)], { format: 'incipit' })
    expect(prompt('greet').version).toMatchObject({ variables: [{ name: 'who' }], config: {} })
  })
})

describe('tables of more rows than an import takes', () => {
  const row = (index: number) => ({ name: `n${index}`, prompt: 'x' })
  const rows = Array.from({ length: 10_003 }, (_, index) => row(index))
  it.each([
    ['t.jsonl', rows.map((each) => JSON.stringify(each)).join('\n')],
    ['t.json', JSON.stringify(rows)],
    ['t.csv', `name,prompt\n${rows.map(({ name }) => `${name},x`).join('\n')}`],
  ])('say so: %s', (name, text) => {
    const { items } = readSources([file(name, text)], {})
    expect(items.filter(({ kind }) => kind === 'refused').map(({ notes }) => notes[0]?.message)).toEqual([
      expect.stringContaining('rows of a table are read'),
    ])
  })
})

describe('hostile files', () => {
  const laughs = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
    .split('')
    .map(
      (name, index) =>
        `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefghi'[index]}`).join(',')}]`,
    )
    .join('\n')}\nmessages: *i\n`

  it.each([
    ['aliases within aliases', laughs],
    ['a tag of its own', 'messages: !!js/function "function () {}"\n'],
    ['a megabyte of YAML', `messages:\n  - role: user\n    content: "${'x'.repeat(1_100_000)}"\n`],
    ['brackets without end', `messages: ${'['.repeat(100_000)}\n`],
    ['a key twice', 'messages: []\nmessages: []\n'],
  ])('with %s are refused', (_, text) => {
    const read = () => readAll([file('x.prompt.yml', text)])
    expect(read().refused('x').notes[0]?.message).toMatch(/YAML/)
    expect(threadMs(read, MOST_MS)).toBeLessThan(MOST_MS)
  })

  it('give no prototype', () => {
    const { items } = readAll([
      file('x.prompt.yml', 'messages:\n  - role: user\n    content: hi\n__proto__: {polluted: yes}\n'),
    ])
    expect(items).toHaveLength(1)
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  it.each(['constructor', '__proto__', 'valueOf.hasOwnProperty'])(
    'called %s are read like others',
    (name) => {
      const lines = JSON.stringify({
        name,
        prompt: 'x',
        model: name,
        messages: [{ role: name, content: name }],
      })
      const { items } = readAll([
        file(`${name}.md`, `---\n${name}: 1\n---\nHi {{ who }}`),
        file(`${name}.jsonl`, lines),
        file(`${name}.prompt`, `---\nmodel: x\ninput: {schema: {a: ${name}}}\n---\nx`),
        file(`${name}.prompty`, `---\nname: x\ninputs: {a: {type: ${name}}}\n---\nuser:\nx`),
        file(`${name}.yaml`, `template_format: ${name}\ntemplate: x\n_type: prompt\n`),
      ])
      expect(items.length).toBeGreaterThan(3)
      expect(JSON.stringify(items)).not.toContain('native code')
    },
  )

  it.each('{ % [ < # $ - : "'.split(' '))('of 200,000 %s are read in time', (sign) => {
    const text = sign.repeat(200_000)
    const files = [
      'a.txt',
      'a.md',
      'a.prompt',
      'a.prompty',
      'a.csv',
      'a.json',
      'a.yaml',
      'b.prompt.yml',
      'x/skprompt.txt',
      'SKILL.md',
    ].map((name) => file(name, text))
    expect(threadMs(() => readSources(files, {}), MOST_MS)).toBeLessThan(MOST_MS)
  })
})

describe('patterns that search', () => {
  it.each([
    ['{# without end', '{#'],
    ['tags without end', '{% for a in b %} "role": '],
    ['messages that never close', '<message role="user">'],
    ['spaces', '{{ a }} {% for a in b %}          '],
    ['lines of spaces', '            \n'],
    ['role lines', 'system:\n'],
    ['front matter', '---\n'],
    ['placeholders', '@@@langfusePrompt:name='],
    ['places', '${input:a:'],
  ])('over %s end in time', (_, piece) => {
    const text = piece.repeat(Math.ceil(300_000 / piece.length))
    const names = [
      'a.md',
      'b.hbs',
      'c.prompt',
      'd.prompty',
      'e/commands/f.md',
      'f.prompt.md',
      'g/skprompt.txt',
      'h.mdc',
    ]
    const files = [
      ...names.map((name) => file(name, text)),
      file('x.json', `[${text}`),
      file('y.yaml', `template: |\n  {{$a}} ${text.replaceAll('\n', '\n  ')}\n`),
    ]
    expect(threadMs(() => readSources(files, {}), MOST_MS)).toBeLessThan(MOST_MS)
  })

  it('over names of files end in time', () => {
    const files = [
      file(`requirements${'_a'.repeat(100)}!.txt`, 'x'),
      file('promptfooconfig.yaml', `prompts: file://${'*a'.repeat(40)}b.txt\ntests: []\n`),
      file(`${'a'.repeat(900)}.txt`, 'x'),
    ]
    expect(threadMs(() => readAll(files), MOST_MS)).toBeLessThan(MOST_MS)
  })
})

describe('names', () => {
  const prompty = (path: string) => file(path, '---\nname: Basic Prompt\n---\nsystem:\nHi\n')

  it('are distinct: others of one name are named after their file, then their folder', () => {
    const { items } = readAll([
      prompty('a/one.prompty'),
      prompty('a/two.prompty'),
      prompty('b/two.prompty'),
      prompty('b/two.prompty'),
    ])
    expect(items.map(({ name }) => name)).toEqual(['Basic Prompt', 'two', 'b-Basic Prompt', 'b-two'])
    expect(items[1]?.notes.at(-1)?.message).toContain('becomes "two"')
  })

  it('of files that say nothing are those of their folders', () => {
    const { items } = readAll([
      file('qa/stuff/prompt.json', '{"template": "{x}", "template_format": "f-string"}'),
      file('letters/prompt.md', 'Hi'),
    ])
    expect(items.map(({ name }) => name).sort()).toEqual(['letters', 'stuff'])
  })
})

describe('the table of formats', () => {
  it('gives each form its own name', () => {
    const ids = FORMATS.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('reads every file as the form that somebody names', () => {
    const { items, unread } = readAll([file('a.md', 'Hi {{ x }}'), file('b.csv', 'name,prompt\na,b')], {
      format: 'text',
    })
    expect(items).toHaveLength(1)
    expect(unread).toEqual(['b.csv'])
  })

  it('says of each item in what form it came', () => {
    expect(readAll([...fixtures('mcp'), ...fixtures('prompty')]).items.map(({ format }) => format)).toContain(
      'prompty',
    )
  })
})

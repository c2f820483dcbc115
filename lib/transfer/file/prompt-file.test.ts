import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PromptMessage } from '../../prompts/content/content.ts'
import { splitFile } from './front-matter.ts'
import { type PromptFile, PromptFileError } from './prompt-file.ts'
import { isPromptFile, readPromptFile } from './read-prompt-file.ts'
import { writePromptFile } from './write-prompt-file.ts'

const HOSTILE = [
  '',
  '---',
  '---\n',
  '\n---\nname: other\n---\n',
  'a\r\nb\r',
  '\uFEFFstart',
  '@@@ user',
  '@@@@ x\n@@@',
  'trailing \n\n\n',
  '  \t',
  '👩‍👩‍👧 \u2028\u0085\u00a0',
  '# no comment: yes',
  '{% raw %}{{{% endraw %}',
  '| \n > - ? : & * ! % @ `',
  'true',
  '012',
  'null',
  '\u0001\u001b',
]
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.array(fc.constantFrom(...HOSTILE), { maxLength: 4 }).map((parts) => parts.join('\n')),
  fc.constantFrom(...HOSTILE),
)
const said = text.filter((each) => each !== '')
const name = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,20}$/)
const json = fc.jsonValue({ depthSize: 'small' }).map((value) => JSON.parse(JSON.stringify(value)))
const part = fc.oneof(
  fc.record(
    { type: fc.constant('text' as const), text, annotations: fc.constant({ priority: 0.5 }) },
    { requiredKeys: ['type', 'text'] },
  ),
  fc.record({ type: fc.constant('resource' as const), resource: fc.record({ uri: said, text }) }),
)
const message: fc.Arbitrary<PromptMessage> = fc.oneof(
  fc.record({
    role: fc.constantFrom('system' as const, 'user' as const, 'assistant' as const),
    content: fc.oneof(text, fc.array(part, { minLength: 1, maxLength: 3 })),
  }),
  fc.record(
    {
      type: fc.constant('placeholder' as const),
      name: fc.constantFrom('history', 'more'),
      required: fc.boolean(),
    },
    { requiredKeys: ['type', 'name'] },
  ),
)
const fields = fc.record(
  {
    name,
    title: said,
    description: said,
    category: name,
    tags: fc.array(said, { minLength: 1, maxLength: 3 }),
    aliases: fc.array(name, { minLength: 1, maxLength: 2 }),
    format: fc.constant('text' as const),
    variables: fc.array(
      fc.record({ name, description: said, default: json, pattern: said }, { requiredKeys: ['name'] }),
      { maxLength: 3 },
    ),
    config: fc.dictionary(said, json, { minKeys: 1, maxKeys: 3 }),
    publish: fc.constantFrom({ tool: true }, { prompt: false }, { prompt: false, tool: true }),
    labels: fc.array(name, { maxLength: 2 }),
    message: said,
  },
  { requiredKeys: ['name'] },
)
const prompt: fc.Arbitrary<PromptFile> = fc.oneof(
  fc.tuple(fields, text).map(([head, template_content]) => ({ ...head, template_content })),
  fc
    .tuple(fields, fc.array(message, { minLength: 1, maxLength: 4 }))
    .map(([head, messages]) => ({ ...head, messages })),
)

function errorOf(file: string): { line: number; message: string } {
  try {
    readPromptFile(file)
  } catch (error) {
    if (error instanceof PromptFileError) return { line: error.line, message: error.message }
    throw error
  }
  throw new Error('it was read')
}

describe('a prompt as a file', () => {
  it('is the same prompt when it is read, and the same bytes when it is written again', () => {
    fc.assert(
      fc.property(prompt, (given) => {
        const file = writePromptFile(given)
        const read = readPromptFile(file).prompt
        expect(read).toEqual(given)
        expect(writePromptFile(read)).toBe(file)
        expect(Buffer.from(file).toString()).toBe(file)
      }),
      { numRuns: 1500 },
    )
  })

  it('has one line end after its text, and nothing at its default', () => {
    const file = writePromptFile({
      name: 'greeting',
      title: '',
      tags: [],
      variables: [
        { name: 'who', type: 'string', required: true },
        { name: 'tone', type: 'string', required: false, default: 'warm' },
      ],
      publish: { prompt: true, tool: false },
      template_content: 'Hello {{ who }}!\n',
    })
    expect(file).toBe(
      '---\nname: greeting\nvariables:\n  - name: who\n  - name: tone\n    default: warm\n---\nHello {{ who }}!\n\n',
    )
  })

  it('has a marker line before each message, and a longer one where a text begins with it', () => {
    const messages: PromptMessage[] = [
      { role: 'system', content: 'Be kind.' },
      { type: 'placeholder', name: 'history', required: false },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look:' },
          { type: 'image', data: 'aGk=', mimeType: 'image/png' },
        ],
      },
    ]
    expect(writePromptFile({ name: 'a', messages })).toBe(
      '---\nname: a\nkind: chat\n---\n@@@ system\nBe kind.\n@@@ placeholder history optional\n@@@ user\n@@@ part text\nLook:\n@@@ part {"type":"image","data":"aGk=","mimeType":"image/png"}\n',
    )
    expect(writePromptFile({ name: 'a', messages: [{ role: 'user', content: 'x\n@@@@ y' }] })).toBe(
      '---\nname: a\nkind: chat\nmarker: "@@@@@"\n---\n@@@@@ user\nx\n@@@@ y\n',
    )
  })

  it('is read as others leave it: a byte order mark, CRLF, names of variables, no line end', () => {
    const file = '\uFEFF---\r\nname: a\r\nvariables: [who]\r\ntitle:\r\n---\r\nHello {{ who }}\r\nand all'
    expect(readPromptFile(file)).toEqual({
      prompt: { name: 'a', variables: [{ name: 'who' }], template_content: 'Hello {{ who }}\nand all' },
      places: [{ path: ['template_content'], line: 6 }],
    })
    expect(readPromptFile('---\n---', 'from_its_file').prompt).toEqual({
      name: 'from_its_file',
      template_content: '',
    })
  })

  it('says where its texts begin', () => {
    const file =
      '---\nname: a\nkind: chat\n---\n@@@ system\nBe kind.\nAnd short.\n@@@ user\n@@@ part text\nx\n'
    expect(readPromptFile(file).places).toEqual([
      { path: ['messages', 0, 'content'], line: 6 },
      { path: ['messages', 1, 'content', 0, 'text'], line: 10 },
    ])
  })

  it.each([
    ['no front matter', 'Hello', 1, 'begins with a line'],
    ['no end', '---\nname: a\nHello', 1, 'has no end'],
    ['broken YAML', '---\nname: a\ntags: a: b\n---\nx', 3, 'no YAML'],
    ['a field twice', '---\nname: a\nname: b\n---\nx', 3, 'unique'],
    ['an unknown field', '---\nname: a\ntitel: b\n---\nx', 3, '"titel" is no field'],
    ['a name that is a number', '---\nname: 12\n---\nx', 2, 'put it in quotes'],
    ['tags that are a text', '---\nname: a\ntags: b\n---\nx', 3, 'is a list'],
    ['another kind', '---\nname: a\nkind: poem\n---\nx', 3, 'text, chat'],
    ['a chat without a message', '---\nname: a\nkind: chat\n---\nx', 5, 'begins with a message'],
    ['an unknown role', '---\nname: a\nkind: chat\n---\n@@@ robot\nx', 5, 'is no marker'],
    ['a part of nothing', '---\nname: a\nkind: chat\n---\n@@@ user\nx\n@@@ part text\ny', 7, 'right below'],
    ['a part that is no JSON', '---\nname: a\nkind: chat\n---\n@@@ user\n@@@ part {', 6, 'JSON on its line'],
    ['a text below a placeholder', '---\nname: a\nkind: chat\n---\n@@@ placeholder h\nx', 6, 'No text'],
    ['a variable without a name', '---\nname: a\nvariables: [{type: string}]\n---\nx', 3, 'with its name'],
    ['nothing but brackets', `---\nname: ${'['.repeat(20_000)}\n---\nx`, 2, ''],
    [
      'aliases that multiply',
      `---\na: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b]\n---\nx`,
      2,
      'aliases',
    ],
  ])('is refused with its line: %s', (_, file, line, message) => {
    const error = errorOf(file)
    expect(error.line).toBe(line)
    expect(error.message).toContain(message)
  })

  it('is one for sure when all its fields are ours and it has the name of its file', () => {
    const isOurs = (text: string, name: string) => {
      const parts = splitFile(text)
      return parts !== undefined && isPromptFile(parts, name)
    }
    expect(isOurs('---\nname: a\n---\nx', 'a')).toBe(true)
    expect(isOurs('---\nname: a\n---\nx', 'b')).toBe(false)
    expect(isOurs('---\nname: a\nallowed-tools: x\n---\nx', 'a')).toBe(false)
    expect(isOurs('# a', 'a')).toBe(false)
  })
})

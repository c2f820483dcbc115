import { Dotprompt } from 'dotprompt'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { contentFrom } from '../../../prompts/content/content.ts'
import { compilePrompt, renderPrompt } from '../../../prompts/template.ts'
import { withPlaceholders } from '../../../prompts/variables/messages.ts'
import { declareVariables } from '../../../prompts/variables/variables.ts'
import type { SourceVersion } from '../../source.ts'
import { file, readAll } from '../testing.ts'

const HEAD = `---
model: test/model
input:
  schema:
    name: string, who it is for
    topic?: string
    link: string
    flag: boolean
    count: integer
    tags(array): string
    items(array):
      title: string
      done: boolean
    user:
      title: string
---
`
const PARTIAL = 'Rules for {{name}}{{#if topic}} on {{topic}}{{/if}}.'
const HISTORY = [
  { role: 'user' as const, content: [{ text: 'Before' }] },
  { role: 'model' as const, content: [{ text: 'After' }] },
]

const scrap = fc.constantFrom(
  'a',
  'Hello ',
  '\n',
  '\n\n',
  '  ',
  ' \n',
  '- ',
  '{',
  '}',
  '{% if %}',
  '{"k": 1}',
  '{{! note }}',
)
const text = fc.constantFrom('name', 'topic', 'user.title')
const test = fc.constantFrom('name', 'topic', 'flag', 'count', 'tags', 'items')
const output = fc.oneof(
  text.map((name) => `{{${name}}}`),
  text.map((name) => `{{{${name}}}}`),
  fc.constantFrom(
    '{{count}}',
    '{{json user}}',
    '{{json tags}}',
    '{{json items indent=2}}',
    '{{~name~}}',
    '\\{{name}}',
    '{{>rules}}',
    '{{> rules name="Ada"}}',
  ),
)

function inner(depth: number): fc.Arbitrary<string> {
  const parts = fc.oneof(scrap, output, depth > 0 ? block(depth - 1) : scrap)
  return fc.array(parts, { maxLength: 4 }).map((each) => each.join(''))
}

function block(depth: number): fc.Arbitrary<string> {
  const body = inner(depth)
  const line = fc.constantFrom('', '\n')
  return fc.oneof(
    fc
      .tuple(fc.constantFrom('if', 'unless'), test, body, body, line)
      .map(
        ([word, of, then, other, end]) =>
          `{{#${word} ${of}}}${end}${then}{{else}}${end}${other}{{/${word}}}${end}`,
      ),
    fc
      .tuple(fc.constantFrom('ifEquals', 'unlessEquals'), body, body, line)
      .map(
        ([word, then, other, end]) =>
          `{{#${word} name "Ada"}}${end}${then}{{else}}${other}{{/${word}}}${end}`,
      ),
    fc
      .tuple(line)
      .map(
        ([end]) => `{{#each tags}}${end}{{@index}}: {{this}}{{#unless @last}}, {{/unless}}${end}{{/each}}`,
      ),
    fc
      .tuple(line)
      .map(
        ([end]) => `{{#each items}}${end}- {{title}}{{#if done}} done{{/if}} {{@root.name}}${end}{{/each}}`,
      ),
    fc.constantFrom('{{#with user}}{{title}}{{/with}}'),
  )
}

const marks = fc.constantFrom(
  '{{role "system"}}',
  '{{role "user"}}\n',
  '\n{{role "model"}}\n',
  '{{role "user" purpose="preamble"}}',
  '{{history}}',
  'x{{section "code"}}y',
  'See {{media url=link contentType="image/png"}} there',
)
const template = fc
  .array(fc.oneof({ weight: 3, arbitrary: inner(2) }, { weight: 1, arbitrary: marks }), {
    minLength: 1,
    maxLength: 7,
  })
  .map((parts) => parts.join(''))
  // The talk so far stands in a prompt once.
  .filter((made) => made.split('{{history}}').length < 3)

const word = fc.constantFrom('', 'Ada', 'two words', 'line\nbreak', '<b>&"', '{{ x }}', '😀', '0')
const values = fc.record({
  name: word,
  topic: word,
  link: fc.constantFrom('https://a.example/b.png', 'data:image/png;base64,AA=='),
  flag: fc.boolean(),
  count: fc.constantFrom(0, 1, 12),
  tags: fc.array(word, { maxLength: 3 }),
  items: fc.array(fc.record({ title: word, done: fc.boolean() }), { maxLength: 2 }),
  user: fc.record({ title: word }),
})

interface Said {
  role: string
  text: string
}

/** What is said, as one line for each message; both leave white space alone out. */
function told(messages: readonly Said[]): Said[] {
  return messages.filter(({ text: each }) => each.trim() !== '')
}

/** As dotprompt itself renders it; a picture is its address, as here. */
async function there(source: string, input: Record<string, unknown>): Promise<Said[]> {
  const engine = new Dotprompt({ partials: { rules: PARTIAL } })
  const data = { input, ...(source.includes('{{history}}') ? { messages: HISTORY } : {}) }
  const { messages } = await engine.render(source, data)
  return messages.map(({ role, content }) => ({
    role: role === 'model' ? 'assistant' : role,
    text: content
      .map((part) => ('text' in part ? part.text : 'media' in part ? (part.media?.url ?? '') : ''))
      .join(''),
  }))
}

function compiled(version: SourceVersion, partial: SourceVersion) {
  const included = {
    name: 'rules',
    version: 1,
    text: partial.template_content ?? '',
    variables: declareVariables(partial.variables ?? []),
    includes: new Map(),
  }
  const content = contentFrom(version)
  return compilePrompt({
    content,
    variables: withPlaceholders(declareVariables(version.variables ?? []), content),
    includes: new Map([['rules', included]]),
  })
}

function here(version: SourceVersion, partial: SourceVersion, input: Record<string, unknown>): Said[] {
  const names = new Set((version.variables ?? []).map(({ name }) => name))
  const given = Object.fromEntries(Object.entries(input).filter(([name]) => names.has(name)))
  const isTalk = version.messages?.some((message) => 'type' in message) === true
  const history = [
    { role: 'user', content: 'Before' },
    { role: 'assistant', content: 'After' },
  ]
  const { messages } = renderPrompt(compiled(version, partial), { ...given, ...(isTalk ? { history } : {}) })
  return messages.map(({ role, content }) => ({ role, text: typeof content === 'string' ? content : '' }))
}

it('renders what dotprompt renders: roles, the talk so far, partials, helpers', async () => {
  const tally = { same: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(template, values, async (body, input) => {
      const source = `${HEAD}${body}`
      const { items, prompt } = readAll([file('main.prompt', source), file('_rules.prompt', PARTIAL)])
      const wanted = await there(source, input).catch(() => undefined)
      if (wanted === undefined || items.find(({ name }) => name === 'main')?.kind === 'refused') {
        tally.refused += 1
        return
      }
      const { version } = prompt('main')
      expect({ body, said: told(here(version, prompt('rules').version, input)) }).toEqual({
        body,
        said: told(wanted),
      })
      tally.same += 1
    }),
    { seed: 106, numRuns: 600 },
  )
  expect(tally.same).toBeGreaterThan(350)
})

it('reads Picoschema as dotprompt does', async () => {
  const schema = `
  a: string, what it is
  b?: integer
  c(array, some of them): string
  d?(array):
    e: boolean
    f?: number, a share
  g(enum, one of them): [ONE, TWO]
  h(object):
    (*): any
  i: any, whatever
`
  const source = `---\noutput:\n  schema:${schema.replaceAll('\n', '\n  ')}\n---\nAnswer.`
  const { output } = await new Dotprompt().renderMetadata(source)
  const { version } = readAll([file('a.prompt', source)]).prompt('a')
  const answer = version.config?.['response_format']
  expect(answer).toMatchObject({ json_schema: { schema: JSON.parse(JSON.stringify(output?.schema)) } })
})

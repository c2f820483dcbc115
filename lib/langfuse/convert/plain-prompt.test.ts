import { describe, expect, it } from 'vitest'
import type { IncludedPrompt, IncludeTree } from '../../liquid/types.ts'
import type { PromptContent } from '../../prompts/content/content.ts'
import { plainPrompt } from './plain-prompt.ts'

const text = (template_content: string): PromptContent => ({ kind: 'text', template_content })

function included(source: string, more: Partial<IncludedPrompt> = {}): IncludedPrompt {
  return { name: 'other', version: 1, text: source, variables: [], includes: new Map(), ...more }
}

const LIMITS = { work: 1_000_000, output: 100_000 }

function read(content: PromptContent | string, includes: IncludeTree = new Map()) {
  return plainPrompt(typeof content === 'string' ? text(content) : content, includes, LIMITS)
}

/** The codes, the lines and the words of what cannot be said. */
const faultsOf = (content: PromptContent | string, includes?: IncludeTree) =>
  read(content, includes).problems.map(({ code, range }) => [code.replace('langfuse_', ''), range?.line])

describe('a text for Langfuse', () => {
  it.each([
    ['Hello {{ who }}, {{who}}!', 'Hello {{who}}, {{who}}!'],
    ['{"a": {{ json }}}', '{"a": {{json}}}'],
    ['a {{- b -}} c', 'a{{b}}c'],
    ['a {% comment %} no {% endcomment %}b', 'a b'],
    ['{% raw %}{ single }{% endraw %}', '{ single }'],
    ['{{ "as it is" }} {{ 3 }}', 'as it is 3'],
    ['<b>&amp;</b>', '<b>&amp;</b>'],
  ])('%s is %s', (source, expected) => {
    expect(read(source)).toEqual({ content: { type: 'text', prompt: expected }, problems: [] })
  })

  it.each([
    ['a\n{{ b | upcase }}', [['filter', 2]]],
    ['a\n\n{% if b %}c{% endif %}', [['tag', 3]]],
    ['{% for a in b %}{{ a }}{% endfor %}', [['tag', 1]]],
    [
      '{% case a %}{% when 1 %}{% endcase %}{% assign x = 1 %}',
      [
        ['tag', 1],
        ['tag', 1],
      ],
    ],
    [
      '{{ a.b }}\n{{ c[0] }}',
      [
        ['expression', 1],
        ['expression', 2],
      ],
    ],
    ['a\n{% raw %}{{ x }}{% endraw %}', [['braces', 2]]],
    ['{% raw %}{{% endraw %}{{ a }}', [['braces', 1]]],
  ] as const)('%j cannot be said', (source, expected) => expect(faultsOf(source)).toEqual(expected))

  it('says what to do', () => {
    const [problem] = read('{{ a | upcase }}').problems
    expect(problem).toMatchObject({ path: ['template_content'], hint: expect.stringContaining('render') })
  })

  it('is a literal one as it is, while it has no double braces', () => {
    expect(read({ ...text('{a} {% b'), format: 'text' }).content).toMatchObject({ prompt: '{a} {% b' })
    expect(faultsOf({ ...text('a\n{{ b }}'), format: 'text' })).toEqual([['braces', 2]])
  })
})

describe('what a text includes', () => {
  const tone = included('Be {{ mood }}, {{ how }}. {{ left_out }}', {
    variables: [
      { name: 'mood', type: 'string', required: true },
      { name: 'how', type: 'string', required: false, default: 'always' },
      { name: 'left_out', type: 'string', required: false },
    ],
  })
  const includes = new Map([['tone', tone]])

  it('is written out, with what is passed in the place of its names', () => {
    expect(read('{% render "tone", mood: feeling %}!', includes).content).toMatchObject({
      prompt: 'Be {{feeling}}, always. !',
    })
    expect(read('{% render "tone", mood: "kind", how: 2 %}!', includes).content).toMatchObject({
      prompt: 'Be kind, 2. !',
    })
  })

  it('is written out through several texts', () => {
    const outer = included('[{% render "tone", mood: name, how: name %}]', {
      variables: [{ name: 'name', type: 'string', required: true }],
      includes,
    })
    const { content, problems } = read('{% render "outer", name: a %}', new Map([['outer', outer]]))
    expect(problems).toEqual([])
    expect(content).toMatchObject({ prompt: '[Be {{a}}, {{a}}. ]' })
  })

  it.each([
    ['output_limit', 'ha'.repeat(100)],
    ['work_limit', ''],
  ])('is refused with %s where texts that include each other many times become too large', (code, last) => {
    const many = (includes: IncludeTree) => included('{% render "b" %}'.repeat(100), { includes })
    let tree: IncludeTree = new Map([['b', included(last)]])
    for (let depth = 0; depth < 4; depth++) tree = new Map([['b', many(tree)]])
    const { problems } = read('{% render "b" %}', tree)
    expect(problems).toMatchObject([{ code: `langfuse_${code}`, hint: expect.stringContaining('less') }])
  })

  it('is refused at the place that includes it', () => {
    const filtered = new Map([['x', included('{{ a | upcase }}')]])
    expect(faultsOf('1\n{% render "x" %}', filtered)).toEqual([['filter', 2]])
    expect(faultsOf('{% render "tone" for list as mood %}', includes)).toEqual([['include', 1]])
    expect(faultsOf('{% render "tone", mood: a.b %}', includes)).toEqual([['include', 1]])
    expect(faultsOf('{% render "tone", mood: "{{" %}', includes)).toEqual([['braces', 1]])
  })
})

describe('a chat for Langfuse', () => {
  it('has its messages and placeholders', () => {
    const { content, problems } = read({
      kind: 'chat',
      messages: [
        { role: 'system', content: 'You are {{ who }}.' },
        { type: 'placeholder', name: 'history' },
        {
          role: 'user',
          content: [
            { type: 'text', text: '{{ a }}' },
            { type: 'text', text: 'b' },
          ],
        },
      ],
    })
    expect(problems).toEqual([])
    expect(content).toEqual({
      type: 'chat',
      prompt: [
        { type: 'chatmessage', role: 'system', content: 'You are {{who}}.' },
        { type: 'placeholder', name: 'history' },
        { type: 'chatmessage', role: 'user', content: '{{a}}\nb' },
      ],
    })
  })

  it('is refused with the place of a picture', () => {
    const { problems } = read({
      kind: 'chat',
      messages: [{ role: 'user', content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }] }],
    })
    expect(problems).toMatchObject([{ path: ['messages', 0, 'content', 0], code: 'langfuse_part' }])
  })
})

import { describe, expect, it } from 'vitest'
import { file, fixtures, readAll } from './testing.ts'

describe('dotprompt', () => {
  const read = readAll(fixtures('dotprompt'))

  it('reads roles, Picoschema, defaults, the model and the form of the answer', () => {
    const { version, notes } = read.prompt('menu')
    expect(version.messages?.map((message) => ('role' in message ? message.role : message.type))).toEqual([
      'system',
      'user',
    ])
    expect(version.variables).toMatchObject([
      { name: 'season', type: 'string', required: true, description: 'the time of the year' },
      { name: 'guests', type: 'integer', default: 4, required: false },
      { name: 'diet', type: 'enum', enum: ['VEGAN', 'VEGETARIAN', 'ALL'], required: false },
      { name: 'dishes', type: 'array', required: true },
    ])
    expect(version.config).toMatchObject({
      model: 'googleai/gemini-2.5-flash',
      temperature: 0.4,
      max_tokens: 512,
      stop: ['END'],
      dotprompt: { topK: 20 },
      response_format: {
        type: 'json_schema',
        json_schema: {
          schema: { properties: { courses: { type: 'array', items: { required: ['name'] } } } },
        },
      },
    })
    expect(notes).toEqual([])
  })

  it('puts partials in by their names and keeps them as prompts', () => {
    expect(JSON.stringify(read.prompt('menu').version.messages)).toContain('{% render \\"house_rules\\"')
    expect(read.prompt('house_rules').version.template_content).toBe('Never name a shop.\n')
  })

  it('makes the history a place for messages, and marks that were rendered already roles', () => {
    expect(read.prompt('talk').version.messages?.at(-1)).toEqual({
      type: 'placeholder',
      name: 'history',
      required: false,
    })
    const [first, second] = read.prompt('marked').version.messages ?? []
    expect([first, second]).toMatchObject([{ role: 'user' }, { role: 'assistant' }])
  })

  it('reads a file without front matter, and YAML with a text for each role', () => {
    expect(read.prompt('plain').version.template_content).toContain('Say hello to {{ name }}')
    const { version } = read.prompt('sheet-of-roles')
    expect(version.variables).toMatchObject([
      { name: 'topic', default: 'tides' },
      { name: 'style', required: false },
    ])
  })

  it('makes examples of such YAML messages, and takes the form of its answer', () => {
    const text = `config:
  output:
    schema: {type: object, properties: {a: {type: string}}}
prompts:
  system: You know.
  user: Tell of {{ topic }}
fewShots:
  - {user: "What is {{ it }}?", response: A sign}
`
    const { version } = readAll([file('shots.prompt', text)]).prompt('shots')
    expect(version.messages).toEqual([
      { role: 'system', content: 'You know.' },
      {
        role: 'user',
        content: 'What is {% raw %}{{ it }}{% endraw %}?'
          .replace('What is {% raw %}', '{% raw %}What is ')
          .replace('{% endraw %}?', '?{% endraw %}'),
      },
      { role: 'assistant', content: 'A sign' },
      { role: 'user', content: 'Tell of {{ topic }}' },
    ])
    expect(version.config).toMatchObject({ response_format: { type: 'json_schema' } })
  })

  it('trims a text below a head, and says what is elsewhere', () => {
    const text = '---\noutput:\n  schema: Dish\n---\n\n  Name a dish of {{country}}.\n\n'
    const { version, notes } = readAll([file('dish.prompt', text)]).prompt('dish')
    expect(version.template_content).toBe('Name a dish of {{ country }}.')
    expect(notes).toEqual([
      { line: 3, message: expect.stringContaining('"Dish" of its answer is elsewhere') },
    ])
  })

  it('refuses broken YAML with its line', () => {
    expect(read.refused('broken').notes).toMatchObject([{ line: 4 }])
  })
})

describe('Prompty', () => {
  const read = readAll(fixtures('prompty'))

  it('puts layouts together, keeps tools that are no list, and names what is in other files', () => {
    const own = readAll([
      file('base.prompty', '---\nname: base\n---\nJudge {{ it }}.\n{% block how %}{% endblock %}\n'),
      file(
        'short.prompty',
        '---\nname: short\ntools:\n  find: {type: function}\ninputSchema: ${file:in.json}\n---\n{% extends "base.prompty" %}{% block how %}In a word.{% endblock %}\n',
      ),
    ])
    const { version, notes } = own.prompt('short')
    expect(version.template_content).toBe('Judge {{ it }}.\nIn a word.')
    expect(version.config).toEqual({ prompty: { tools: { find: { type: 'function' } } } })
    expect(notes).toMatchObject([{ message: expect.stringContaining('${file:in.json}') }])
  })

  it('knows a talk whose messages say their type, and a model among its parameters', () => {
    const text =
      '---\nname: a\nmodel:\n  parameters: {model_id: gpt-4o, temperature: 0}\ntemplate: mustache\n---\nsystem:\nHelp.\n\n{{#past}}\n{{type}}:\n{{content}}\n{{/past}}\n\nuser:\n{{q}}\n'
    const { version, notes } = readAll([file('a.prompty', text)]).prompt('a')
    expect(version.messages).toMatchObject([
      { role: 'system', content: 'Help.' },
      { type: 'placeholder', name: 'past' },
      { role: 'user', content: '{{ q }}' },
    ])
    expect(version.config).toEqual({ model: 'gpt-4o', temperature: 0 })
    expect(notes).toMatchObject([{ line: 10, message: expect.stringContaining('loop over past') }])
  })

  it('takes what is declared as an object for a list, where the text loops over it', () => {
    const text =
      '---\nname: a\ninputs:\n  papers:\n    type: object\n---\n{% for each in papers %}{{ each.title }}{% endfor %}'
    expect(readAll([file('a.prompty', text)]).prompt('a').version.variables).toMatchObject([
      { name: 'papers', type: 'array' },
    ])
  })

  it('asks for the form of an answer that the model is told, and keeps what else is said of it', () => {
    const text =
      '---\nname: a\nmodel:\n  parameters:\n    response_format: {type: json_object}\noutputs:\n  b: {type: string}\n---\nAnswer.'
    expect(readAll([file('a.prompty', text)]).prompt('a').version.config).toMatchObject({
      response_format: { type: 'json_object' },
      prompty: { outputs: { type: 'json_schema' } },
    })
  })

  it('splits roles, makes the loop over the talk a place for messages, and keeps no key', () => {
    const { version, notes, tags } = read.prompt('Support Answer')
    expect(version.messages).toMatchObject([
      { role: 'system' },
      { type: 'placeholder', name: 'chat_history', required: false },
      { role: 'user', content: '{{ question }}' },
    ])
    expect(version.variables).toMatchObject([
      { name: 'firstName', example: 'Ada' },
      { name: 'question', description: 'What is asked', example: 'Where is my parcel?' },
      { name: 'notes', type: 'array' },
    ])
    expect(version.config).toMatchObject({
      model: 'gpt-4o',
      temperature: 0.2,
      max_tokens: 300,
      tools: [{ type: 'function' }],
    })
    expect(JSON.stringify(version.config)).not.toContain('abc123')
    expect(notes.map(({ message }) => message)).toContain(
      'configuration.api_key is a secret, or looks like one; it is left out',
    )
    expect(tags).toEqual(['support', 'chat'])
  })

  it('reads the second form: lists of inputs and outputs, threads, Mustache', () => {
    const { version, tags } = read.prompt('second-form')
    expect(version.messages).toMatchObject([
      { role: 'system' },
      { type: 'placeholder', name: 'conversation' },
      { role: 'user' },
    ])
    expect(version.variables).toMatchObject([{ name: 'city', default: 'Oslo' }, { name: 'detail' }])
    expect(version.config).toMatchObject({
      model: 'gpt-4.1',
      max_tokens: 100,
      response_format: { type: 'json_schema' },
    })
    expect(tags).toEqual(['v2', 'weather'])
  })

  it('takes a text without roles as one, and a plain value of an input as an example', () => {
    const { version } = read.prompt('Instructions alone')
    expect(version).toMatchObject({
      template_content: 'You are a guide for {{ name }}.',
      config: { model: 'gpt-4o-mini' },
    })
    expect(version.variables).toMatchObject([{ name: 'name', example: 'Jane', required: true }])
  })

  it('keeps roles as lines where a condition spans several messages, and says so', () => {
    const { version, notes } = read.prompt('spanning')
    expect(version.template_content).toMatch(/\{%-? if formal %\}/)
    expect(notes.at(-1)?.message).toContain('spans several messages')
  })

  it('tells the line of what cannot be said, in the file', () => {
    const text = '---\nname: bad-tag\n---\nsystem:\nYou help.\n\nuser:\n{% frobnicate %}\n'
    expect(readAll([file('a.prompty', text)]).refused('bad-tag').notes[0]?.line).toBe(8)
  })

  it('refuses broken YAML with its line', () => {
    expect(read.refused('broken').notes).toMatchObject([{ line: 2 }])
  })
})

describe('GitHub Models', () => {
  const read = readAll(fixtures('github-models'))

  it('reads messages, parameters and the schema of the answer, and keeps test data', () => {
    const { version, notes } = read.prompt('Summary Maker')
    expect(version.variables).toMatchObject([{ name: 'input', required: true }])
    expect(version.config).toMatchObject({
      model: 'openai/gpt-4o-mini',
      temperature: 0.5,
      max_tokens: 200,
      response_format: { json_schema: { name: 'summary', strict: true } },
      'github-models': { testData: [{}], evaluators: [{}] },
    })
    expect(notes).toMatchObject([{ line: 16 }])
  })

  it('refuses broken YAML with its line', () => {
    expect(read.refused('broken').notes).toMatchObject([{ line: 4 }])
  })
})

describe('Semantic Kernel', () => {
  const read = readAll(fixtures('semantic-kernel'))

  it('reads a folder: the name and the category are those of its folders', () => {
    const { version, category } = read.prompt('Polite')
    expect(category).toBe('Letters')
    expect(version.variables).toMatchObject([
      { name: 'input', default: '', required: false, description: 'What it is about' },
      { name: 'name', required: true },
      { name: 'history' },
    ])
    expect(version.config).toEqual({
      max_tokens: 800,
      temperature: 0.9,
      top_p: 0.5,
      'semantic-kernel': { presence_penalty: 0 },
    })
  })

  it.each([
    ['ShopChat', ['system', 'placeholder']],
    ['LiquidChat', ['system', 'placeholder', 'user']],
  ])(
    'makes the marks of messages in %s messages, and the loop over a talk a place for them',
    (name, kinds) => {
      const { version } = read.prompt(name)
      expect(version.messages?.map((message) => ('role' in message ? message.role : message.type))).toEqual(
        kinds,
      )
    },
  )

  it('reads YAML with settings by service, and agents', () => {
    expect(read.prompt('TellStory').version).toMatchObject({
      config: { temperature: 0.5 },
      variables: [{ name: 'topic' }, { name: 'length', default: 3 }],
    })
    expect(read.prompt('Parrot').version).toMatchObject({
      template_content: 'Repeat the words of the user like {{ who }}.',
      config: { model: 'gpt-4o' },
    })
  })

  it('makes the results of functions variables, and says so with the line of the file', () => {
    const { version, notes } = read.prompt('Calls')
    expect(version.template_content).toBe('Today is {{ time_Now }}.\nSay {{ input }}.\n')
    expect(notes).toMatchObject([{ line: 3, message: expect.stringContaining('time_Now') }])
  })

  it('knows messages that are blocks of Handlebars', () => {
    const text = `name: Guide
template: |
  {{#message role="system"}}
  You guide {{guest}}.
  {{/message}}
  {{#each history}}
  {{#message role=role}}{{~content~}}{{/message}}
  {{/each}}
  {{#message role="user"}}{{question}}{{/message}}
template_format: handlebars
`
    expect(readAll([file('guide.yaml', text)]).prompt('Guide').version.messages).toEqual([
      { role: 'system', content: 'You guide {{ guest }}.' },
      { type: 'placeholder', name: 'history', required: false },
      { role: 'user', content: '{{ question }}' },
    ])
  })

  it('does not tell capitals from small letters in names', () => {
    const { version } = readAll([
      file('Notes/Ask/skprompt.txt', 'Answer {{$QUESTION}}.'),
      file(
        'Notes/Ask/config.json',
        '{"schema": 1, "input_variables": [{"name": "question", "description": "What is asked"}]}',
      ),
    ]).prompt('Ask')
    expect(version.template_content).toBe('Answer {{ question }}.')
    expect(version.variables).toMatchObject([{ name: 'question', description: 'What is asked' }])
  })
})

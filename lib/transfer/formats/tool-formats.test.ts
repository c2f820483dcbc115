import { describe, expect, it } from 'vitest'
import { file, fixtures, readAll } from './testing.ts'

describe('LangChain and LangSmith', () => {
  const read = readAll(fixtures('langchain'))

  it('reads a chain of a prompt and a model, literal messages literally, partial values as defaults', () => {
    const { version } = read.prompt('team-answer')
    expect(version.messages).toMatchObject([
      { role: 'system', content: 'You are {{ tone }}. Answer as {"a": 1}.' },
      { type: 'placeholder', name: 'chat_history', required: false },
      { role: 'assistant', content: 'I say {this}.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: '{{ question }}' },
          { type: 'resource_link', uri: '{{ photo }}' },
        ],
      },
    ])
    expect(version.variables).toContainEqual(expect.objectContaining({ name: 'tone', default: 'kind' }))
    expect(version.config).toMatchObject({
      model: 'gpt-4o',
      temperature: 0.3,
      tools: [{}],
      langchain: { top_k: 3 },
    })
    expect(JSON.stringify(version.config)).not.toContain('API_KEY')
  })

  it('reads the oldest files, which have no type, and templates in files of their own', () => {
    expect(read.prompt('qa').version.template_content).toBe(
      'Use the context to answer.\n\n{{ context }}\n\nQuestion: {{ question }}\nAnswer as {"answer": 1}:',
    )
    expect(read.prompt('typed').version.template_content).toMatch(/^Hello \{\{ name \}\}/)
  })

  it('writes examples into the text', () => {
    expect(read.prompt('few_shot').version.template_content).toBe(
      'Write antonyms.\n\nInput: happy\nOutput: sad\n\nInput: {tall}\nOutput: short\n\nInput: {{ adjective }}\nOutput:',
    )
  })

  it('refuses examples that are chosen while it runs', () => {
    const value = {
      lc: 1,
      type: 'constructor',
      id: ['langchain', 'prompts', 'few_shot', 'FewShotPromptTemplate'],
      kwargs: {},
    }
    const { refused } = readAll([file('chosen.json', JSON.stringify(value))])
    expect(refused('chosen').notes[0]?.message).toContain('examples')
  })
})

describe('Langfuse', () => {
  const read = readAll(fixtures('langfuse'))

  it('joins versions, the oldest first, with labels and messages; "latest" is none', () => {
    const { versions, tags, category } = read.prompt('mail/reply')
    expect(versions).toMatchObject([
      { message: 'First', labels: [] },
      { message: 'With a tone', labels: ['production'], config: { model: 'gpt-4o' } },
    ])
    expect({ tags, category }).toEqual({ tags: ['mail'], category: 'mail' })
  })

  it('passes on what a prompt that is put in uses', () => {
    expect(read.prompt('mail/reply').version.template_content).toBe(
      '{% render "tone", mood: mood %}\nReply to {{ mail }} as {"a": 1}.',
    )
  })

  it('reads places for messages, and names a label that is not allowed', () => {
    const { version, notes } = read.prompt('talk')
    expect(version.messages?.[1]).toEqual({ type: 'placeholder', name: 'chat_history' })
    expect(notes[0]?.message).toContain('Bad Label')
  })

  it('refuses a list that has names alone', () => {
    expect(read.refused('only-names').notes[0]?.message).toContain('import by address')
  })
})

describe('OpenAI', () => {
  const read = readAll(fixtures('openai'))

  it('reads a prompt object: instructions and developers are the system, values of variables are examples', () => {
    const { version } = read.prompt('Billing help')
    expect(version.messages).toMatchObject([
      { role: 'system', content: 'You answer for {{ company }}.' },
      { role: 'system', content: 'Be short.' },
      {
        role: 'user',
        content: [{ type: 'text' }, { type: 'resource_link', uri: 'https://example.com/a.png' }],
      },
    ])
    expect(version.variables).toMatchObject([{ name: 'company', example: 'Acme' }, { name: 'issue' }])
    expect(version.config).toMatchObject({
      model: 'gpt-4.1',
      max_tokens: 2048,
      response_format: { type: 'json_schema' },
      openai: { id: 'pmpt_123', reasoning: { effort: 'low' } },
    })
  })

  it('keeps the texts of a response, whose variables are filled in, literal', () => {
    const { version, notes } = read.prompt('response')
    expect(version).toMatchObject({ format: 'text', config: { openai: { id: 'pmpt_9' } } })
    expect(notes.at(-1)?.message).toContain('filled in already')
  })

  it('refuses a mere reference and says where the text is', () => {
    expect(read.refused('reference').notes[0]?.message).toContain('pmpt_77')
  })

  it('reads requests and lists of messages, and names those that a prompt does not have', () => {
    expect(read.prompt('chat').version.config).toMatchObject({ response_format: { type: 'json_object' } })
    const { version, notes } = read.prompt('messages')
    expect(version.messages).toHaveLength(2)
    expect(notes).toMatchObject([{ line: 5, message: expect.stringContaining('tool') }])
  })
})

describe('prompts of an MCP server', () => {
  it('reads those with messages and refuses mere listings', () => {
    const read = readAll(fixtures('mcp'))
    expect(read.prompt('greet').version.messages).toEqual([{ role: 'user', content: 'Hello {{ who }}' }])
    expect(read.refused('review').notes[0]?.message).toContain('import by the address')
  })
})

describe('promptfoo', () => {
  const read = readAll(fixtures('promptfoo'))

  it('reads inline texts, files with several, patterns, and messages with texts in files', () => {
    expect(read.prompt('Compare greetings-1').version.template_content).toBe(
      'Greet {{ name }} in {{ language }}.',
    )
    expect(read.prompt('two-1').version.template_content).toBe('First: {{ topic }}')
    expect(read.prompt('two-2').version.template_content).toContain('{% if ')
    expect(read.prompt('Mixed').version.messages).toMatchObject([
      { content: expect.stringContaining('You speak {{ language }}.') },
      { content: 'Say it {{ how | upcase }}' },
    ])
    expect(read.prompt('Raw chat').version.messages).toMatchObject([
      { role: 'system' },
      { role: 'user', content: '{{ name }}' },
    ])
  })

  it('reads JSON that is JSON only once it is rendered', () => {
    expect(read.prompt('chat').version.messages).toEqual([
      { type: 'placeholder', name: 'conversation' },
      { role: 'user', content: '{{ question }}' },
    ])
  })

  it('makes any loop that writes messages a place for them, and reads templates of JSON and parts', () => {
    const history = read.prompt('nested')
    expect(history.version.messages).toMatchObject([
      { role: 'system', content: '{{ rules }}' },
      { type: 'placeholder', name: 'earlier' },
      { role: 'user' },
    ])
    expect(history.notes).toMatchObject([{ message: expect.stringContaining('loop over earlier') }])
    expect(read.prompt('parts').version.messages).toEqual([
      { role: 'user', content: 'Ask {{ what }}' },
      { role: 'assistant', content: 'Told.' },
    ])
  })

  it('refuses messages that programs write or that are not there, each by its number', () => {
    const config = `prompts:
  - label: Odd
    messages:
      - role: system
        content: file://make.js
      - role: user
        content: file://gone.txt
providers: [echo]
`
    const { notes } = readAll([file('promptfooconfig.yaml', config), file('make.js', 'x')]).refused('Odd')
    expect(notes).toEqual([
      { line: 4, message: expect.stringContaining('Message 1: file://make.js is a program') },
      { line: 6, message: expect.stringContaining('Message 2: file://gone.txt is not among') },
    ])
  })

  it('takes the first model as the hint, and names tests, programs and files that are not there', () => {
    const { version, notes } = read.prompt('Compare greetings-1')
    expect(version.config).toMatchObject({
      model: 'gpt-4o-mini',
      promptfoo: { providers: ['openai:chat:gpt-4o-mini', 'anthropic:messages:claude-sonnet-4-5'] },
    })
    expect(notes.at(-1)?.message).toContain('tests (1) do not come along')
    expect(read.refused('Gone').notes).toMatchObject([
      { line: 7, message: expect.stringContaining('gone.txt') },
    ])
    expect(read.refused('Compare greetings-5').notes).toMatchObject([
      { line: 9, message: expect.stringContaining('program') },
    ])
    expect(read.unread).toEqual([])
  })
})

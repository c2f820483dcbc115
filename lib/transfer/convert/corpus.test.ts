import Handlebars from 'handlebars'
import mustache from 'mustache'
import nunjucks from 'nunjucks'
import { expect, it } from 'vitest'
import { convert, type SourceLanguage } from './convert.ts'
import { rendered, type Values } from './testing.ts'

/* Texts of our own in the style of prompts that people keep, each with what it is rendered with. */

interface Sample {
  language: SourceLanguage
  text: string
  values: Values
  /** What it renders; left out where the engine of its language says so. */
  wanted?: string
}

const engine = new nunjucks.Environment(null, { autoescape: false })
Handlebars.registerHelper({
  eq: (one: unknown, other: unknown) => one === other,
  json: (of: unknown) => JSON.stringify(of),
})

const ENGINES: Partial<Record<SourceLanguage, (text: string, values: Values) => string>> = {
  handlebars: (text, values) => Handlebars.compile(text, { noEscape: true })(values),
  mustache: (text, values) => mustache.render(text, values, {}, { escape: String }),
  nunjucks: (text, values) => engine.renderString(text, values),
}

const SAMPLES: readonly Sample[] = [
  {
    language: 'none',
    text: '# IDENTITY and PURPOSE\n\nYou sort notes. Keep `{{ braces }}` and {single} ones.\n\n# INPUT:\n\nINPUT:\n',
    values: {},
    wanted:
      '# IDENTITY and PURPOSE\n\nYou sort notes. Keep `{{ braces }}` and {single} ones.\n\n# INPUT:\n\nINPUT:\n',
  },
  {
    language: 'double-braces',
    text: '# STEPS\n\n- Translate into {{lang_code}}.\n\n# INPUT\n\n{{input}}\n',
    values: { lang_code: 'fr', input: 'Hi' },
    wanted: '# STEPS\n\n- Translate into fr.\n\n# INPUT\n\nHi\n',
  },
  {
    language: 'f-string',
    text: 'Use the context to answer.\n\nContext: {context}\n\nQuestion: {question}\nAnswer as {{"answer": "..."}}:',
    values: { context: 'C', question: 'Q?' },
    wanted: 'Use the context to answer.\n\nContext: C\n\nQuestion: Q?\nAnswer as {"answer": "..."}:',
  },
  {
    language: 'f-string',
    text: 'You have access to these tools:\n\n{tools}\n\nAction: one of [{tool_names}]\n{agent_scratchpad}',
    values: { tools: 'search', tool_names: 'search', agent_scratchpad: '' },
    wanted: 'You have access to these tools:\n\nsearch\n\nAction: one of [search]\n',
  },
  {
    language: 'semantic-kernel',
    text: 'SUMMARIZE IN {{$style}} STYLE\n+++++\n{{$input}}\n+++++\n',
    values: { style: 'short', input: 'text' },
    wanted: 'SUMMARIZE IN short STYLE\n+++++\ntext\n+++++\n',
  },
  {
    language: 'handlebars',
    text: 'You are {{persona}}.\n\n{{#if examples}}\n## Examples\n{{#each examples}}\n{{@index}}. {{this.input}} -> {{this.output}}\n{{/each}}\n{{/if}}\n\n{{#unless quiet}}\nBe friendly.\n{{/unless}}\n{{json schema}}\n',
    values: {
      persona: 'a clerk',
      examples: [{ input: 'a', output: 'b' }],
      quiet: false,
      schema: { type: 'x' },
    },
  },
  {
    language: 'handlebars',
    text: '{{#each messages}}\n{{#if (eq role "user")}}\nUser: {{content}}\n{{else if (eq role "tool")}}\nTool: {{content}}\n{{else}}\nBot: {{content}}\n{{/if}}\n{{/each}}\nTopic: {{topic}}',
    values: {
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'bot', content: 'Yo' },
      ],
      topic: 't',
    },
  },
  {
    language: 'handlebars',
    text: '{{!-- for code review --}}\n{{#with repo}}\nRepository {{owner}}/{{name}}\n{{#each files}}\n  - {{path}} ({{../name}})\n{{/each}}\n{{/with}}\n',
    values: { repo: { owner: 'o', name: 'n', files: [{ path: 'a.ts' }] } },
  },
  {
    language: 'mustache',
    text: 'Recipe for {{dish}}\n{{#ingredients}}\n- {{amount}} {{name}}\n{{/ingredients}}\n{{^ingredients}}\nNothing yet.\n{{/ingredients}}\n',
    values: { dish: 'soup', ingredients: [{ amount: 2, name: 'leeks' }] },
  },
  {
    language: 'mustache',
    text: '{{#hasContext}}\nContext: {{context}}\n{{/hasContext}}\nQ: {{question}} {{{context}}}\n',
    values: { hasContext: true, context: 'C & D', question: 'Q' },
  },
  {
    language: 'nunjucks',
    text: '[\n  {"role": "system", "content": "{{ system_message }}"},\n  {% for item in history %}\n  {"role": "{{ item.role }}", "content": {{ item.content | dump }}},\n  {% endfor %}\n  {"role": "user", "content": "{{ question }}"}\n]\n',
    values: { system_message: 'S', history: [{ role: 'user', content: 'a "b"' }], question: 'Q' },
  },
  {
    language: 'nunjucks',
    text: 'Rate {{ output | upper }}{% if rubric %} by {{ rubric }}{% else %} freely{% endif %}. {{ tone or "plain" }}\n',
    values: { output: 'x', rubric: '', tone: '' },
  },
  {
    language: 'jinja2',
    text: 'You help {{ firstName }} {{ lastName }}.\n\n# Documentation\n{% for item in documentation %}\ncatalog: {{ item.id }}\nitem: {{ item.title }}\n{% endfor %}\n\n{{ question }}\n',
    values: { firstName: 'A', lastName: 'B', documentation: [{ id: 1, title: 'T' }], question: 'Q' },
    wanted: 'You help A B.\n\n# Documentation\n\ncatalog: 1\nitem: T\n\n\nQ',
  },
  {
    language: 'jinja2',
    text: '{%- if tools -%}\nTools: {{ tools | join(", ") }}\n{%- else -%}\nNo tools.\n{%- endif %}\n{# end #}\nAnswer in {{ language | default("English") }}.\n',
    values: { tools: ['a', 'b'] },
    wanted: 'Tools: a, b\n\nAnswer in English.',
  },
  {
    language: 'handlebars',
    text: 'Write {{shout title}}.',
    values: { shout_title: 'X' },
    wanted: 'Write X.',
  },
  {
    language: 'semantic-kernel',
    text: '{{TimePlugin.Date}} {{$input}}',
    values: { input: 'x', TimePlugin_Date: 'Monday' },
    wanted: 'Monday x',
  },
  {
    language: 'handlebars',
    text: '{{#each titles}}{{shout this}}{{/each}}',
    values: { titles: ['x'] },
  },
]

it('brings in nearly every text right, and names the rest', () => {
  const outcomes = SAMPLES.map(({ language, text, values, wanted }) => {
    const found = convert(text, language)
    if (!('text' in found)) return 'refused'
    const given = Object.fromEntries(
      found.variables.flatMap(({ name }) => (name in values ? [[name, values[name]]] : [])),
    )
    expect(rendered(found, given)).toBe(wanted ?? ENGINES[language]?.(text, values))
    return 'right'
  })
  const right = outcomes.filter((each) => each === 'right').length
  process.stdout.write(
    `${right} of ${SAMPLES.length} texts come in right, ${SAMPLES.length - right} are refused by name\n`,
  )
  expect(SAMPLES.length - right).toBe(1)
})

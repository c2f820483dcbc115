import type { VersionFields } from '#components/changes/version-fields.ts'

/** A content that a new prompt can begin with. */
export interface Sample {
  id: string
  label: string
  fields: VersionFields
}

const PUBLISH = { prompt: true, tool: false, skill: false }

export const BLANK: VersionFields = {
  content: { kind: 'text', template_content: '' },
  variables: [],
  config: {},
  title: '',
  description: '',
  publish: PUBLISH,
}

export const SAMPLES: readonly Sample[] = [
  { id: 'blank', label: 'Blank', fields: BLANK },
  {
    id: 'text',
    label: 'A text with variables',
    fields: {
      ...BLANK,
      title: 'Summary',
      description: 'Summarises a text for somebody who has a minute.',
      content: {
        kind: 'text',
        template_content: `Summarise the text below for {{ audience }} in at most {{ sentences }} sentences.

<text>
{{ text | strip }}
</text>
{%- if focus != blank %}

Say above all what it means for {{ focus }}.
{%- endif %}
`,
      },
      variables: [
        {
          name: 'text',
          type: 'string',
          required: true,
          description: 'What is summarised.',
          example: 'The library closes at six on Fridays from May on.',
        },
        {
          name: 'audience',
          type: 'string',
          required: true,
          description: 'Who reads it.',
          example: 'visitors',
        },
        { name: 'sentences', type: 'integer', required: false, default: 3, min: 1, max: 10 },
        { name: 'focus', type: 'string', required: false, description: 'What matters most to the reader.' },
      ],
    },
  },
  {
    id: 'chat',
    label: 'A chat',
    fields: {
      ...BLANK,
      title: 'Review of a change',
      description: 'Reviews a change of code and names what has to be mended first.',
      content: {
        kind: 'chat',
        messages: [
          {
            role: 'system',
            content: 'You review code. Name what is wrong, where, and how to mend it. Praise nothing.',
          },
          { role: 'user', content: 'Review this change in {{ language }}:\n\n```\n{{ change }}\n```' },
        ],
      },
      variables: [
        {
          name: 'language',
          type: 'enum',
          required: true,
          enum: ['TypeScript', 'Python', 'SQL'],
          default: 'TypeScript',
        },
        {
          name: 'change',
          type: 'string',
          required: true,
          description: 'The change as a diff.',
          example: '- return a + b\n+ return a - b',
        },
      ],
    },
  },
]
